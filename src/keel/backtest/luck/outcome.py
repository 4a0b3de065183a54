"""An outcome: one candidate over one window, as little of it as comparing takes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from keel.backtest.metrics import many_paths
from keel.backtest.metrics.rates import hurdle
from keel.backtest.metrics.years import elapsed_years
from keel.backtest.path import simulate
from keel.backtest.reference import held_at_target
from keel.backtest.run import default_lag
from keel.backtest.window import Window
from keel.domain.arrays import Floats
from keel.domain.policy.records import RunSettings
from keel.domain.portfolio.book import Book
from keel.domain.study.candidate import Candidate


@dataclass(frozen=True, slots=True)
class Outcome:
    """One candidate over one window.

    ``wealth`` (n,), ``traded`` (n,) one-way turnover a session, ``metrics`` (f,) those that are compared.
    """

    wealth: Floats
    traded: Floats
    metrics: Floats


def outcome(window: Window, book: Book, candidate: Candidate, reference: Floats | None = None) -> Outcome:
    """The candidate over the window; ``reference`` (n,) saves computing what ``held_at_target`` gives.

    Raises PortfolioDepletedError when costs take everything.
    """
    settings = candidate.settings
    path = simulate(window, book, candidate.policy, settings, lag_of(window, settings))
    traded = np.zeros(len(path.wealth))
    traded[path.sessions] = path.turnover
    beside = held_at_target(window, book) if reference is None else reference
    return Outcome(path.wealth, traded, figures(window, settings, path.wealth, beside, path.turnover))


def lag_of(window: Window, settings: RunSettings) -> int:
    """The sessions from decision to fill, the usual ones of the window's prices where none are set."""
    return default_lag(window.frequency) if settings.lag is None else settings.lag


def figures(window: Window, settings: RunSettings, wealth: Floats, reference: Floats, turnover: Floats) -> Floats:
    """The figures (f,) that are compared: of wealth (n,) and the ``reference`` (n,), ``turnover`` (e,) a trade."""
    return many_paths.metrics(
        wealth,
        reference,
        turnover.sum(),
        elapsed_years(window.dates),
        window.periods_per_year,
        hurdle(window, settings),
    )
