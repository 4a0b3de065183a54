"""The rules of a bucket, read from a file."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keel.domain.exchange.framework_json import rules_json
from keel.domain.exchange.rules import read_rules
from keel.domain.framework.rules import Rules
from keel.domain.reading.place import Place
from keel.errors import ImportFormatError

HERE = Place("mix.json", column="rules")
TAGS = st.lists(st.from_regex(r"[a-z]{1,6}(:[a-z]{1,6})?", fullmatch=True), unique=True, max_size=3).map(tuple)
AMOUNTS = st.none() | st.floats(0, 1e12)


def test_words_are_spelled_as_keel_writes_them() -> None:
    rules, notes = read_rules(
        {"include_tags": "Region:US", "allowed_types": ["etf", "STOCK"], "currencies": ["usd"], "min_liquidity": "5e6"},
        HERE,
    )
    assert rules == Rules(
        include_tags=("region:us",), allowed_types=("ETF", "Stock"), currencies=("USD",), min_adv_usd=5e6
    )
    assert notes == ()


@given(st.builds(Rules, include_tags=TAGS, exclude_tags=TAGS, min_adv_usd=AMOUNTS, min_history_years=AMOUNTS))
def test_rules_written_are_read_again(rules: Rules) -> None:
    assert read_rules(rules_json(rules), HERE) == (rules, ())


def test_what_means_nothing_is_noted_with_its_place() -> None:
    _, (note,) = read_rules({"min_age": 3}, HERE)
    assert note.subject == "rules.min_age"


@pytest.mark.parametrize(
    ("value", "field"),
    [
        ([], "rules"),
        ({"include_tags": 5}, "rules.include_tags"),
        ({"include_tags": [1]}, "rules.include_tags[0]"),
        ({"min_aum_usd": "lots"}, "rules.min_aum_usd"),
        ({"min_adv_usd": 1, "min_liquidity": 2}, "rules.min_liquidity"),
    ],
)
def test_what_cannot_be_read_names_its_field(value: object, field: str) -> None:
    with pytest.raises(ImportFormatError) as caught:
        read_rules(value, HERE)
    assert caught.value.column == field


def test_a_list_has_a_limit() -> None:
    tags = [f"t{n}" for n in range(201)]
    assert len(read_rules({"include_tags": tags[:200]}, HERE)[0].include_tags) == 200
    with pytest.raises(ImportFormatError, match=r"rules\.include_tags: it has more than 200 entries"):
        read_rules({"include_tags": tags}, HERE)
