"""What begins and ends from one look to the next."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from keel.domain.watch.alert import Alert, Kind, Seen, alert_json, turn

NOW = datetime(2026, 1, 6, tzinfo=UTC)
GOLD = Seen(Kind.breach, "A/Gold", "Gold is over its band.")
OLD = Seen(Kind.prices, "prices", "Old.")


def alert(seen: Seen) -> Alert:
    return Alert("alr_1", "pf_1", seen.kind, seen.subject, seen.message, NOW)


def test_what_goes_on_stays_and_only_changes_are_turned() -> None:
    first = turn((), [GOLD])
    assert (first.begun, first.ended) == ((GOLD,), ())
    same = turn([alert(GOLD)], [replace(GOLD, message="Gold is further over.")])
    assert (same.begun, same.ended) == ((), ())
    other = turn([alert(GOLD)], [OLD])
    assert (other.begun, other.ended) == ((OLD,), (alert(GOLD),))


def test_the_same_seen_twice_begins_once() -> None:
    assert turn((), [GOLD, GOLD]).begun == (GOLD,)


def test_a_beginning_is_untold_and_an_end_where_the_beginning_was_told() -> None:
    new, later = alert(GOLD), NOW + timedelta(hours=1)
    assert new.untold
    told = replace(new, sent_at=NOW)
    assert not told.untold
    assert replace(told, ended_at=later).untold
    assert not replace(told, ended_at=NOW, sent_at=later).untold
    assert not replace(new, ended_at=later).untold
    assert alert_json(told)["sent_at"] == "2026-01-06T00:00:00+00:00"
