"""Links are stored by their digest, listed for their owner, and found by whoever has one."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from keel.domain.access.link import Link
from keel.domain.framework.records import Bucket, Framework
from keel.domain.portfolio.records import Portfolio
from keel.errors import LinkNotFoundError
from keel.store import archive, frameworks, portfolios
from keel.store.access import links
from keel.store.connection import Database

ENDS = datetime(2027, 1, 1, tzinfo=UTC)


@pytest.fixture
def ann(store: Database) -> Database:
    return store.of("ann")


@pytest.fixture
def saved(ann: Database) -> Link:
    made = frameworks.save_version(ann, Framework("Mix", (Bucket("AssetClass/All", "All", 1.0),)))
    portfolio = portfolios.save(ann, Portfolio("Mix", made.id, 1, ()))
    return links.add(ann, Link(portfolio.id, "The Okafors", expires_at=ENDS), "digest")


def test_a_link_comes_back_as_it_was_and_is_found_by_its_digest(store: Database, ann: Database, saved: Link) -> None:
    assert links.list_all(ann) == links.list_for(ann, saved.portfolio_id) == (links.get(ann, saved.id),) == (saved,)
    assert (saved.name, saved.expires_at) == ("The Okafors", ENDS)
    found = links.find(store, "digest")
    assert found is not None
    assert (found.owner, found.digest, found.link) == ("ann", "digest", saved)
    assert links.find(store, "other") is None
    links.opened(ann, saved.id, ENDS)
    assert links.get(ann, saved.id).last_opened_at == ENDS


def test_a_link_is_its_owners_to_revoke(store: Database, ann: Database, saved: Link) -> None:
    assert links.list_all(store) == links.list_for(store, saved.portfolio_id) == ()
    for ask in (links.get, links.revoke):
        with pytest.raises(LinkNotFoundError, match=saved.id):
            ask(store, saved.id)
    links.opened(store, saved.id, ENDS)
    assert links.get(ann, saved.id).last_opened_at is None
    revoked = links.revoke(ann, saved.id)
    assert revoked.revoked_at is not None
    assert links.revoke(ann, saved.id) == revoked


def test_what_is_put_away_is_not_found_until_it_is_back(store: Database, ann: Database, saved: Link) -> None:
    archive.put_away(ann, "portfolio", saved.portfolio_id)
    assert links.find(store, "digest") is None
    archive.bring_back(ann, "portfolio", saved.portfolio_id)
    assert links.find(store, "digest") is not None
