"""A portfolio shared by a link: the dialog that makes it, and what whoever has it sees."""

from __future__ import annotations

import pytest
import streamlit as st
from limits import parse
from tests.pages.conftest import Open, words
from tests.pages.opened import accepted, no_errors, title

from keel.services.access import links
from keel.services.access.rate import Rate
from keel.services.example import open_client
from keel.services.live import plan
from keel.store.connection import Database
from keel.ui.frame import login
from keel.ui.handover import shared, sharing


def test_a_link_is_made_shown_once_and_revoked(db: Database, open_page: Open) -> None:
    client = open_client(db)
    at = open_page("drift", framework=client.framework_id, portfolio=client.id)
    at.button(key="share-open").click().run()
    at.text_input(key=sharing.NAME).set_value("The *Okafors*")
    next(b for b in at.button if "Make a link" in b.label).click().run()
    assert no_errors(at)
    (made,) = links.active(db, client.id)
    assert made.name == "The *Okafors*"
    shown = next(code.value for code in at.code)
    assert links.follow(db, shown.partition("?share=")[2])[1].id == made.id
    assert "The *Okafors*" in words(at)
    at.button(key=f"revoke-{made.id}").click().run()
    assert not at.code
    assert links.active(db, client.id) == ()


def test_whoever_has_the_link_sees_the_portfolio_and_nothing_to_press(
    db: Database, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = db.of("ann")
    client = open_client(ann)
    secret = links.create(ann, client.id).secret
    made = plan.plan(ann, client.id, plan.Ask(), plan.Asked(links.now().date()))
    plan.accept(ann, made.id)
    monkeypatch.setattr(login, "configured", lambda: True)  # and nobody is signed in
    for step, beside in (("start", {}), ("data", {"portfolio": "pf_other", "present": "1"})):
        at = open_page(step, share=secret, **beside)
        assert no_errors(at)
        assert title(at).startswith("2 buckets out of band")
        said = words(at)
        assert all(part in said for part in (client.name, "always the newest state", "What is held", "Accepted on"))
        assert [*at.table[2].value.columns] == ["Quantity", "Price", "Value", "Weight", "Target"]  # a phone's width
        assert not at.button
        assert not at.get("page_link")
        assert said.count(client.name) == 1
        assert not at.sidebar.children
        assert not [id for id in (client.id, client.framework_id, made.id) if id.rpartition("_")[2] in str(at)]


def test_what_has_ended_or_never_was_is_said_in_the_same_words(
    db: Database, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = links.create(db, open_client(db).id)
    links.revoke(db, gone.link.id)
    monkeypatch.setattr(login, "configured", lambda: True)
    for secret in (gone.secret, "nothing"):
        at = open_page("start", share=secret)
        assert title(at) == "This link leads nowhere, or not any more"
        assert "Ask who gave it to you for another" in words(at)
        assert not [*at.button, *at.get("page_link")]


def test_a_portfolio_that_holds_nothing_yet_is_shown_as_that(db: Database, open_page: Open) -> None:
    portfolio = accepted(db)
    at = open_page("start", share=links.create(db, portfolio.id).secret)
    assert title(at) == "There is nothing to show yet"
    assert portfolio.name in words(at)
    assert not [*at.button, *at.get("page_link")]


def test_links_are_followed_on_pages_only_so_often(open_page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared, "VISITS", Rate(parse("1/minute")))
    monkeypatch.setattr(type(st.context), "ip_address", "192.0.2.1")
    assert "leads nowhere" in title(open_page("start", share="guess"))
    assert "too many questions at once" in words(open_page("start", share="guess"))
