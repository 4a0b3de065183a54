"""What would admit a product that just misses a rule."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from keel.domain.framework.records import Bucket, Framework
from keel.domain.framework.rules import Rules
from keel.domain.mapping.matching import NearMiss, rank
from keel.domain.mapping.near import loosened
from keel.domain.mapping.remedies import widened
from keel.domain.market.instrument import Instrument, InstrumentType

FUND = Instrument(
    "1", "ABC", "", InstrumentType.fund, "Equity", expense_ratio=0.00301, adv_usd=4_137_211.0, currency="EUR"
)


def near(rules: Rules, filters: Rules | None = None) -> tuple[Framework, NearMiss]:
    """A bucket under a parent with these rules, and what just misses it."""
    buckets = (Bucket("A/Equity", "Equity", 1.0, rules=rules), Bucket("A/Equity/All", "All", 1.0))
    framework = Framework("F", buckets)
    return framework, rank(framework, [FUND], [], filters)[0].near_misses[0]


def test_the_limit_is_a_round_one_that_admits() -> None:
    framework, miss = near(Rules(min_adv_usd=5e6))
    assert (miss.limit, miss.line.seen) == (4.1e6, "$4 million")
    assert miss.remedy is not None
    assert miss.remedy.label == "Admit ABC: $4.1 million traded a day for all of Equity"
    assert miss.remedy.rules == Rules(min_adv_usd=4.1e6)
    assert rank(widened(framework, miss.remedy), [FUND], [])[0].eligible == 1


def test_a_fee_a_type_and_a_currency_are_admitted_where_they_are_asked() -> None:
    for rules, words, then in (
        (Rules(max_expense_ratio=0.002), "fees up to 0.31%", Rules(max_expense_ratio=0.0031)),
        (Rules(allowed_types=("ETF",)), "type Fund", Rules(allowed_types=("ETF", "Fund"))),
        (Rules(currencies=("USD",)), "currency EUR", Rules(currencies=("USD", "EUR"))),
    ):
        framework, miss = near(rules)
        assert miss.remedy is not None
        assert (miss.remedy.label, miss.remedy.rules) == (f"Admit ABC: {words} for all of Equity", then)
        assert rank(widened(framework, miss.remedy), [FUND], [])[0].eligible == 1


def test_no_rule_of_a_bucket_admits_what_a_filter_turns_away() -> None:
    _, miss = near(Rules(max_expense_ratio=0.01), Rules(max_expense_ratio=0.002))
    assert (miss.limit, miss.remedy) == (0.0031, None)


def test_a_fact_that_is_not_known_has_no_limit() -> None:
    _, miss = near(Rules(min_aum_usd=1e6))
    assert (miss.line.passed, miss.limit, miss.remedy) == (None, None, None)


@given(st.floats(0, 1e13), st.sampled_from(("max_expense_ratio", "min_adv_usd", "min_aum_usd", "min_history_years")))
def test_a_loosened_limit_admits_the_fact_and_little_more(fact: float, rule: str) -> None:
    limit = loosened(rule, fact)
    assert limit is not None
    assert limit >= fact if rule == "max_expense_ratio" else limit <= fact
    assert abs(limit - fact) <= max(0.1 * fact, 1.0)


def test_of_an_instrument_without_the_fact_nothing_is_said() -> None:
    framework, _ = near(Rules(min_adv_usd=5e6))
    found = rank(framework, [replace(FUND, adv_usd=None)], [])[0].near_misses[0]
    assert (found.limit, found.remedy) == (None, None)
