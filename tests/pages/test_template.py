"""The template page: a card each, the proposed one first in weight, adoption, and a template without a record."""

from __future__ import annotations

import pytest
from tests.pages.conftest import Open, words

from keel import settings
from keel.errors import TemplateNotFoundError
from keel.services import design
from keel.services.market.record import Record
from keel.store.connection import Database
from keel.ui.template import cards


def test_every_template_has_a_card_with_its_weights_and_a_measured_record(open_page: Open) -> None:
    page = open_page("template")
    names = [t.name for t in design.templates(settings.load()) if t.framework.buckets]
    assert len(names) == 7
    assert [h.value for h in page.header] == [*names, "Your own", "From a file"]
    assert words(page).count("a year") >= 7
    assert "dividends excluded" in words(page)
    assert not page.exception


@pytest.mark.parametrize(("risk", "proposed"), [("", "balanced"), ("low", "conservative"), ("high", "growth")])
def test_the_template_that_fits_the_profile_is_the_primary_action(open_page: Open, risk: str, proposed: str) -> None:
    page = open_page("template", **({"risk": risk} if risk else {}))
    primary = [button.key for button in page.button if button.proto.type == "primary"]
    assert primary == [f"use-{proposed}"]


def test_using_a_template_stores_version_1_and_opens_its_allocation(open_page: Open, db: Database) -> None:
    page = open_page("template")
    page.button(key="use-balanced").click().run()
    stored = design.list_frameworks(db)
    assert [f.name for f in stored] == ["Balanced"]
    assert page.query_params["framework"] == stored[0].id
    assert page.title[0].value == "Balanced"


def test_a_template_without_prices_says_so_instead_of_a_number(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    nothing = Record({}, None, None, "", "", {}, ("Equity",), "In cash for want of prices: Equity.")
    monkeypatch.setattr(cards, "template_record", lambda *_: nothing)
    page = open_page("template")
    assert "No record. In cash for want of prices: Equity." in words(page)
    assert "a year" not in words(page)


def test_a_worse_year_that_is_not_complete_is_shown_and_marked() -> None:
    years = [{"year": 2008, "return": -0.41, "partial": True}, {"year": 2011, "return": -0.09, "partial": False}]
    assert "worst\xa0year\xa0**−41%**\xa0(2008,\xa0part)" in cards.numbers({"calendar_years": years})
    assert "(2011)" in cards.numbers({"calendar_years": years[1:]})


def test_a_template_that_is_gone_is_explained(open_page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_: object, **__: object) -> None:
        raise TemplateNotFoundError("There is no template balanced.", hint="Choose another.")

    monkeypatch.setattr(design, "adopt_template", gone)
    page = open_page("template")
    page.button(key="use-balanced").click().run()
    assert "There is no template balanced." in words(page)


def test_a_card_names_the_series_that_stood_in_and_never_claims_it_was_the_index(open_page: Open) -> None:
    text = words(open_page("template"))
    assert "AGG through Global Bonds" in text
    assert "similar series, less fees" in text
    assert "their index" not in text
