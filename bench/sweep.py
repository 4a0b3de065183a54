"""How fast sweeps are: 20 stocks, 33 years of daily closes, equal weights; vectorbt and bt beside them in one run."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from bench import seconds
from bench.backtest import bt_monthly, stocks
from keel.backtest.looks import look_mask
from keel.backtest.metrics.table import composing
from keel.backtest.path import simulate
from keel.backtest.provenance import of_sweep
from keel.backtest.run import run
from keel.backtest.sweep.arrays import Scenario
from keel.backtest.sweep.run import run as sweep
from keel.backtest.window import align
from keel.commands.sweep import write
from keel.domain.market.prices import PriceMatrix
from keel.domain.policy.kinds import Absolute, Trigger
from keel.domain.policy.presets import PRESETS
from keel.domain.policy.records import Cadence, Policy, RunSettings
from keel.domain.portfolio.book import Book
from keel.domain.study.grid import parse_grid

FREE = RunSettings(lag=0)
FIVE = Policy(Trigger.band, band=Absolute(500))
TIMES = 7
NOTE = """Keel's time runs from reading the grid to the closed parquet file, its policy column included, on two threads;
the others' from arrays to the wealth path, without output, the better of one and eight policies a call. Before anything
is timed, wealth is checked day by day against vectorbt, and rows of the sweeps against single backtests."""
Grid = dict[str, Any]


def spaced(first: float, last: float, count: int) -> Grid:
    """An axis of that many values."""
    return {"from": first, "to": last, "count": count}


BAND = {"trigger": "band", "band": {"kind": "absolute"}, "lag": 0}
WIDTH, COST = "band.width_bps", "cost_bps"
SWEEPS: dict[str, Grid] = {
    "64 widths × 2,000 costs": {"base": BAND, "axes": {WIDTH: spaced(50, 1000, 64), COST: spaced(0, 50, 2000)}},
    "4,096 widths at one cost": {"base": BAND | {COST: 10}, "axes": {WIDTH: spaced(50, 1000, 4096)}},
    "1,000 widths at one cost": {"base": BAND | {COST: 10}, "axes": {WIDTH: spaced(50, 1000, 1000)}},
    "10,000: 100 widths × 5 looks × 20 costs": {
        "base": BAND,
        "axes": {
            WIDTH: spaced(50, 1000, 100),
            "look": ["daily", "weekly", "monthly", "quarterly", "annual"],
            COST: spaced(0, 50, 20),
        },
    },
    "1,000,000: 500 widths × 2,000 costs": {
        "base": BAND, "axes": {WIDTH: spaced(50, 1000, 500), COST: spaced(0, 50, 2000)},
    },
    "300: 3 destinations × 100 widths, which share no scan": {
        "base": BAND | {COST: 10}, "axes": {"destination": [0.5, 0.875, 1], WIDTH: spaced(50, 1000, 100)},
    },
}  # fmt: skip


def main() -> None:
    """Print a markdown table: policies a second, and how many times vectorbt's cheapest path that is."""
    prices, book = stocks()
    study = Scenario(align(prices, book.symbols), book)
    theirs = rivals(prices, book)
    cheapest = theirs["vectorbt 1.2, monthly (from_orders)"]
    n, k = study.window.closes.shape
    kernel = seconds(lambda: simulate(study.window, book, FIVE, FREE, 0), 41) * 1e3
    print(f"### Sweeps: {k} stocks, {n:,} daily sessions, equal weights, daily looks, lag 0\n")
    print(f"One band backtest takes the warm kernel {kernel:.2f} ms.\n")
    print("| | policies | seconds | policies a second | × vectorbt monthly |")
    print("|---|---:|---:|---:|---:|")
    for name, rate in theirs.items():
        print(f"| {name} | 1 | {1 / rate:.3f} | {rate:,.1f} | {rate / cheapest:,.2f} |")
    for name, grid in SWEEPS.items():
        size = parse_grid(grid).size
        taken = seconds(partial(swept, study, grid, prices), 3 if size > 500_000 else TIMES)
        print(f"| Keel, {name} | {size:,} | {taken:.3f} | {size / taken:,.0f} | {size / taken / cheapest:,.0f} |")
    print(f"\n{NOTE}\n")


def swept(study: Scenario, grid: Grid, prices: PriceMatrix) -> None:
    """The whole of a sweep: from the grid to the file."""
    with tempfile.TemporaryDirectory() as folder:
        parsed = parse_grid(grid)
        write(sweep(study, parsed), str(Path(folder) / "out.parquet"), of_sweep(parsed, [study.window], prices))


