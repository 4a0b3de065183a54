"""Values on their way into columns and back: nothing is lost that a column can keep."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keel.domain.framework.rules import Rules
from keel.errors import InputError
from keel.store import values


def test_an_id_says_what_it_names_and_comes_once() -> None:
    ids = {values.new_id("fw") for _ in range(100)}
    assert len(ids) == 100
    assert all(id.startswith("fw_") and len(id) == 19 for id in ids)


def test_a_time_is_kept_in_utc_and_comes_back_with_its_zone() -> None:
    tokyo = datetime(2024, 3, 1, 8, 30, tzinfo=timezone(timedelta(hours=9)))
    assert values.stamp(tokyo) == datetime(2024, 2, 29, 23, 30)
    assert values.moment(values.stamp(tokyo)) == tokyo
    assert values.now().tzinfo is UTC


@given(st.integers(0, 10**12))
def test_a_weight_of_twelve_decimals_comes_back_as_the_same_float(n: int) -> None:
    assert float(values.weight(n / 10**12)) == n / 10**12


@pytest.mark.parametrize("wrong", [float("nan"), float("inf"), 1e6])
def test_what_no_column_can_keep_is_refused_with_its_place(wrong: float) -> None:
    with pytest.raises(InputError, match="of A/B is not a number"):
        values.weight(wrong, "A/B")


def test_what_is_missing_stays_missing() -> None:
    assert values.optional_weight(None) is None
    assert values.optional_float(None) is None
    assert values.optional_float(Decimal("0.25")) == 0.25
    assert values.band_document(None) is None
    assert values.read_band(None) is None


def test_rules_are_kept_as_what_they_ask() -> None:
    rules = Rules(include_tags=("region:us",), min_aum_usd=1e8)
    assert values.read_rules(values.rules_document(rules)) == rules
    assert values.rules_document(Rules()) == "{}"


@pytest.mark.parametrize("wrong", [float("nan"), float("inf"), -float("inf")])
def test_no_document_holds_a_number_that_is_not_finite(wrong: float) -> None:
    with pytest.raises(InputError, match="not finite cannot be stored"):
        values.document({"metrics": {"cagr": wrong}})
