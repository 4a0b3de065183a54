"""Facts of a product, read by the unpatched library from a stand-in on this machine."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.sources.yahoo.stand_in import Listing, Yahoo, weekdays

from keel.sources.yahoo.facts import CLASSES, ask_facts

DAYS = weekdays(dt.date(2024, 1, 2), 3)


def test_a_fund_has_its_fee_assets_category_and_what_it_is_made_of(yahoo: Yahoo) -> None:
    yahoo.listings["VTI"] = Listing(DAYS, [1.0, 2.0, 3.0])
    product = ask_facts("VTI", "ETF")
    assert product.facts == {"expense_ratio": 0.0009, "assets": 5e9, "category": "Large Blend"}
    assert product.sectors == {"Information Technology": 0.495, "Energy": 0.495}
    assert product.classes == {"Equity": 0.99, "Cash": 0.01}


def test_without_the_quote_the_fund_keeps_what_is_known(yahoo: Yahoo) -> None:
    yahoo.listings["VTI"] = Listing(DAYS, [1.0, 2.0, 3.0])
    yahoo.without = "/v7/"
    assert ask_facts("VTI", "ETF").facts == {"expense_ratio": 0.0009, "category": "Large Blend"}


def test_what_is_not_listed_is_an_error_of_the_library(yahoo: Yahoo) -> None:
    with pytest.raises(Exception, match="404"):
        ask_facts("GONE", "ETF")


def test_the_classes_of_a_fund_have_our_names() -> None:
    assert {"Equity", "Bonds", "Cash"} <= set(CLASSES.values())
