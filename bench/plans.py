"""How fast live portfolios are judged and planned: many at once, one over several accounts, the fewest trades."""

from __future__ import annotations

from datetime import date

import numpy as np

from bench import seconds
from keel.domain.arrays import Floats
from keel.domain.drift.held import by_leaf
from keel.domain.drift.many import Shelf, drift_of_many
from keel.domain.framework.records import Bucket, Framework, Holding
from keel.domain.plan.ask import Ask
from keel.domain.plan.deposits.many import deposits
from keel.domain.plan.limits import Limits
from keel.domain.plan.tradable import Terms, Tradable, tradable
from keel.domain.plan.trade import aims
from keel.domain.plan.waterfill import relative_waterfill
from keel.domain.policy.presets import PRESETS
from keel.domain.portfolio.account import Account, AccountKind
from keel.domain.portfolio.book import book
from keel.domain.portfolio.lots import Lot
from keel.domain.portfolio.position import Position
from keel.optimise.plan.answer import answer
from keel.optimise.plan.fewest import fewest

PORTFOLIOS, HOLDINGS = 10_000, 20
ACCOUNTS, PRODUCTS = 5, 40
TODAY = date(2026, 6, 1)
TIMES = 5
MONTHLY = PRESETS["monthly"]


def main() -> None:
    """Print a markdown table: seconds, and the aims."""
    shelf = many()
    amounts = np.full(PORTFOLIOS, 500.0)
    check(shelf, amounts)
    wide, narrow = several_accounts(), one_account()
    goal = by_leaf(narrow.book, aims(narrow, MONTHLY))
    free = np.ones(len(narrow.symbols), dtype=np.bool_)
    rows = {
        f"drift of {PORTFOLIOS:,} portfolios × {HOLDINGS} holdings": (seconds(lambda: drift_of_many(shelf), TIMES), 1),
        "a deposit for each": (seconds(lambda: deposits(shelf.values, shelf.targets, amounts), TIMES), 5),
        f"a plan over {ACCOUNTS} accounts × {PRODUCTS} holdings": (seconds(lambda: answer(wide, Ask(), MONTHLY), 3), 1),
        f"the fewest trades of {HOLDINGS} holdings": (seconds(lambda: fewest(narrow, goal, Limits(), free), 3), 3),
    }
    print("### Plans\n")
    print("| | seconds | aim |")
    print("|---|---:|---:|")
    for name, (taken, aim) in rows.items():
        print(f"| {name} | {taken:.3f} | {aim} |")
    print("\nDeposits of ten portfolios are checked against one at a time before anything is timed.\n")


def many() -> Shelf:
    """Portfolios of random targets, off them by a fifth."""
    rng = np.random.default_rng(1)
    targets = rng.dirichlet(np.ones(HOLDINGS), PORTFOLIOS)
    values = 1e5 * targets * rng.uniform(0.8, 1.2, targets.shape)
    width = np.minimum(0.05, 0.25 * targets)
    none = np.zeros(PORTFOLIOS)
    return Shelf(values, targets, width, width, none, none, np.zeros(targets.shape, dtype=np.bool_))


def check(shelf: Shelf, amounts: Floats) -> None:
    """Raise unless deposits in one call equal those one at a time."""
    together = deposits(shelf.values[:10], shelf.targets[:10], amounts[:10])
    for row in range(10):
        alone = relative_waterfill(shelf.values[row], shelf.targets[row], float(amounts[row]))
        if not np.allclose(together[row], alone, atol=1e-6):
            raise AssertionError(f"The deposit of portfolio {row} differs.")


def several_accounts() -> Tradable:
    """Two products in each of twenty buckets, half of them held in each of five accounts, with two lots each."""
    rng = np.random.default_rng(1)
    symbols = [f"S{n}" for n in range(PRODUCTS)]
    pairs = [symbols[n : n + 2] for n in range(0, PRODUCTS, 2)]
    leaves = [Bucket(f"A/{a}", a, 1 / len(pairs), holdings=(Holding(a, 0.5), Holding(b, 0.5))) for a, b in pairs]
    prices = {symbol: float(rng.uniform(10, 300)) for symbol in symbols}
    kinds = [AccountKind.taxable, AccountKind.taxable, AccountKind.deferred, AccountKind.exempt, AccountKind.deferred]
    accounts = [Account(f"Account {n}", kind) for n, kind in enumerate(kinds)]
    positions = []
    for account in accounts:
        for symbol in symbols:
            if rng.random() < 0.5:
                units, cost = float(rng.integers(1, 200)), prices[symbol] * float(rng.uniform(0.5, 1.2))
                lots = (Lot(units / 2, cost, date(2020, 1, 1)), Lot(units / 2, prices[symbol], date(2026, 5, 1)))
                positions.append(Position(symbol, units, account=account.name, lots=lots))
        positions.append(Position("CASH", float(rng.integers(0, 5000)), account=account.name))
    return tradable(book(Framework("Wide", tuple(leaves))), positions, prices, accounts, Terms(TODAY))


def one_account() -> Tradable:
    """Twenty products, each off its target by up to four fifths."""
    rng = np.random.default_rng(3)
    parts = rng.integers(1, 20, HOLDINGS)
    targets = parts / parts.sum()
    symbols = [f"S{n}" for n in range(HOLDINGS)]
    leaves = [Bucket(f"A/{s}", s, float(t), holdings=(Holding(s, 1.0),)) for s, t in zip(symbols, targets, strict=True)]
    held = [Position(s, float(1e6 * t * rng.uniform(0.4, 1.8))) for s, t in zip(symbols, targets, strict=True)]
    return tradable(book(Framework("One", tuple(leaves))), held, dict.fromkeys(symbols, 1.0), (), Terms(TODAY))


if __name__ == "__main__":
    main()
