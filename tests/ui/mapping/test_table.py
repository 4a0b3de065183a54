"""The products as they will be held."""

from __future__ import annotations

from datetime import date

from tests.ui.mapping.desks import desk

from keel.domain.constraints.evaluation import Status, Verdict
from keel.domain.framework.records import Bucket, Constraint, Framework
from keel.domain.mapping.matching import best_picks, rank
from keel.domain.market.instrument import Coverage, Instrument, InstrumentType
from keel.ui.mapping.table import limits_of, lines


def test_a_product_that_breaks_a_limit_has_its_name_beside_it() -> None:
    message = "Largest single product must be at most 50.0%; now 60.0%."
    broken = Verdict(Constraint("max_single_product", 50), Status.failed, 0.6, 0.5, ("VT",), message)
    assert limits_of("VT", [broken]) == "Largest single product"
    assert limits_of("AGG", [broken]) == "met"
    assert limits_of("AGG", []) == "–"


def test_a_line_has_weight_of_the_whole_and_cost_and_a_name_is_text() -> None:
    fund = Instrument("1", "VT", "", InstrumentType.etf, expense_ratio=0.0007)
    series = Coverage("VT", date(2000, 1, 3), date(2026, 1, 2), 6500, "daily", "total_return", "one")
    buckets = rank(Framework("F", (Bucket("A/B", "![i](x)", 0.4),)), [fund], [series])
    (line,) = lines(buckets, desk(draft=best_picks(buckets), universe={"1": fund}), [])
    assert (line.symbol, line.weight, line.cost, line.health, line.limits) == ("VT", 0.4, 0.0007, "Sound", "–")
    assert "![" not in line.bucket
