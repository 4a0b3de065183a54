"""``keel share``: a link is made and shown once, listed without its secret, revoked."""

from __future__ import annotations

import pytest
from tests.commands.conftest import Keel, refused

from keel.commands.database import opened
from keel.services.example import open_client


@pytest.fixture
def portfolio() -> str:
    with opened() as db:
        return open_client(db).id


def test_a_link_is_made_listed_and_revoked(keel: Keel, portfolio: str) -> None:
    made = keel("share", "create", portfolio, "--days", 7, "--for", "The Okafors", "--json").data
    assert made["address"] == f"/?share={made['secret']}"
    assert (made["portfolio_id"], made["name"], made["state"]) == (portfolio, "The Okafors", "active")
    listed = keel("share", "list", "--portfolio", portfolio, "--json").data
    assert listed == [{key: value for key, value in made.items() if key not in ("secret", "address")}]
    assert made["secret"] not in keel("share", "list").out
    assert keel("share", "revoke", made["id"]).out == f"{made['id']} leads nowhere any more.\n"
    assert "revoked" in keel("share", "list").out
    refused(keel("share", "revoke", "lnk_none"), "lnk_none")


def test_a_new_link_is_shown_with_its_end_and_a_bad_one_is_refused(keel: Keel, portfolio: str) -> None:
    said = keel("share", "create", portfolio).out
    assert said.startswith("http://localhost:8501/?share=")
    assert "Shows the portfolio until" in said
    refused(keel("share", "create", "pf_none"), "pf_none")
    refused(keel("share", "create", portfolio, "--days", 0), "days")
