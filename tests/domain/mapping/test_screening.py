from __future__ import annotations

from datetime import date

import pytest

from keel.domain.framework.rules import Rules
from keel.domain.mapping.screening import eligible, failing, history_years, screen, tags_of
from keel.domain.market.instrument import Instrument, InstrumentType

FUND = Instrument(
    id="1",
    symbol="VTV",
    name="Value",
    type=InstrumentType.etf,
    asset_class="Equity",
    region="US",
    subclass="Large Value",
    expense_ratio=0.0003,
    adv_usd=4e8,
    inception=date(2004, 1, 26),
)
UNKNOWN = Instrument(id="2", symbol="NEW", name="", type=InstrumentType.etf, currency="")
SHORT = Instrument(id="3", symbol="SQQQ", name="", type=InstrumentType.etf, asset_class="Equity", leverage=-3)


@pytest.mark.parametrize(
    ("rules", "passed", "unknown"),
    [
        (Rules(include_tags=("asset_class:equity", "factor:value")), True, None),
        (Rules(include_tags=("Asset Class:Equity",)), True, None),  # spelling does not matter
        (Rules(include_tags=("region:emerging",)), False, None),
        (Rules(exclude_tags=("factor:value",)), False, True),
        (Rules(allowed_types=("etf",)), True, True),
        (Rules(allowed_types=("Stock",)), False, False),
        (Rules(max_expense_ratio=0.0003), True, None),  # at most
        (Rules(max_expense_ratio=0.0002), False, None),
        (Rules(min_adv_usd=4e8), True, None),  # at least
        (Rules(min_adv_usd=5e8), False, None),
        (Rules(min_aum_usd=1), None, None),
        (Rules(min_history_years=20), True, None),
        (Rules(min_history_years=25), False, None),
        (Rules(currencies=("USD",)), True, None),
        (Rules(exclude_symbols=("vtv",)), False, True),
    ],
)
def test_each_rule_passes_fails_or_is_unknown(rules: Rules, passed: bool | None, unknown: bool | None) -> None:
    as_of = date(2026, 6, 30)
    if rules.include_tags == ("asset_class:equity", "factor:value"):
        unknown = False  # a product without factors has none, so the rule fails for certain
    for instrument, expected in ((FUND, passed), (UNKNOWN, unknown)):
        line = next(screen(instrument, rules, history_years(instrument, (), as_of)))
        assert line.passed is expected, line
        assert line.seen
        assert line.asked


def test_an_unknown_fact_is_not_a_pass() -> None:
    lines = tuple(screen(FUND, Rules(min_aum_usd=1), 20.0))
    assert not eligible(lines)
    assert [line.rule for line in failing(lines)] == ["min_aum_usd"]


def test_geared_products_pass_only_when_each_of_their_tags_is_asked() -> None:
    assert tags_of(SHORT) >= {"leveraged", "inverse"}
    for tags, expected in (((), False), (("leveraged",), False), (("leveraged", "inverse"), True)):
        assert eligible(screen(SHORT, Rules(include_tags=tags), None)) is expected


def test_without_rules_every_ordinary_product_is_eligible() -> None:
    assert eligible(screen(UNKNOWN, Rules(), None))
    assert eligible(screen(FUND, Rules(), None))


def test_a_sector_is_of_its_group_unless_the_product_says_another() -> None:
    utilities = Instrument(id="4", symbol="UTIL", name="", type=InstrumentType.etf, sector="Utilities")
    assert {"sector:utilities", "sector:defensive"} <= tags_of(utilities)
    amazon = Instrument("5", "AMZN", "", InstrumentType.stock, sector="Consumer Discretionary", tags=("sector:growth",))
    assert "sector:cyclical" not in tags_of(amazon)
    rules = Rules(include_tags=("sector:defensive",))
    assert eligible(screen(utilities, rules, None))
