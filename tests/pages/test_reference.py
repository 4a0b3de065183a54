"""The data and learn pages."""

from __future__ import annotations

import pytest
from tests.engine import blank
from tests.pages.conftest import Open, words

from keel import units, vocabulary
from keel.domain.framework.records import Bucket, Framework, Holding
from keel.errors import StoreError
from keel.services import mapping
from keel.services.access import tokens
from keel.services.market import catalogue
from keel.store import frameworks
from keel.store.connection import Database
from keel.ui.frame import root


def test_the_data_page_counts_the_series_and_shows_where_they_come_from(open_page: Open, db: Database) -> None:
    page = open_page("data")
    sets = catalogue.datasets(db)
    assert page.title[0].value.startswith(f"{len(sets)} sets of prices")
    heads = [header.value for header in page.header]
    for dataset in sets:
        about = f"{len(dataset.series)} series to {units.month(dataset.last)}"
        assert any(about in head for head in heads), (about, heads)
    assert "Keep it in mind" not in words(page)
    assert "dividends excluded" in words(page)
    assert "survivors" in words(page)
    assert not page.exception


def test_only_series_that_portfolios_rest_on_are_to_check(open_page: Open, db: Database) -> None:
    assert "to check" not in " ".join(head.value for head in open_page("data").header)
    assert open_page("data").title[0].value == "3 sets of prices"
    linked = Bucket("A/B", "B", 1.0, holdings=(Holding("Insurance-Linked", 1.0),))
    framework = frameworks.save_version(db, Framework("F", (linked,)))
    mapping.portfolio_of(db, framework.id)
    page = open_page("data")
    assert page.title[0].value == "3 sets of prices, 1 of your series to check"
    assert [head.value for head in page.header if "1 of yours to check" in head.value]
    assert "The last price is of 31 May 2026" in words(page)
    assert [link.proto.label for link in page.main.get("page_link")] == ["Choose another product"]


def test_an_empty_database_says_how_to_fill_it(open_page: Open) -> None:
    empty = blank()
    with root.using(empty):
        page = open_page("data")
    empty.close()
    assert page.title[0].value == "No prices yet"


def test_data_that_cannot_be_read_are_explained(open_page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_: object) -> None:
        raise StoreError("The prices cannot be read.")

    monkeypatch.setattr(catalogue, "datasets", fails)
    assert "The prices cannot be read." in words(open_page("data"))


def test_the_learn_page_explains_every_word(open_page: Open) -> None:
    page = open_page("learn")
    shown = {word.casefold() for table in page.table for word in table.value.index}
    assert {term.word.casefold() for term in vocabulary.TERMS} <= shown
    assert not page.exception


def test_a_search_narrows_the_words_and_says_when_there_is_none(open_page: Open) -> None:
    page = open_page("learn")
    page.text_input[0].set_value("half").run()
    assert len(page.table) < len(vocabulary.GROUPS)
    page.text_input[0].set_value("zzz").run()
    assert "No word holds “zzz”" in words(page)


def test_a_band_is_explained_with_the_readers_own_target(open_page: Open) -> None:
    page = open_page("learn")
    next(n for n in page.number_input if n.label == "Target, %").set_value(40.0).run()
    assert "±5.0\u00a0pp" in set(page.table[-1].value["Half-width"])


def test_a_token_is_made_shown_once_and_revoked(open_page: Open, db: Database) -> None:
    page = open_page("data")
    page.text_input(key="token-name").set_value("Laptop")
    next(button for button in page.button if button.label == "Make a token").click()
    page.run()
    (secret,) = [code.value for code in page.code]
    assert secret.startswith("keel_")
    assert "Laptop" in words(page)
    page.run()
    assert not page.code
    (token,) = tokens.listed(db)
    page.button(key=f"revoke-{token.id}").click().run()
    assert "Laptop" not in words(page)
    next(button for button in page.button if button.label == "Make a token").click()
    assert "needs a name" in words(page.run())
