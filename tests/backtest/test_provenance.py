"""What results rest on, said once for every format."""

from __future__ import annotations

import json
from datetime import date

import numpy as np
import pytest
from tests.oracles import book_of

import keel
from keel.backtest.provenance import VARIES, Provenance, of_study, of_sweep
from keel.backtest.run import run
from keel.backtest.window import align
from keel.domain.framework.records import Framework
from keel.domain.market.prices import PriceMatrix, StandIn
from keel.domain.policy.presets import PRESETS
from keel.domain.policy.records import RunSettings
from keel.domain.study.grid import parse_grid
from keel.vocabulary import HYPOTHETICAL

DAYS = np.datetime64("2024-01-01", "D") + np.arange(20)
CLOSES = np.exp(np.cumsum(np.random.default_rng(1).normal(0.0, 0.02, (20, 3)), axis=0))
PRICES = PriceMatrix(
    DAYS,
    ("A", "B", "C"),
    CLOSES,
    kinds=("price_return", "total_return", "total_return"),
    proxied=(StandIn("A", "Old A", np.datetime64("2024-01-05")), StandIn("C", "Old C")),
    notes=("Dividends excluded: A.",),
    survivors=("B", "C"),
)
BOOK = book_of({"A": 0.6, "B": 0.4})
FRAMEWORK = Framework("Pair", id="f", version=2)


def test_a_study_is_told_with_what_concerns_its_own_products() -> None:
    results = run(PRICES, BOOK, {"Yearly": PRESETS["annual"]}, RunSettings(cost_bps=7), framework=FRAMEWORK)
    said = of_study(results, ["Gold stays in cash."]).facts()
    assert list(said)[:2] == ["notice", "keel"]
    assert (said["notice"], said["keel"]) == (HYPOTHETICAL, keel.__version__)
    assert (said["framework"], said["framework id"], said["version"]) == ("Pair", "f", "2")
    assert (said["window"], said["frequency"]) == ("2024-01-01 to 2024-01-20", "daily")
    assert said["prices"] == "1 of 2 series without dividends"
    assert said["proxies"] == "Old A for A before 2024-01-05"
    assert said["survivors"] == "B"
    assert (said["lag"], said["cost"]) == ("1", "7 bps of traded value, each side")
    assert json.loads(said["policies"])["Yearly"]["trigger"] == "calendar"
    assert said["prices fingerprint"] == results[0].meta.fingerprint
    assert said["notes"] == "Gold stays in cash. Dividends excluded: A."


def test_nothing_was_run_and_nothing_is_claimed() -> None:
    assert of_study([]) == Provenance()
    assert list(Provenance().facts()) == ["notice", "keel", "proxies", "survivors"]


def test_a_row_of_a_sweep_and_its_backtest_have_one_fingerprint() -> None:
    grid = parse_grid({"base": {"trigger": "band", "lag": 0, "cost_bps": 5}, "axes": {"band.width_bps": [100, 200]}})
    window = align(PRICES, BOOK.symbols)
    record = of_sweep(grid, [window, window], PRICES, FRAMEWORK)
    alone = run(PRICES, BOOK, {"": PRESETS["annual"]}, RunSettings())[0]
    assert record.fingerprint == alone.meta.fingerprint
    assert (record.lag, record.cost) == ("0", "5 bps of traded value, each side")
    assert (record.window, record.proxies) == ("2024-01-01 to 2024-01-20", ("Old A for A before 2024-01-05",))
    assert json.loads(record.facts()["grid"])["axes"] == {"band.width_bps": [100, 200]}


@pytest.mark.parametrize(("axis", "name"), [({"lag": [0, 1]}, "lag"), ({"cost_bps": [0, 5]}, "cost")])
def test_what_each_row_has_for_itself_is_said(axis: dict[str, list[int]], name: str) -> None:
    record = of_sweep(parse_grid({"base": {"trigger": "band"}, "axes": axis}), [align(PRICES, BOOK.symbols)], PRICES)
    assert getattr(record, name) == VARIES
    assert {record.lag, record.cost} <= {VARIES, "1", "no cost", "0 bps of traded value, each side"}


def test_several_windows_and_frameworks_have_one_fingerprint_of_all() -> None:
    grid = parse_grid({"base": {"trigger": "band"}, "axes": {"framework": ["a", "b"], "start": ["2024-01-01"]}})
    windows = [align(PRICES, BOOK.symbols), align(PRICES, BOOK.symbols, date(2024, 1, 5))]
    record = of_sweep(grid, windows, PRICES, FRAMEWORK)
    assert (record.framework, record.window) == (VARIES, VARIES)
    assert record.fingerprint == of_sweep(grid, [*windows, windows[0]], PRICES).fingerprint
    assert record.fingerprint != of_sweep(grid, windows[:1], PRICES).fingerprint
