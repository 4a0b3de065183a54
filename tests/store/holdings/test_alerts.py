"""Alerts as stored: begun, ended, told and known, each owner's apart."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from keel.domain.watch.alert import Kind, Seen, Turn
from keel.errors import AlertNotFoundError
from keel.store.connection import Database
from keel.store.holdings import alerts

NOW = datetime(2026, 1, 6, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
GOLD = Seen(Kind.breach, "A/Gold", "Gold is over its band.")


def test_an_alert_begins_is_told_known_and_ends(db: Database) -> None:
    alerts.turn(db, "pf_1", Turn((GOLD,), ()), NOW)
    (begun,) = alerts.list_all(db, "pf_1", holding=True)
    assert (begun.kind, begun.subject, begun.message, begun.began_at, begun.ended_at) == (*_fields(GOLD), NOW, None)
    alerts.sent(db, [begun], NOW)
    assert alerts.read(db, begun.id, LATER).read_at == LATER
    alerts.turn(db, "pf_1", Turn((), (begun,)), LATER)
    assert alerts.list_all(db, holding=True) == ()
    (ended,) = alerts.list_all(db)
    assert (ended.sent_at, ended.read_at, ended.ended_at) == (NOW, LATER, LATER)
    assert alerts.list_all(db, "pf_2") == ()


def test_anothers_alerts_are_not_there(db: Database) -> None:
    alerts.turn(db, "pf_1", Turn((GOLD,), ()), NOW)
    (mine,) = alerts.list_all(db)
    other = db.of("somebody")
    assert alerts.list_all(other) == ()
    alerts.sent(other, [mine], NOW)
    assert alerts.list_all(db)[0].sent_at is None
    with pytest.raises(AlertNotFoundError):
        alerts.read(other, mine.id, NOW)


def _fields(seen: Seen) -> tuple[object, ...]:
    return seen.kind, seen.subject, seen.message
