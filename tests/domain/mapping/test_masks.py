"""What masks say of all products is what the lines in words say of each."""

from __future__ import annotations

import os
from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.domain.mapping.plain import market_of
from tests.domain.mapping.universes import frameworks, rules, series, universes

from keel.domain.framework.rules import Rules
from keel.domain.mapping.columns import columns_of
from keel.domain.mapping.masks import counts, once, passing, verdicts
from keel.domain.mapping.screening import eligible, failing, screen
from keel.domain.market.instrument import Coverage, Instrument


@settings(max_examples=12 * int(os.environ.get("KEEL_ATTACK", "1")))
@given(frameworks(), universes(), st.lists(series, max_size=4), rules)
def test_each_verdict_is_that_of_the_line(
    framework: object, universe: Sequence[Instrument], coverage: Sequence[Coverage], asked: Rules
) -> None:
    columns, market = columns_of(universe, coverage), market_of(framework, universe, coverage)  # type: ignore[arg-type]
    each = verdicts(columns, asked)
    lines = [tuple(screen(product, asked, market.years(product))) for product in universe]
    for place, of_one in enumerate(lines):
        assert [(v.rule, bool(v.failing[place]), bool(v.unknown[place])) for v in each] == [
            (line.rule, not line.passed, line.passed is None) for line in of_one
        ]
    assert passing(columns, each).tolist() == [eligible(of_one) for of_one in lines]
    missed = [[line.rule for line in failing(of_one)] for of_one in lines]
    assert once(each).tolist() == [len(rules) == 1 and rules != ["leveraged"] for rules in missed]


def test_a_rule_asked_twice_counts_a_product_once() -> None:
    universe = [Instrument("1", "A", "", "ETF", expense_ratio=0.02), Instrument("2", "B", "", "ETF")]  # type: ignore[arg-type]
    columns = columns_of(universe, ())
    twice = [v for most in (0.01, 0.001) for v in verdicts(columns, Rules(max_expense_ratio=most))]
    assert counts(twice) == ({"max_expense_ratio": 1}, {"max_expense_ratio": 1})
