"""A link tells what it shows and when it ends, and no id of anything that it leads to."""

from __future__ import annotations

from datetime import UTC, datetime

from keel.domain.access.link import Link, Shown, link_json, shown_json
from keel.domain.plan.ask import Ask
from keel.domain.plan.record import PlanRecord, PlanStatus

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


def test_what_is_shown_has_no_id() -> None:
    plan = PlanRecord("pf_1", 1, Ask(), {}, {}, {"rule": "trade"}, {}, PlanStatus.accepted, "pln_1", accepted_at=AT)
    told = shown_json(Shown("Mine", {"value": 1.0}, plan=plan), LINK)
    assert told["plan"] == {"accepted_at": AT.isoformat(), "rule": "trade"}
    assert not [id for id in ("pf_1", "lnk_1", "pln_1") if id in str(told)]
    assert shown_json(Shown("Mine", None, "Nothing is held."), LINK)["plan"] is None
