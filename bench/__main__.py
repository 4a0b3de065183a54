"""`make bench`: every table in one run on one machine, printed and written to bench/results.md."""

from __future__ import annotations

import contextlib
import importlib
import io
import os
import platform
import sys
from datetime import UTC, datetime
from pathlib import Path

HERE = Path(__file__).parent
RESULTS = HERE / "results.md"


def main() -> None:
    """Run the benches named on the command line, or all of them."""
    wanted = sys.argv[1:] or sorted(p.stem for p in HERE.glob("*.py") if not p.stem.startswith("_"))
    parts = [f"# How fast Keel is\n\n{machine()}\n"]
    for name in wanted:
        print(f"running bench/{name}.py", file=sys.stderr, flush=True)
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            importlib.import_module(f"bench.{name}").main()
        parts.append(out.getvalue())
        print(out.getvalue(), flush=True)
    if not sys.argv[1:]:
        RESULTS.write_text("\n".join(parts), encoding="utf-8")


def machine() -> str:
    """One sentence on where and when the numbers were measured."""
    now = datetime.now(UTC)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    system = f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
    return (
        f"Measured side by side in one run on {now:%Y-%m-%d}: {cores} cores, {system}, "
        f"{os.getloadavg()[0]:.1f} processes running when it began. Medians; ratios are what counts."
    )


if __name__ == "__main__":
    main()
