"""How fast a backtest is: 20 stocks, 33 years of daily closes, equal weights; bt beside it in the same run."""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from bench import seconds
from keel.backtest import warm
from keel.backtest.path import simulate
from keel.backtest.run import run
from keel.backtest.window import align
from keel.domain.market.prices import PriceMatrix
from keel.domain.policy.presets import PRESETS
from keel.domain.policy.records import RunSettings
from keel.domain.portfolio.book import Book
from keel.sources.embedded.sample import load

DATA = Path(__file__).resolve().parents[1] / "data"
SHOWN = ("never", "annual", "monthly", "five_twenty_five", "edge_5pp", "opportunistic")
SETTINGS = RunSettings(lag=0, cost_bps=10)


def main() -> None:
    """Print a markdown table of medians in milliseconds and their ratio to bt's monthly rebalance."""
    prices, book = stocks()
    started = time.perf_counter()
    warm()
    load = (time.perf_counter() - started) * 1e3
    window = align(prices, book.symbols)
    theirs = 1e3 * seconds(lambda: bt_monthly(prices), 3)
    n, k = window.closes.shape
    print(f"### Backtest: {k} instruments, {n:,} daily sessions, 10 bps, lag 0\n")
    print("| policy | simulation, ms | whole run with metrics, ms | bt 1.4 (monthly, no cost) takes |")
    print("|---|---:|---:|---:|")
    for name in SHOWN:
        policy = PRESETS[name]
        core = 1e3 * seconds(partial(simulate, window, book, policy, SETTINGS, 0), 21)
        whole = 1e3 * seconds(partial(run, prices, book, {"": policy}, SETTINGS), 7)
        print(f"| {name} | {core:.2f} | {whole:.1f} | {theirs / whole:,.0f} × as long |")
    print(f"\nbt: {theirs:,.0f} ms. Loading the compiled kernel in a new process: {load:,.0f} ms.")


def stocks() -> tuple[PriceMatrix, Book]:
    """The 20 stocks of the embedded sample and a book of equal weights."""
    everything = load(DATA).prices("stocks_daily")
    prices = PriceMatrix(everything.dates, everything.symbols[:20], everything.closes[:, :20])
    names, k = prices.symbols, 20
    book = Book(names, names, np.full(k, 1.0 / k), names, np.arange(k), np.ones(k), (None,) * k)
    return prices, book


def bt_monthly(prices: PriceMatrix) -> Any:
    """The same book rebalanced monthly by bt."""
    import bt
    import pandas as pd

    frame = pd.DataFrame(prices.closes, index=pd.DatetimeIndex(prices.dates), columns=list(prices.symbols))
    algos = [bt.algos.RunMonthly(run_on_end_of_period=True), bt.algos.SelectAll(), bt.algos.WeighEqually()]
    strategy = bt.Strategy("monthly", [*algos, bt.algos.Rebalance()])
    return bt.run(bt.Backtest(strategy, frame, integer_positions=False, progress_bar=False))


if __name__ == "__main__":
    main()
