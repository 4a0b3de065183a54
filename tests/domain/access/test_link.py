"""A link tells when it ends and how it stands."""

from __future__ import annotations

from datetime import UTC, datetime

from keel.domain.access.link import Link, link_json

AT = datetime(2026, 1, 1, tzinfo=UTC)
LINK = Link("pf_1", "The Okafors", "lnk_1", created_at=AT, expires_at=AT)


def test_a_link_is_told_with_its_times_and_state() -> None:
    told = link_json(LINK, AT)
    assert (told["name"], told["state"], told["expires_at"], told["revoked_at"]) == (
        "The Okafors",
        "expired",
        AT.isoformat(),
        None,
    )
