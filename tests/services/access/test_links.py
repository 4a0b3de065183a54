"""A link is told once, shows its portfolio to whoever has it, and nothing after it has ended."""

from __future__ import annotations

from datetime import timedelta

import pytest

from keel.domain.framework.records import Bucket, Framework
from keel.domain.portfolio.records import Portfolio
from keel.errors import InputError, LinkNotFoundError, PortfolioNotFoundError
from keel.services.access import links
from keel.services.work import shelf
from keel.store import frameworks, portfolios
from keel.store.access import links as stored
from keel.store.connection import Database
from keel.store.values import now


@pytest.fixture
def ann(db: Database) -> Database:
    return db.of("ann")


@pytest.fixture
def portfolio(ann: Database) -> str:
    made = frameworks.save_version(ann, Framework("Mix", (Bucket("AssetClass/All", "All", 1.0),)))
    return portfolios.save(ann, Portfolio("Mix", made.id, 1, ())).id


def test_a_link_leads_to_its_portfolio_and_its_secret_is_stored_nowhere(
    db: Database, ann: Database, portfolio: str
) -> None:
    issued = links.create(ann, portfolio, " The Okafors ", 7)
    assert issued.link.name == "The Okafors"
    assert issued.secret not in repr(issued)
    assert links.follow(db.of("bob"), issued.secret) == (ann, issued.link)
    with db.cursor() as cursor:
        assert issued.secret not in str(cursor.execute("select * from shared_links").fetchall())
    told = links.issued_document(issued)
    assert (told["secret"], told["address"]) == (issued.secret, f"/?share={issued.secret}")
    assert not {"secret", "address"} & set(links.document(issued.link))


def test_unknown_expired_revoked_and_archived_links_are_told_in_the_same_words(
    db: Database, ann: Database, portfolio: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, short, gone = (links.create(ann, portfolio, days=days) for days in (30, 1, 30))
    links.revoke(ann, gone.link.id)
    said = []
    monkeypatch.setattr(links, "now", lambda: now() + timedelta(days=1))
    for secret in ("nothing", "", gone.secret, short.secret):
        with pytest.raises(LinkNotFoundError) as refused:
            links.follow(db, secret)
        said.append((refused.value.message, refused.value.hint, refused.value.subject))
    assert links.follow(db, kept.secret)[1].id == kept.link.id
    shelf.put_away(ann, "portfolio", portfolio)
    with pytest.raises(LinkNotFoundError) as refused:
        links.follow(db, kept.secret)
    said.append((refused.value.message, refused.value.hint, refused.value.subject))
    assert set(said) == {(links.NOWHERE, links.ASK, "")}


def test_when_it_was_opened_is_noted_once_a_minute(
    db: Database, ann: Database, portfolio: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    issued = links.create(ann, portfolio)
    links.follow(db, issued.secret)
    first = stored.get(ann, issued.link.id).last_opened_at
    assert first is not None
    links.follow(db, issued.secret)
    assert stored.get(ann, issued.link.id).last_opened_at == first
    monkeypatch.setattr(links, "now", lambda: first + timedelta(minutes=2))
    links.follow(db, issued.secret)
    assert stored.get(ann, issued.link.id).last_opened_at == first + timedelta(minutes=2)


@pytest.mark.parametrize(("name", "days"), [("x" * 61, 1), ("a\x00b", 1), ("", 0), ("", 367)])
def test_a_link_ends_and_has_a_name_to_read(ann: Database, portfolio: str, name: str, days: int) -> None:
    with pytest.raises(InputError):
        links.create(ann, portfolio, name, days)


def test_what_is_anothers_cannot_be_shared_or_asked_after(db: Database, portfolio: str) -> None:
    bob = db.of("bob")
    for ask in (links.create, links.listed):
        with pytest.raises(PortfolioNotFoundError):
            ask(bob, portfolio)
    assert links.listed(bob) == ()


def test_there_are_only_so_many_at_a_time(ann: Database, portfolio: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(links, "MOST", 1)
    first = links.create(ann, portfolio)
    with pytest.raises(InputError, match="links to this portfolio"):
        links.create(ann, portfolio)
    links.revoke(ann, first.link.id)
    second = links.create(ann, portfolio).link
    assert links.active(ann, portfolio) == (second,)
    assert {link.id for link in links.listed(ann)} == {first.link.id, second.id}
