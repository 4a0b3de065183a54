"""Symbols in equal parts make a framework without errors."""

from __future__ import annotations

from keel.domain.framework.equal import equal_parts
from keel.domain.framework.validation import check
from keel.domain.issue import errors


def test_equal_parts_are_a_valid_framework_of_any_number_of_symbols() -> None:
    for count in (1, 3, 7, 60):
        framework = equal_parts([f"S{n}" for n in range(count)], "Mine", "EUR")
        assert not errors(check(framework))
        assert {bucket.target_weight for bucket in framework.buckets} == {1 / count}
    assert (framework.base_ccy, framework.buckets[0].holdings[0].symbol) == ("EUR", "S0")
