"""Drafts: one a thing and owner, replaced as it changes, and gone when thrown away."""

from __future__ import annotations

from dataclasses import replace

from keel.store.connection import Database
from keel.store.work import drafts
from keel.store.work.drafts import Draft

EDIT = Draft("framework", "fw_1@3", {"width": 0.1, "name": "Größe"}, 3)


def test_a_draft_comes_back_as_it_was_with_its_moment(store: Database) -> None:
    at = drafts.save(store, EDIT)
    assert drafts.find(store, "framework", "fw_1@3") == replace(EDIT, updated_at=at)
    assert drafts.find(store, "framework", "fw_1@4") is None


def test_a_later_draft_takes_the_place_of_the_earlier(store: Database) -> None:
    first = drafts.save(store, EDIT)
    later = drafts.save(store, replace(EDIT, content={"width": 0.2}))
    found = drafts.find(store, "framework", "fw_1@3")
    assert found is not None
    assert (found.content, found.updated_at) == ({"width": 0.2}, later)
    assert later > first


def test_drafts_are_listed_by_the_start_of_their_id_last_changed_first(store: Database) -> None:
    for id in ("fw_1@3", "fw_1@4", "fw_10@1"):
        drafts.save(store, replace(EDIT, id=id))
    drafts.save(store, EDIT)
    assert [draft.id for draft in drafts.list_under(store, "framework", "fw_1@")] == ["fw_1@3", "fw_1@4"]


def test_a_draft_is_its_owners(store: Database) -> None:
    drafts.save(store.of("ann"), EDIT)
    assert drafts.find(store, "framework", EDIT.id) is None
    assert drafts.list_under(store, "framework", "fw") == ()
    assert drafts.find(store.of("ann"), "framework", EDIT.id) is not None


def test_a_draft_that_was_thrown_away_is_gone_and_may_be_thrown_away_again(store: Database) -> None:
    drafts.save(store, EDIT)
    drafts.delete(store, "framework", EDIT.id)
    drafts.delete(store, "framework", EDIT.id)
    assert drafts.find(store, "framework", EDIT.id) is None
