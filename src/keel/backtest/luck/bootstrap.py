"""The stationary block bootstrap: how a difference between two policies would vary over histories like this one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from math import ceil

import numpy as np

from keel.backtest.luck.outcome import Outcome, outcome
from keel.backtest.metrics import many_paths, table
from keel.backtest.metrics.rates import hurdle
from keel.backtest.metrics.years import elapsed_years
from keel.backtest.parallel import WORKERS, Cancel, Progress, in_order
from keel.backtest.reference import held_at_target
from keel.backtest.window import Window
from keel.domain.arrays import Floats, Ints
from keel.domain.portfolio.book import Book
from keel.domain.study.candidate import Candidate, require
from keel.domain.study.resampling import GIVEN, USUAL, Design, Resampling, require_resampling
from keel.errors import HistoryTooShortError, InputError, PortfolioDepletedError

FEWEST_RETURNS = 24  # two years of months; with fewer there are no blocks to speak of
CONSTANT = 1e-14  # returns that vary less are rounding: they have no dependence to measure
LEAST_RETURNS = 10  # of fewer the dependence cannot be told: the estimate fails below four


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure of policy a less that of policy b.

    ``seen`` on the real prices; ``low``, ``median``, ``high`` over the resampled histories (a percentile interval);
    ``draws`` (d,) every difference, NaN where undefined, ``defined`` of them not; ``otherwise`` the defined ones that
    are 0 or of the other sign than what was seen (all, when nothing was seen); ``p_value`` two-sided, of no difference.
    """

    metric: str
    seen: float | None
    low: float | None
    median: float | None
    high: float | None
    p_value: float | None
    otherwise: int
    defined: int
    draws: Floats


@dataclass(frozen=True, slots=True)
class Confidence:
    """How sure the differences between two policies are.

    ``block`` is the mean length of a block in sessions of a ``frequency``, and ``basis`` what it was chosen from;
    ``draws`` histories were computed of the ``asked``. ``ruined`` of them took everything from a and from b; the
    ``depleted`` that took it from either are in no difference.
    """

    a: str
    b: str
    design: Design
    block: int
    basis: str
    frequency: str
    seed: int
    level: float
    asked: int
    draws: int
    depleted: int
    ruined: tuple[int, int]
    differences: tuple[Difference, ...]

    @property
    def cancelled(self) -> bool:
        """Whether fewer histories were computed than asked for."""
        return self.draws < self.asked

    def of(self, metric: str) -> Difference:
        """The difference of one figure; KeyError when there is none of that name."""
        return {difference.metric: difference for difference in self.differences}[metric]


def confidence(
    window: Window,
    book: Book,
    a: Candidate,
    b: Candidate,
    how: Resampling = USUAL,
    *,
    workers: int = WORKERS,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
) -> Confidence:
    """The differences a − b with their confidence intervals; the seed decides the numbers, the threads do not.

    The window's dates stay, so every look falls on the same day of each history. Raises HistoryTooShortError below 24
    returns, InputError for draws, level or block out of range.
    """
    require(a, b)
    _require_plan(len(window.dates) - 1, how)
    seen = outcome(window, book, a), outcome(window, book, b)
    returns = [one.wealth[1:] / one.wealth[:-1] - 1.0 for one in seen]
    length, basis = (how.block, GIVEN) if how.block else block_length(returns[0] - returns[1], returns[0])
    draw = _paired(window, book, a, b, seen) if how.design is Design.paired else _rerun(window, book, a, b)
    rows = samples(len(window.dates) - 1, length, how.draws, how.seed)
    found = list(in_order(draw, rows, how.draws, workers=workers, progress=progress, cancel=cancel))
    whole = [one.apart for one in found if one.apart is not None]
    apart = np.array(whole) if whole else np.empty((0, len(table.compared())))
    real = seen[0].metrics - seen[1].metrics
    return Confidence(
        a=a.name,
        b=b.name,
        design=how.design,
        block=length,
        basis=basis,
        frequency=window.frequency,
        seed=how.seed,
        level=how.level,
        asked=how.draws,
        draws=len(found),
        depleted=len(found) - len(whole),
        ruined=(sum(one.ruined[0] for one in found), sum(one.ruined[1] for one in found)),
        differences=tuple(
            difference(n, float(real[i]), apart[:, i], how.level) for i, n in enumerate(table.compared())
        ),
    )


def samples(n: int, block: int, draws: int, seed: int) -> Iterator[Ints]:
    """The rows (n,) of each resampled history: blocks of geometric length, mean ``block``, that wrap at the end."""
    from arch.bootstrap import StationaryBootstrap

    source = StationaryBootstrap(block, np.arange(n), seed=np.random.default_rng(seed))
    for data, _ in source.bootstrap(draws):
        yield np.asarray(data[0], dtype=np.int64)


