"""How long importing 20 million prices takes, and how much memory, beside pandas only reading the same file.

Then how long reading 20 of the 2,500 symbols takes from what was stored.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

SYMBOLS, SESSIONS = 2_500, 8_000
AIM_SECONDS, AIM_MB, AIM_READ = 90, 800, 50
PEAK = "import resource, time\nbegun = time.perf_counter()\n{}\nprint(time.perf_counter() - begun)\n"
PEAK += "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3)"
KEEL = """from pathlib import Path
from keel.services.market import imports
from keel.store.connection import Database
db = Database.open(Path({database!r}))
imports.commit(db, Path({file!r}), "prices.csv", imports.Incoming())
db.close()"""
READ = """import random, statistics, time
from pathlib import Path
from keel.store import prices
from keel.store.connection import Database
db = Database.open(Path({database!r}))
symbols = [series.symbol for series in prices.coverage(db)]
seeded = random.Random(0)
def read(clock):
    chosen, begun = seeded.sample(symbols, 20), clock()
    prices.series(db, chosen)
    return 1e3 * (clock() - begun)
first = read(time.perf_counter)
print(first, statistics.median(read(time.perf_counter) for _ in range(25)), end=" ")
print(statistics.median(read(time.process_time) for _ in range(25)))"""
PANDAS = "import pandas as pd\npd.read_csv({file!r}, parse_dates=['date'])"


def main() -> None:
    """Print a markdown table of seconds and peak megabytes, each in a process of its own."""
    with tempfile.TemporaryDirectory(prefix="keel-bench-") as folder:
        file = Path(folder) / "prices.csv"
        write(file)
        places = {"file": str(file), "database": str(Path(folder) / "keel.duckdb")}
        print(f"### Import: {SYMBOLS * SESSIONS / 1e6:.0f} million prices, {file.stat().st_size / 1e6:.0f} MB of CSV\n")
        print("| | seconds | peak memory, MB |")
        print("|---|---:|---:|")
        for name, code in (("keel: read, checked, stored", KEEL), ("pandas: read", PANDAS)):
            taken, peak = measured(code.format(**places))
            print(f"| {name} | {taken:.0f} | {peak:.0f} |")
        print(f"\nAim: {AIM_SECONDS} s, {AIM_MB} MB.\n")
        first, median, processor = printed(READ.format(**places))
        print(f"### Reading: 20 symbols × {SESSIONS:,} sessions out of these {SYMBOLS * SESSIONS / 1e6:.0f} million\n")
        print("| | ms |")
        print("|---|---:|")
        print(
            f"| the first | {first:.0f} |\n| median of 25 others | {median:.0f} |\n| CPU of these | {processor:.0f} |"
        )
        print(f"\nAim: {AIM_READ} ms. Prices lie by id: a block of them is read only where it may help.")


def write(file: Path) -> None:
    """Writes a long CSV file of random walks, `date,symbol,close,volume`."""
    pa: Any = import_module("pyarrow")
    pc: Any = import_module("pyarrow.csv")
    rng = np.random.default_rng(0)
    days = np.arange("1990-01-01", "2030-01-01", dtype="datetime64[D]")
    days = days[np.is_busday(days)][:SESSIONS]
    options = pc.WriteOptions(include_header=False, quoting_style="none")
    with file.open("wb") as out:
        out.write(b"date,symbol,close,volume\n")
        for n in range(SYMBOLS):
            closes = np.round(100 * np.exp(np.cumsum(rng.normal(0, 0.01, SESSIONS))), 4)
            volumes = rng.integers(1_000, 1_000_000, SESSIONS)
            names = pa.array([f"S{n:04d}"] * SESSIONS)
            pc.write_csv(pa.table({"d": pa.array(days), "s": names, "c": closes, "v": volumes}), out, options)


def printed(code: str) -> list[float]:
    """The numbers that some lines of Python print in a process of their own."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return [float(number) for number in done.stdout.split()]


def measured(code: str) -> tuple[float, float]:
    """Seconds and peak megabytes of some lines of Python in a process of their own."""
    with tempfile.NamedTemporaryFile("w", suffix=".py") as script:  # the database draws a bar for what has no file
        script.write(PEAK.format(code))
        script.flush()
        done = subprocess.run([sys.executable, script.name], capture_output=True, text=True, check=True)
    taken, peak = done.stdout.split()
    return float(taken), float(peak)


if __name__ == "__main__":
    main()
