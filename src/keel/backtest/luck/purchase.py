"""The luck of a policy that checks at every session: the day it was bought on, and the width of its bands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

import numpy as np

from keel.backtest.luck.outcome import figures, lag_of
from keel.backtest.luck.spread import Spread, spread
from keel.backtest.metrics import table
from keel.backtest.parallel import WORKERS, Cancel, in_order
from keel.backtest.path import simulate
from keel.backtest.reference import held_at_target
from keel.backtest.window import Window
from keel.domain.arrays import Floats, Ints
from keel.domain.policy.records import Policy
from keel.domain.portfolio.book import Book
from keel.domain.study.candidate import Candidate

DAYS = 50  # other days of purchase
SHARE, LONGEST = 5, 365  # of the window the purchases take at most a fifth, and of the calendar a year
WIDTHS = (0.9, 0.95, 1.0, 1.05, 1.1)  # times the band's own


@dataclass(frozen=True, slots=True)
class Purchases:
    """One policy bought on other sessions, all measured from the last of these on.

    ``sessions`` (o,) of the purchases, the first the window's own; ``values`` each figure (o,), NaN where undefined;
    ``spreads`` over them; ``widths`` the same over bands a tenth narrower to wider, bought on the first, empty without
    a band.
    """

    sessions: Ints
    values: Mapping[str, Floats]
    spreads: Mapping[str, Spread | None]
    widths: Mapping[str, Spread | None]


def purchases(
    window: Window, book: Book, candidate: Candidate, *, workers: int = WORKERS, cancel: Cancel | None = None
) -> Purchases:
    """The candidate bought on its own day and up to 50 others, spread over the first year or fifth of the window.

    Cancelled, it holds the days that were done, at least one.
    """
    n = len(window.dates)
    within = window.dates - window.dates[0] <= np.timedelta64(LONGEST, "D")
    last = max(1, min(int(within.sum()) - 1, n // SHARE))
    sessions = np.unique(np.linspace(0, last, min(DAYS, last) + 1).astype(np.int64))
    reference = held_at_target(_from(window, last), book)

    def at(bought: int, policy: Policy) -> Floats:
        return _measured(_from(window, bought), book, replace(candidate, policy=policy), reference, last - bought)

    own = candidate.policy
    first = at(0, own)
    days = in_order(lambda bought: at(bought, own), sessions[1:].tolist(), last, workers=workers, cancel=cancel)
    rows = np.array([first, *days])
    near = np.array([at(0, policy) for policy in _nearby(own)]).reshape(-1, len(table.compared()))
    return Purchases(sessions[: len(rows)], _columns(rows), _spreads(rows), _spreads(near) if len(near) else {})


def _measured(window: Window, book: Book, one: Candidate, reference: Floats, since: int) -> Floats:
    """The figures (f,) of a candidate from a session of its window on."""
    path = simulate(window, book, one.policy, one.settings, lag_of(window, one.settings))
    later = path.sessions >= max(since, 1)
    wealth = path.wealth[since:] / path.wealth[since]
    return figures(_from(window, since), one.settings, wealth, reference, path.turnover[later])


def _nearby(policy: Policy) -> list[Policy]:
    """The policy with bands a tenth narrower to a tenth wider; none without a band."""
    band = policy.band
    if band is None:
        return []
    widths = [f.name for f in fields(band) if f.name != "kind"]
    scaled = [{name: getattr(band, name) * times for name in widths} for times in WIDTHS]
    return [replace(policy, band=replace(band, **one)) for one in scaled]


def _from(window: Window, session: int) -> Window:
    return replace(window, dates=window.dates[session:], closes=window.closes[session:])


def _columns(rows: Floats) -> dict[str, Floats]:
    return {key: rows[:, i] for i, key in enumerate(table.compared())}


def _spreads(rows: Floats) -> dict[str, Spread | None]:
    return {key: spread(column) for key, column in _columns(rows).items()}
