"""What begins and ends from one look to the next."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from keel.domain.watch.alert import Alert, Kind, Seen, alert_json, begin, turn

NOW = datetime(2026, 1, 6, tzinfo=UTC)
GOLD = Seen("pf_1", Kind.breach, "A/Gold", "Gold is over its band.")
OLD = Seen("pf_1", Kind.prices, "prices", "Old.")


def alert(seen: Seen) -> Alert:
    return begin(seen, "alr_1", NOW)


def test_what_goes_on_stays_and_only_changes_are_turned() -> None:
    first = turn((), [GOLD])
    assert (first.begun, first.ended) == ((GOLD,), ())
    same = turn([alert(GOLD)], [replace(GOLD, message="Gold is further over.")])
    assert (same.begun, same.ended) == ((), ())
    other = turn([alert(GOLD)], [OLD])
    assert (other.begun, other.ended) == ((OLD,), (alert(GOLD),))


def test_what_goes_on_says_what_is_seen_now() -> None:
    further = replace(GOLD, message="Gold is further over.")
    assert turn([alert(GOLD)], [further]).reworded == (alert(further),)
    assert turn([alert(GOLD)], [GOLD]).reworded == ()


def test_each_portfolio_has_its_own() -> None:
    other = replace(GOLD, portfolio_id="pf_2")
    assert turn([alert(GOLD)], [GOLD, other]).begun == (other,)


def test_the_same_seen_twice_begins_once() -> None:
    assert turn((), [GOLD, GOLD]).begun == (GOLD,)


def test_as_json_its_moments_say_their_zone() -> None:
    told = alert_json(replace(alert(GOLD), sent_at=NOW))
    assert (told["kind"], told["sent_at"], told["ended_at"]) == ("breach", "2026-01-06T00:00:00+00:00", None)
    assert alert(GOLD).holds
