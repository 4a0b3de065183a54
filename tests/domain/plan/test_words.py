"""A plan's sentences: what to do, and what each limit let through."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from keel.domain.plan.words import FACTORS, Line, factor_words, finding, said_of


def test_a_few_orders_are_named_and_many_are_counted() -> None:
    assert finding([Line("BND", 12.4)], (0.03, 0.0), "EUR") == "Buy €12 of BND"
    assert finding([Line("A", -5.0), Line("B", 2.0), Line("C", 3.0)], (0.03, 0.01), "USD").startswith("3 orders bring")


def test_a_plan_without_orders_is_not_in_band_while_the_policy_would_trade() -> None:
    assert finding([], (0.2, 0.2), "USD", needed=True) == "Nothing to trade: total drift stays 20.0%"
    assert finding([], (0.119, 0.112), "USD", needed=True) == "Nothing to trade: total drift from 11.9% to 11.2%"


@given(st.dictionaries(st.sampled_from(list(FACTORS)), st.floats(0.0, 1.0)))
def test_only_a_factor_below_one_is_said(factors: dict[str, float]) -> None:
    assert len(factor_words(factors)) == sum(factor < 1.0 - 1e-9 for factor in factors.values())


def test_a_plan_without_orders_is_said_as_that() -> None:
    assert said_of("accepted", [], "3 Mar 2026") == "3 Mar 2026 · accepted · no orders"


def test_a_plan_whose_status_stands_beside_it_is_said_without() -> None:
    assert said_of("", ["VTI", "BND"], "3 Mar 2026") == "3 Mar 2026 · VTI, BND"
