"""What lets somebody in ends at the moment that it names, or when it is revoked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from keel.domain.access.ending import EXACT, ending_json, is_news, last_day, state
from keel.domain.access.link import Link
from keel.domain.access.token import Scope, Token

ENDS = datetime(2026, 1, 1, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)


def test_it_is_over_from_the_moment_that_it_names() -> None:
    for one in (Link("pf_1", expires_at=ENDS), Token("laptop", Scope.read, expires_at=ENDS)):
        assert [state(one, at) for at in (ENDS - MOMENT, ENDS)] == ["active", "expired"]
    assert state(Token("laptop", Scope.read), ENDS) == "active"


def test_what_is_revoked_is_that_whether_it_has_expired_or_not() -> None:
    revoked = Link("pf_1", expires_at=ENDS, revoked_at=ENDS)
    assert {state(revoked, at) for at in (ENDS - MOMENT, ENDS)} == {"revoked"}


def test_its_moments_are_told_with_how_it_stands() -> None:
    link = Link("pf_1", expires_at=ENDS, last_opened_at=ENDS - MOMENT)
    assert ending_json(link, ENDS, "last_opened_at") == {
        "state": "expired",
        "created_at": None,
        "expires_at": ENDS.isoformat(),
        "last_opened_at": (ENDS - MOMENT).isoformat(),
        "revoked_at": None,
    }
    assert (last_day(link), last_day(Link("pf_1"))) == ("2026-01-01", "–")


def test_a_use_is_news_once_a_minute() -> None:
    assert [is_news(last, ENDS) for last in (None, ENDS, ENDS - EXACT, ENDS - EXACT - MOMENT)] == [
        True,
        False,
        False,
        True,
    ]
