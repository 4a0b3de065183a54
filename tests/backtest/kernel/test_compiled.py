"""Compiled functions are kept between starts, and never beyond a change of any source."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from tests.forked import forked

import keel

SOURCE = Path(keel.__file__).parent


@pytest.mark.slow
def test_a_change_in_one_file_is_not_missed_by_functions_of_another(tmp_path: Path) -> None:
    shutil.copytree(SOURCE, tmp_path / "keel", ignore=shutil.ignore_patterns("__pycache__"))
    calls = tmp_path / "keel" / "backtest" / "calls.py"
    calls.write_text(
        "import numpy as np\nfrom keel.backtest.kernel.compiled import compiled\n"
        "from keel.backtest.kernel.orders import _tiny\n\n\n"
        "@compiled\ndef ask(x: float) -> bool:\n    return _tiny(x)\n"
    )
    assert answer(tmp_path) == "False 0"
    assert answer(tmp_path) == "False 1"  # loaded, not compiled again
    orders = tmp_path / "keel" / "backtest" / "kernel" / "orders.py"
    orders.write_text(orders.read_text().replace("abs(change) <= TRADE_TOLERANCE", "abs(change) <= 1.0"))
    assert answer(tmp_path) == "True 0"
    orders.write_text(orders.read_text().replace("abs(change) <= 1.0", "abs(change) <= TRADE_TOLERANCE"))
    assert answer(tmp_path) == "False 0"
    units = tmp_path / "keel" / "units.py"  # holds no compiled function, but a constant that is compiled into some
    units.write_text(re.sub(r"TRADE_TOLERANCE = \S+", "TRADE_TOLERANCE = 1.0", units.read_text()))
    assert answer(tmp_path) == "True 0"


def answer(folder: Path) -> str:
    with forked(ASKED, str(folder)) as process:
        return process.stdout.read().strip()


ASKED = """
import sys
for name in [name for name in sys.modules if name.split(".")[0] == "keel"]:
    del sys.modules[name]
sys.path.insert(0, sys.argv[1])
from keel.backtest.calls import ask

print(ask(0.5), len(ask.stats.cache_hits))
"""