def block_length(apart: Floats, own: Floats) -> tuple[int, str]:
    """The mean block length, rounded up, that suits the dependence of ``apart`` (n,), and what it was chosen from.

    Politis and White (2004), as corrected in 2009. Where the difference is constant, from ``own`` (n,); where that is
    constant too, 1.
    """
    from arch.bootstrap import optimal_block_length

    for series, basis in ((apart, "difference of returns"), (own, "returns of the first policy")):
        if len(series) >= LEAST_RETURNS and float(series.std()) > CONSTANT:
            found = float(optimal_block_length(_sized(series))["stationary"].iloc[0])
            return max(1, ceil(found)) if np.isfinite(found) else 1, basis
    return 1, "constant returns"


def _sized(series: Floats) -> Floats:
    """The series in a unit, a power of two, in which none is above 1: the length stays, and nothing overflows."""
    return np.ldexp(series, -int(np.frexp(np.abs(series).max())[1]))


def history(window: Window, rows: Ints) -> Window:
    """The window with its return rows taken in the order of ``rows`` (n - 1,); dates and first closes stay."""
    growth = window.closes[1:] / window.closes[:-1]
    closes = np.empty_like(window.closes)
    closes[0] = window.closes[0]
    with np.errstate(over="ignore", invalid="ignore", under="ignore"):  # beyond a number: a path of no size, no figures
        np.cumprod(growth[rows], axis=0, out=closes[1:])
        closes[1:] *= window.closes[0]
    return replace(window, closes=closes)


def difference(metric: str, seen: float, draws: Floats, level: float) -> Difference:
    """What the draws (d,) of a difference say of the one that was seen.

    >>> found = difference("cagr", 0.01, np.array([0.02, -0.01, 0.01, 0.03]), 0.5)
    >>> found.otherwise, round(found.median, 9), found.p_value
    (1, 0.015, 0.8)
    """
    known = draws[np.isfinite(draws)]
    n = len(known)
    cuts = np.quantile(known, [(1.0 - level) / 2, 0.5, (1.0 + level) / 2]).tolist() if n else [None] * 3
    above, below = int((known >= 0.0).sum()), int((known <= 0.0).sum())
    return Difference(
        metric=metric,
        seen=seen if np.isfinite(seen) else None,
        low=cuts[0],
        median=cuts[1],
        high=cuts[2],
        p_value=min(1.0, 2.0 * (1 + min(above, below)) / (n + 1)) if n else None,
        otherwise=below if seen > 0.0 else above if seen < 0.0 else n,
        defined=n,
        draws=draws,
    )


@dataclass(frozen=True, slots=True)
class _Draw:
    """One history: the differences (f,), None where it took everything from one of the two, and from which."""

    apart: Floats | None
    ruined: tuple[bool, bool] = (False, False)


def _rerun(window: Window, book: Book, a: Candidate, b: Candidate) -> Callable[[Ints], _Draw]:
    """From rows to the differences of both policies run on that history."""

    def draw(rows: Ints) -> _Draw:
        drawn = history(window, rows)
        reference = held_at_target(drawn, book)
        first, second = (_survivor(drawn, book, one, reference) for one in (a, b))
        if first is None or second is None:
            return _Draw(None, (first is None, second is None))
        return _Draw(first.metrics - second.metrics)

    return draw


def _survivor(window: Window, book: Book, one: Candidate, reference: Floats) -> Outcome | None:
    """The candidate over the window, None when costs or withdrawals take everything."""
    try:
        return outcome(window, book, one, reference)
    except PortfolioDepletedError:
        return None


def _paired(
    window: Window, book: Book, a: Candidate, b: Candidate, seen: tuple[Outcome, Outcome]
) -> Callable[[Ints], _Draw]:
    """From rows to the differences of the two policies' own returns and turnovers in that order."""
    reference = held_at_target(window, book)
    growth = np.array([wealth[1:] / wealth[:-1] for wealth in (seen[0].wealth, seen[1].wealth, reference)])
    traded = np.array([one.traded[1:] for one in seen])
    years = elapsed_years(window.dates)
    rates = [np.broadcast_to(hurdle(window, one.settings), len(window.dates) - 1) for one in (a, b)]

    def draw(rows: Ints) -> _Draw:
        paths = np.ones((3, len(rows) + 1))
        np.cumprod(growth[:, rows], axis=1, out=paths[:, 1:])
        turnover = traded[:, rows].sum(axis=1)
        both = [
            many_paths.metrics(paths[i], paths[2], turnover[i], years, window.periods_per_year, rates[i][rows])
            for i in range(2)
        ]
        return _Draw(both[0] - both[1])

    return draw


def require_returns(returns: int) -> None:
    """Raises HistoryTooShortError when there are too few returns to draw blocks of."""
    if returns < FEWEST_RETURNS:
        raise HistoryTooShortError(
            f"Resampling needs at least {FEWEST_RETURNS} returns; the window has {returns}.",
            hint="Choose a longer window or finer prices.",
        )


def _require_plan(returns: int, how: Resampling) -> None:
    require_returns(returns)
    require_resampling(how)
    if how.block is not None and how.block > returns:
        raise InputError(f"block must be between 1 and the {returns} returns, not {how.block}.", subject="block")
