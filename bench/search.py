"""How long a search over 50,000 products takes while somebody types, and how long bringing them in takes."""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median

PRODUCTS = 50_000
AIM_MS = 100
WORDS = [
    "gold",
    "silver",
    "bond",
    "equity",
    "global",
    "world",
    "europe",
    "asia",
    "emerging",
    "small",
    "large",
    "value",
    "growth",
    "dividend",
    "income",
    "treasury",
    "corporate",
    "tech",
    "health",
    "energy",
    "short",
    "long",
    "term",
    "index",
    "fund",
    "trust",
    "plus",
]
TYPED = ("u", "u0", "u012", "go", "gold", "gold bo", "bond gold", "world eq", "fund trust gold", "12345", "spy", "x y")


def main() -> None:
    """Print a markdown table of milliseconds."""
    from keel.services import sample
    from keel.services.market import products
    from keel.services.market.search import search
    from keel.settings import load
    from keel.store.connection import Database

    with tempfile.TemporaryDirectory(prefix="keel-bench-") as folder:
        db = Database.open(Path(folder) / "keel.duckdb")
        sample.build(db, load())
        file = Path(folder) / "universe.csv"
        write(file)
        begun = time.process_time()
        products.commit(db, file, file.name)
        brought = time.process_time() - begun
        search(db, "", 1)  # puts the texts together, as the first letter does
        taken, busy = zip(*(_milliseconds(partial(search, db, text)) for text in TYPED * 5), strict=True)
        db.close()
    print(f"### Search: {PRODUCTS:,} products, {len(TYPED)} texts as one types them, 20 products each\n")
    print("| | ms |\n|---|---:|")
    print(
        f"| median | {median(taken):.0f} |\n| slowest | {max(taken):.0f} |\n| median of the CPU | {median(busy):.0f} |"
    )
    print(f"\nAim: {AIM_MS} ms at the median. Importing the products from a CSV file takes {brought:.1f} s of CPU.")


def write(file: Path) -> None:
    """Writes products with random names."""
    chance = random.Random(0)
    lines = ["symbol,name,type,asset_class,region,currency,expense_ratio,aum_usd,adv_usd,inception"]
    for n in range(PRODUCTS):
        name = " ".join(chance.sample(WORDS, 5)).title()
        fee, size = chance.randint(1, 90) / 100, chance.randint(1, 900)
        lines.append(f"U{n:05d},{name} {n},ETF,Equity,US,USD,{fee}%,{size}e6,{size}e4,2010-01-04")
    file.write_text("\n".join(lines), encoding="utf-8")


def _milliseconds(work: Callable[[], object]) -> tuple[float, float]:
    """How long some work takes, and how much of the processors, which the load of the machine does not change."""
    begun, busy = time.perf_counter(), time.process_time()
    work()
    return 1e3 * (time.perf_counter() - begun), 1e3 * (time.process_time() - busy)


if __name__ == "__main__":
    main()
