"""Named products are kept, and what is to be said of them is said."""

from __future__ import annotations

from dataclasses import replace

from keel.domain.framework.contents import CHOSEN
from keel.domain.framework.records import Bucket, Constraint, Framework, Holding
from keel.domain.framework.rules import Rules
from keel.domain.mapping.named import issues
from keel.domain.mapping.universe import market_of
from keel.domain.market.instrument import Instrument, InstrumentType

STOCKS = Instrument("1", "VTI", "US shares", InstrumentType.etf, "Equity", "US")
BONDS = Rules(include_tags=("asset_class:bonds", CHOSEN))


def said(*buckets: Bucket) -> list[tuple[str, str, str]]:
    framework = Framework("F", buckets)
    return [(i.code, i.subject, i.message) for i in issues(framework, market_of(framework, (STOCKS,), ()))]


def named(path: str, symbol: str, rules: Rules | None = None) -> Bucket:
    return Bucket(path, path.rpartition("/")[2], 0.5, rules=rules or Rules(), holdings=(Holding(symbol, 1.0),))


def test_a_product_that_is_not_known_stays_and_is_named() -> None:
    message = '"VWCE" is not known here. Nothing takes its place: its bucket stays in cash.'
    assert said(named("A/World", "VWCE")) == [("unknown_product", "A/World", message)]


def test_a_product_outside_written_rules_is_kept_and_said_to_be() -> None:
    message = '"VTI" is outside the rules of Core (bonds). It is kept, because it is named.'
    assert said(named("A/Core", "VTI", BONDS)) == [("outside_rules", "A/Core", message.replace("bonds", "Bonds"))]


def test_a_name_alone_is_no_rule_for_a_named_product() -> None:
    assert said(named("AssetClass/Bonds", "VTI")) == []


def test_one_product_that_two_buckets_name_is_said_once() -> None:
    found = said(named("A/One", "VTI"), named("A/Two", "VTI"))
    assert found == [("same_product", "A/One", '"VTI" fills 2 buckets: One, Two.')]


def test_a_product_that_alone_breaks_a_limit_is_kept_and_said_to() -> None:
    dear = replace(STOCKS, expense_ratio=0.005)
    limited = Framework("F", (named("A/Core", "VTI"),), constraints=(Constraint("max_expense_ratio", 0.2),))
    (found,) = issues(limited, market_of(limited, (dear,), ()))
    assert found.code == "breaks_limit"
    assert "weighted expense ratio: 0.50%, at most 0.40% fits here." in found.message
