"""The chance of a breach within the next month, quarter and year, by bootstrap of what is held.

The returns of all lines are drawn jointly in blocks (the stationary bootstrap), from today's weights on, and nothing is
traded; so a chance is that of the policy being called on, at any close, for the first time.
"""

from __future__ import annotations

from collections.abc import Sequence

from keel.backtest.luck.pool import blocks, pool, usual_block
from keel.backtest.window import Window, to_date
from keel.domain.arrays import Ints
from keel.domain.drift.forecast import (
    HORIZONS,
    Chances,
    Forecast,
    Standing,
    already_out,
    chances,
    first_breach,
    standing,
    steps_of,
)
from keel.domain.drift.report import DriftReport
from keel.domain.market.frequency import session_noun
from keel.domain.market.prices import PriceMatrix
from keel.domain.study.resampling import Resampling

DRAWS = Resampling(draws=2_000)  # a chance of a half is known to one percentage point


def forecast(report: DriftReport, prices: PriceMatrix, how: Resampling = DRAWS) -> Forecast:
    """The chances of each leaf of a report, from the closes up to its day; without enough of them none, and why."""
    now = standing(report)
    of = pool(now.symbols, prices, report.as_of)
    window = of.window
    if window is None:
        return _untold(report, now, how, of.notes)
    steps = tuple(n if n < len(window.dates) else 0 for n in steps_of(window.periods_per_year))
    block = how.block or usual_block(len(of.growth))
    first = first_breach(now, of.growth, blocks(len(of.growth), block, (how.draws, max(steps)), how.seed))
    untold = {now.paths[leaf] for s, leaf in zip(now.symbols, now.leaf, strict=True) if s in of.lacking and leaf >= 0}
    return Forecast(
        by_path=_by_path(report, now, chances(first, steps), untold),
        any=_any(report, first, steps),
        steps=steps,
        frequency=window.frequency,
        first=to_date(window.dates[0]),
        last=to_date(window.dates[-1]),
        returns=len(of.growth),
        block=block,
        draws=how.draws,
        seed=how.seed,
        notes=(*of.notes, *_spacing(window, steps)),
    )


def _by_path(report: DriftReport, now: Standing, told: Sequence[Chances], untold: set[str]) -> dict[str, Chances]:
    """The chances of each leaf: certain where it is out already, unknown where it never calls or nothing is known."""
    out = already_out(report)
    found: dict[str, Chances] = {}
    for leaf, path in enumerate(now.paths):
        if path in out:
            found[path] = (1.0,) * len(HORIZONS)
        elif path in untold or now.still[leaf]:
            found[path] = (None,) * len(HORIZONS)
        else:
            found[path] = told[leaf]
    return found


def _any(report: DriftReport, first: Ints, steps: tuple[int, ...]) -> Chances:
    """The chances that at least one leaf is in breach."""
    if report.rebalance_needed:
        return (1.0,) * len(HORIZONS)
    return chances(first.min(axis=1, keepdims=True), steps)[0]


def _untold(report: DriftReport, now: Standing, how: Resampling, notes: tuple[str, ...]) -> Forecast:
    nothing: Sequence[Chances] = [(None,) * len(HORIZONS)] * len(now.paths)
    some = (1.0 if report.rebalance_needed else None,) * len(HORIZONS)
    by_path = _by_path(report, now, nothing, set())
    return Forecast(by_path, some, (0,) * len(HORIZONS), "", None, None, 0, 0, how.draws, how.seed, notes)


def _spacing(window: Window, steps: tuple[int, ...]) -> tuple[str, ...]:
    """What the frequency and the length of the history do to the horizons."""
    notes = []
    if window.frequency != "daily":
        notes.append(f"The prices are {window.frequency}: a breach between two closes is not seen.")
    untold = [str(sessions) for sessions, n in zip(HORIZONS, steps, strict=True) if not n]
    if untold:
        noun = session_noun(window.frequency)
        known = f"{len(window.dates) - 1} returns, one a {noun}"
        notes.append(f"Nothing is said of {' and '.join(untold)} sessions: the history has {known}.")
    return tuple(notes)
