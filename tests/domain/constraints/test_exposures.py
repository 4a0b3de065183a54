"""The lines that limits look at, and what is not known of them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.domain.trees import flat

from keel.domain.constraints.exposures import Exposure, of_picks, of_targets
from keel.domain.framework.records import Holding
from keel.domain.framework.rules import Rules
from keel.domain.market.instrument import Instrument, InstrumentType

APPLE = Instrument("1", "AAPL", "Apple", InstrumentType.stock, tags=("region:us", "sector:technology"))
FUND = Instrument("2", "VT", "World", InstrumentType.etf, tags=("region:global",), leverage=1.0)


def test_what_is_not_known_of_a_kind_stands_apart() -> None:
    line = Exposure("A/B", "B", 0.4, "VTI", frozenset({"region:us", "region:global", "factor:value"}))
    assert line.parts("region") == {"region:us": 0.4}
    assert line.parts("sector") == {"unknown": 0.4}
    assert Exposure("A/B", "B", 0.4, "VT", frozenset({"region:global"})).parts("region") == {"unknown": 0.4}
    assert Exposure("A/C", "C", 0.1, "CASH").parts("region") == {}


def test_targets_give_a_line_a_leaf_or_a_line_a_product_it_names() -> None:
    framework = flat(0.6, 0.4)
    first, second = framework.buckets
    named = replace(first, holdings=(Holding("X", 0.25), Holding("Y", 0.75)), rules=Rules(allowed_types=("Stock",)))
    lines = of_targets(replace(framework, buckets=(named, second)))
    assert [(e.symbol, e.weight, e.type) for e in lines] == [
        ("X", pytest.approx(0.15), "Stock"),
        ("Y", pytest.approx(0.45), "Stock"),
        ("", 0.4, ""),
    ]


def test_picks_bring_their_facts_and_an_empty_leaf_is_cash() -> None:
    framework = flat(0.6, 0.4)
    lines = of_picks(framework, {framework.buckets[0].path: [(APPLE, 0.5), (FUND, 0.5)]})
    assert [(e.symbol, e.weight, e.expense_ratio) for e in lines] == [
        ("AAPL", 0.3, 0.0),
        ("VT", 0.3, None),
        ("CASH", 0.4, 0.0),
    ]
    assert sum(e.weight for e in lines) == pytest.approx(1.0, abs=1e-15)
