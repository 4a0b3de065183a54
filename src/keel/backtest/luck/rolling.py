"""Rolling start dates: the difference between two policies had one begun in any other month."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from keel.backtest.looks import period_ends
from keel.backtest.luck.outcome import outcome
from keel.backtest.metrics import table
from keel.backtest.metrics.years import elapsed_years
from keel.backtest.parallel import WORKERS, Cancel, Progress, in_order
from keel.backtest.reference import held_at_target
from keel.backtest.window import Window
from keel.domain.arrays import Days, Floats, Ints
from keel.domain.policy.records import Cadence
from keel.domain.portfolio.book import Book
from keel.domain.study.candidate import Candidate, require
from keel.errors import HistoryTooShortError, InputError

HORIZONS: tuple[int | None, ...] = (5, 10, None)
LEAST_TO_THE_END = 1  # years left for a start to count when one holds to the end


class Leads(NamedTuple):
    """How often a figure was higher, how often lower, and of how many starts."""

    higher: int
    lower: int
    starts: int


@dataclass(frozen=True, slots=True)
class RollingStarts:
    """Two policies begun at the end of every month and held ``horizon`` years, None: to the end of the window.

    ``starts`` and ``ends`` (s,); ``differences`` each figure of a less that of b (s,), NaN where undefined; ``apart``
    how many such stretches the window holds that do not overlap: the evidence is worth that many, not s.
    """

    a: str
    b: str
    horizon: int | None
    starts: Days
    ends: Days
    differences: Mapping[str, Floats]
    apart: float

    def higher(self, metric: str) -> Leads:
        """How often a's figure was higher than b's."""
        known = self.differences[metric][np.isfinite(self.differences[metric])]
        return Leads(int((known > 0.0).sum()), int((known < 0.0).sum()), len(known))


def rolling_starts(
    window: Window,
    book: Book,
    a: Candidate,
    b: Candidate,
    horizons: Sequence[int | None] = HORIZONS,
    *,
    workers: int = WORKERS,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
) -> tuple[RollingStarts, ...]:
    """One record a horizon that fits the window, in their order; each stretch is a backtest of its own.

    Cancelled, the records hold the starts done. Raises HistoryTooShortError when no horizon fits, InputError for one
    that is not positive.
    """
    require(a, b)
    if any(years is not None and years < 1 for years in horizons):
        raise InputError("A horizon is a whole number of years, at least 1.", subject="horizons")
    stretches = [(years, *pair) for years in horizons for pair in _stretches(window.dates, years)]
    if not stretches:
        raise HistoryTooShortError(
            "The window is shorter than every horizon.", hint="Choose a shorter horizon or a longer window."
        )

    def apart(stretch: tuple[int | None, int, int]) -> Floats:
        _, first, last = stretch
        inside = slice(first, last + 1)
        part = replace(window, dates=window.dates[inside], closes=window.closes[inside])
        reference = held_at_target(part, book)
        return outcome(part, book, a, reference).metrics - outcome(part, book, b, reference).metrics

    done = in_order(apart, stretches, len(stretches), workers=workers, progress=progress, cancel=cancel)
    leads = np.array(list(done)).reshape(-1, len(table.compared()))
    kept = stretches[: len(leads)]
    found = []
    for years in dict.fromkeys(horizons):
        rows = [i for i, stretch in enumerate(kept) if stretch[0] == years]
        if rows:
            found.append(_record(window.dates, a, b, years, [kept[i] for i in rows], leads[rows]))
    return tuple(found)


def _record(
    dates: Days,
    a: Candidate,
    b: Candidate,
    years: int | None,
    stretches: Sequence[tuple[int | None, int, int]],
    leads: Floats,
) -> RollingStarts:
    return RollingStarts(
        a=a.name,
        b=b.name,
        horizon=years,
        starts=dates[[first for _, first, _ in stretches]],
        ends=dates[[last for _, _, last in stretches]],
        differences={key: leads[:, i] for i, key in enumerate(table.compared())},
        apart=elapsed_years(dates) / years if years else 1.0,
    )


def _stretches(dates: Days, years: int | None) -> list[tuple[int, int]]:
    """(first, last) session of each stretch: from session 0 and every month's end, over whole calendar years."""
    firsts = np.unique(np.concatenate([[0], np.flatnonzero(period_ends(dates, Cadence.monthly))])).astype(np.int64)
    wanted = _later(dates[firsts], LEAST_TO_THE_END if years is None else years)
    fits = wanted <= dates[-1]
    lasts = np.searchsorted(dates, wanted[fits], side="right") - 1
    if years is None:
        lasts = np.full(int(fits.sum()), len(dates) - 1)
    pairs: list[tuple[int, int]] = list(zip(_list(firsts[fits]), _list(lasts), strict=True))
    return [(first, last) for first, last in pairs if last > first]


def _list(rows: Ints) -> list[int]:
    return [int(row) for row in rows]


def _later(dates: Days, years: int) -> Days:
    """The same day ``years`` later; a month's last day leads to that month's last day."""
    months = dates.astype("datetime64[M]")
    target = months + np.timedelta64(12 * years, "M")
    month_end = (target + np.timedelta64(1, "M")).astype("datetime64[D]") - np.timedelta64(1, "D")
    same = target.astype("datetime64[D]") + (dates.astype("datetime64[D]") - months.astype("datetime64[D]"))
    ends = dates.astype("datetime64[D]") + np.timedelta64(1, "D") == (months + np.timedelta64(1, "M"))
    return np.where(ends, month_end, np.minimum(same, month_end))
