"""The timing-luck fan: the same policy looked at on every other day it could have been looked at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from keel.backtest.looks import period_length
from keel.backtest.luck.outcome import Outcome, outcome
from keel.backtest.luck.purchase import Purchases, purchases
from keel.backtest.luck.spread import QUARTILES, Spread, spread
from keel.backtest.metrics import table
from keel.backtest.parallel import WORKERS, Cancel, Progress, in_order
from keel.backtest.reference import held_at_target
from keel.backtest.window import Window
from keel.domain.arrays import Days, Floats, Ints
from keel.domain.policy.kinds import TRIGGERS
from keel.domain.policy.records import Policy
from keel.domain.portfolio.book import Book
from keel.domain.study.candidate import Candidate, require

MOST = 520  # offsets that are run; of more, these many evenly spaced
TERMINAL = "terminal_wealth"


@dataclass(frozen=True, slots=True)
class Fan:
    """One policy at all offsets of its look, all bought on session 0.

    ``offsets`` (o,) of the ``length`` that exist; ``values`` each figure and ``terminal_wealth`` (o,), NaN where
    undefined; ``spreads`` over the offsets for which it is defined, None when it is for none. ``band`` (n, 5) lowest,
    quartiles and highest wealth at each date; ``own`` (n,) and ``own_values`` the policy as it stands; ``tranched``
    the same in ``tranches`` parts with its wealth and figures beside, None when the look has a single offset.
    """

    policy: Policy
    length: int
    offsets: Ints
    values: Mapping[str, Floats]
    spreads: Mapping[str, Spread | None]
    dates: Days
    band: Floats
    own: Floats
    own_values: Mapping[str, float | None]
    tranches: int
    tranched: Policy | None
    tranched_wealth: Floats | None
    tranched_values: Mapping[str, float | None]
    cancelled: bool
    frequency: str
    bought: Purchases | None


def fan(
    window: Window,
    book: Book,
    candidate: Candidate,
    *,
    tranches: int = 4,
    most: int = MOST,
    workers: int = WORKERS,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
) -> Fan:
    """The candidate at every offset in [0, length of its look's period), and in tranches.

    A policy that has tranches keeps their number in the comparison; each ray of the fan has one. Of more than ``most``
    offsets that many are run, evenly spaced. A cancelled fan holds the offsets done, at least one.
    """
    require(candidate)
    policy = candidate.policy
    length = offsets_of(window, policy)
    offsets = np.unique(np.linspace(0, length - 1, min(length, most)).astype(np.int64))
    parts = min(policy.tranches if policy.tranches > 1 else tranches, length)
    reference = held_at_target(window, book)

    def at(moved: Policy) -> Outcome:
        return outcome(window, book, replace(candidate, policy=moved), reference)

    rays = [replace(policy, offset=int(offset), tranches=1) for offset in offsets]
    first = at(rays[0])
    rest = in_order(at, rays[1:], len(rays) - 1, workers=workers, progress=progress, cancel=cancel)
    found = [first, *rest]
    tranched = replace(policy, tranches=parts) if parts > 1 else None
    split = at(tranched) if tranched else None
    own = at(policy)
    values = _values(found)
    return Fan(
        policy=policy,
        length=length,
        offsets=offsets[: len(found)],
        values=values,
        spreads={name: spread(column) for name, column in values.items()},
        dates=window.dates,
        band=np.percentile(np.array([o.wealth for o in found]), QUARTILES, axis=0).T,
        own=own.wealth,
        own_values=_single(own),
        tranches=parts,
        tranched=tranched,
        tranched_wealth=split.wealth if split else None,
        tranched_values=_single(split) if split else {},
        cancelled=len(found) < len(offsets),
        frequency=window.frequency,
        bought=purchases(window, book, candidate, workers=workers, cancel=cancel) if length == 1 else None,
    )


def offsets_of(window: Window, policy: Policy) -> int:
    """The number of offsets a policy's look has: the median number of sessions in a period, at most the window's.

    A policy that never trades has one, and so has one that looks at every session.
    """
    if not TRIGGERS[policy.trigger].looks:
        return 1
    length = int(period_length(window.dates, policy.look) + 0.5)
    return max(1, min(length, len(window.dates) - 1))


def _values(found: list[Outcome]) -> dict[str, Floats]:
    rows = np.array([o.metrics for o in found])
    return {TERMINAL: np.array([o.wealth[-1] for o in found])} | {
        key: rows[:, i] for i, key in enumerate(table.compared())
    }


def _single(one: Outcome) -> dict[str, float | None]:
    return {n: float(column[0]) if np.isfinite(column[0]) else None for n, column in _values([one]).items()}
