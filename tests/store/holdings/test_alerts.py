"""Alerts as stored: begun, ended, told and known, each owner's apart."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from keel.domain.watch.alert import Alert, Kind
from keel.errors import AlertNotFoundError
from keel.store.connection import Database
from keel.store.holdings import alerts

NOW = datetime(2026, 1, 6, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
GOLD = Alert("alr_1", "pf_1", Kind.breach, "A/Gold", "Gold is over its band.", NOW)
OLD = Alert("alr_2", "pf_1", Kind.prices, "prices", "Old.", NOW)


def test_an_alert_begins_is_told_known_and_ends(db: Database) -> None:
    alerts.add(db, [])
    alerts.add(db, [GOLD])
    assert alerts.list_all(db, "pf_1", holding=True) == (GOLD,)
    alerts.sent(db, [GOLD], NOW)
    assert alerts.read(db, GOLD.id, LATER).read_at == LATER
    alerts.end(db, [GOLD], LATER)
    assert alerts.list_all(db, holding=True) == ()
    assert alerts.list_all(db) == (replace(GOLD, sent_at=NOW, read_at=LATER, ended_at=LATER),)
    assert alerts.list_all(db, "pf_2") == ()


def test_what_goes_on_says_something_else(db: Database) -> None:
    alerts.add(db, [GOLD])
    alerts.reword(db, [replace(GOLD, message="Further over.")])
    assert alerts.list_all(db) == (replace(GOLD, message="Further over."),)


def test_a_beginning_is_untold_and_an_end_where_the_beginning_was_told(db: Database) -> None:
    alerts.add(db, [GOLD, OLD])
    assert alerts.untold(db) == (GOLD, OLD)
    alerts.sent(db, [GOLD], NOW)
    assert alerts.untold(db) == (OLD,)
    alerts.end(db, [GOLD, OLD], LATER)
    assert [alert.id for alert in alerts.untold(db)] == [GOLD.id]
    alerts.sent(db, [GOLD], LATER)
    assert alerts.untold(db) == ()


def test_anothers_alerts_are_not_there(db: Database) -> None:
    alerts.add(db, [GOLD])
    other = db.of("somebody")
    assert alerts.list_all(other) == ()
    alerts.sent(other, [GOLD], NOW)
    alerts.end(other, [GOLD], NOW)
    alerts.reword(other, [replace(GOLD, message="Not mine.")])
    assert alerts.list_all(db) == (GOLD,)
    with pytest.raises(AlertNotFoundError):
        alerts.read(other, GOLD.id, NOW)
