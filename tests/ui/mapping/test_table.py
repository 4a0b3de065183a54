"""The products as they will be held."""

from __future__ import annotations

from keel.domain.constraints.evaluation import Status, Verdict
from keel.domain.framework.records import Constraint
from keel.ui.mapping.table import limits_of


def test_a_product_that_breaks_a_limit_has_its_name_beside_it() -> None:
    message = "Largest single product must be at most 50.0%; now 60.0%."
    broken = Verdict(Constraint("max_single_product", 50), Status.failed, 0.6, 0.5, ("VT",), message)
    assert limits_of("VT", [broken]) == "Largest single product"
    assert limits_of("AGG", [broken]) == "met"
    assert limits_of("AGG", []) == "–"