def rivals(prices: PriceMatrix, book: Book) -> dict[str, float]:
    """Policies a second of the others; what they find is checked first."""
    single = run(prices, book, {"monthly": PRESETS["monthly"], "band": FIVE}, FREE)
    monthly, band = single[0].wealth, single[1].wealth
    calendar = vectorbt_calendar(prices)
    check("vectorbt monthly", calendar(1), monthly)
    bands = vectorbt_bands(prices)
    check("vectorbt bands", bands(), band)
    check_rows(prices, book)
    by_one, by_eight = seconds(lambda: calendar(1), TIMES), seconds(lambda: calendar(8), 3) / 8
    return {
        "vectorbt 1.2, monthly (from_orders)": 1.0 / min(by_one, by_eight),
        "vectorbt 1.2, bands (from_order_func, compiled)": 1.0 / seconds(bands, TIMES),
        "bt 1.4, monthly": 1.0 / seconds(lambda: bt_monthly(prices), 3),
    }


def check(name: str, theirs: Any, ours: Any) -> None:
    """Raise unless two wealth paths agree on every day."""
    apart = float(np.abs(np.asarray(theirs) / ours - 1.0).max())
    if not apart < 1e-9:
        raise AssertionError(f"{name} differs from Keel by {apart:.1e}.")


def check_rows(prices: PriceMatrix, book: Book) -> None:
    """Raise unless rows of each sweep equal single backtests."""
    study = Scenario(align(prices, book.symbols), book)
    for grid in SWEEPS.values():
        if parse_grid(grid).size > 200_000:
            continue
        table = sweep(study, parse_grid(grid))
        for i in np.linspace(0, len(table) - 1, 3).astype(int).tolist():
            policy, settings = table.policy(i)
            expected = run(prices, book, {"": policy}, settings)[0].metrics
            for name in composing():
                value, found = float(str(expected[name])), table.metric(name)[i]
                if not abs(found - value) <= 1e-9 * max(1.0, abs(value)):
                    raise AssertionError(f"{name} of {table.describe(i)}: {found} instead of {value}.")


def vectorbt_calendar(prices: PriceMatrix) -> Callable[[int], Any]:
    """From a number of equal policies to the wealth of the first: monthly, all in one call."""
    import pandas as pd
    import vectorbt as vbt

    n, k = prices.closes.shape
    looks = look_mask(prices.dates, Cadence.monthly)
    looks[0], looks[-1] = True, False
    size = np.full((n, k), np.nan)
    size[looks] = 1.0 / k

    def work(policies: int) -> Any:
        frame = pd.DataFrame(np.tile(prices.closes, policies), index=pd.DatetimeIndex(prices.dates))
        made = vbt.Portfolio.from_orders(
            frame, size=np.tile(size, policies), size_type="targetpercent", group_by=np.repeat(np.arange(policies), k),
            cash_sharing=True, call_seq="auto", init_cash=1.0,
        )  # fmt: skip
        return made.value().to_numpy().reshape(n, policies)[:, 0]

    return work


def vectorbt_bands(prices: PriceMatrix) -> Callable[[], Any]:
    """The wealth of a 5 pp band looked at every day."""
    import pandas as pd
    import vectorbt as vbt
    from numba import njit
    from vectorbt.portfolio import nb
    from vectorbt.portfolio.enums import Direction, SizeType

    percent, long_only, k = int(SizeType.TargetPercent), int(Direction.LongOnly), prices.closes.shape[1]

    @njit
    def before(c, target, width, size, kinds, sides, scratch):  # type: ignore[no-untyped-def]
        total = c.last_cash[c.group]
        for col in range(c.from_col, c.to_col):
            c.last_val_price[col] = c.close[c.i, col]
            total += c.last_position[col] * c.close[c.i, col]
        act = c.i == 0
        for col in range(c.from_col, c.to_col):
            weight = c.last_position[col] * c.close[c.i, col] / total
            act = act or (c.i < len(c.close) - 1 and abs(weight - target) > width + 1e-9)
        for j in range(c.group_len):
            size[j] = target if act else np.nan
            kinds[j], sides[j] = percent, long_only
        if act:
            nb.sort_call_seq_nb(c, size, kinds, sides, scratch)
        return (size,)

    @njit
    def order(c, size):  # type: ignore[no-untyped-def]
        return nb.order_nb(
            size=size[c.call_seq_now[c.call_idx]], price=c.close[c.i, c.col], size_type=percent, direction=long_only
        )

    frame = pd.DataFrame(prices.closes, index=pd.DatetimeIndex(prices.dates))
    scratch = (np.empty(k), np.empty(k, np.int64), np.empty(k, np.int64), np.empty(k))

    def work() -> Any:
        made = vbt.Portfolio.from_order_func(
            frame, order, pre_segment_func_nb=before, pre_segment_args=(1.0 / k, 0.05, *scratch), group_by=True,
            cash_sharing=True, init_cash=1.0,
        )  # fmt: skip
        return made.value().to_numpy()

    return work


if __name__ == "__main__":
    main()
