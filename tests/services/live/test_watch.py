"""A look at what portfolios hold: what began and ended, told once, and never twice for the same."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from tests.services.live.conftest import SIXTY, hold

from keel.domain.plan.ask import Ask
from keel.domain.portfolio.position import Position
from keel.domain.portfolio.records import Portfolio
from keel.domain.watch.alert import Kind
from keel.errors import NotSentError
from keel.services.live import morning, plan, watch
from keel.settings import Notify
from keel.store import archive
from keel.store.connection import Database

NOW = datetime(2026, 1, 6, 20, tzinfo=UTC)
OFF = (Position("VTI", 9), Position("BND", 1))
OUT = Notify(("json://localhost/hook",))


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was told outside."""
    texts: list[str] = []
    monkeypatch.setattr(watch, "send", lambda addresses, title, text: texts.append(f"{title}\n{text}"))
    return texts


def test_a_breach_begins_goes_on_and_ends(market: Database, sixty: Portfolio, told: list[str]) -> None:
    hold(market, sixty, *OFF)
    first = watch.look(market, NOW, OUT)
    assert {alert.subject for alert in first.begun} == {"A/Bonds", "A/Equity"}
    assert {alert.kind for alert in first.begun} == {Kind.breach}
    assert (first.portfolios, first.told, len(told)) == (1, 2, 1)
    assert told[0].startswith("Keel: 2 alerts\nSixty: ")
    again = watch.look(market, NOW + timedelta(hours=1), OUT)
    assert (again.begun, again.ended, len(again.holding), len(told)) == ((), (), 2, 1)
    hold(market, sixty, *SIXTY)
    over = watch.look(market, NOW + timedelta(hours=2), OUT)
    assert (over.holding, len(over.ended), over.told) == ((), 2, 2)
    assert "Sixty: Over: " in told[1]


def test_the_alerts_of_now_say_what_the_list_of_portfolios_says(market: Database, sixty: Portfolio) -> None:
    hold(market, sixty, *OFF)
    watch.look(market, NOW)
    began = watch.listed(market)[0].began_at
    hold(market, sixty, Position("VTI", 8), Position("BND", 2), on=date(2026, 1, 5))
    bonds, equity = sorted(watch.current(market, NOW + timedelta(hours=1)), key=lambda alert: alert.subject)
    (line,) = morning.morning(market, NOW.date())
    assert line.out_of_band == 2
    assert (bonds.subject, bonds.message[:13], bonds.began_at) == ("A/Bonds", "Bonds: 20.0%,", began)
    assert equity.message.startswith("Equity: 80.0%,")
    hold(market, sixty, *SIXTY, on=date(2026, 1, 6))
    assert not [alert for alert in watch.current(market, NOW + timedelta(hours=2)) if alert.holds]


def test_what_cannot_be_judged_now_is_not_said_of_before(market: Database, sixty: Portfolio) -> None:
    hold(market, sixty, *OFF)
    assert len(watch.current(market, NOW)) == 2
    hold(market, sixty, Position("NOBODY", 1))
    assert watch.current(market, NOW) == ()
    assert len(watch.listed(market, holding=True)) == 2


def test_a_plan_left_and_prices_that_are_old_are_alerts(market: Database, sixty: Portfolio) -> None:
    hold(market, sixty, *SIXTY)
    accepted = plan.accept(market, plan.plan(market, sixty.id, Ask(), plan.Asked(NOW.date())).id)
    assert watch.look(market, NOW).holding == ()
    assert accepted.accepted_at is not None
    later = watch.look(market, accepted.accepted_at + timedelta(days=3))
    assert {alert.kind for alert in later.begun} == {Kind.plan, Kind.prices}
    assert watch.document(later)["portfolios"] == 1


def test_what_could_not_be_told_is_told_at_the_next_look(
    market: Database, sixty: Portfolio, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise NotSentError("Address 1 of KEEL_NOTIFY could not be told.")

    hold(market, sixty, *OFF)
    monkeypatch.setattr(watch, "send", refuse)
    assert watch.look(market, NOW, OUT).trouble == "Address 1 of KEEL_NOTIFY could not be told."
    monkeypatch.setattr(watch, "send", lambda *_: None)
    assert watch.look(market, NOW, OUT).told == 2


def test_a_portfolio_that_is_put_away_has_no_alert_and_one_that_cannot_be_judged_keeps_its_own(
    market: Database, sixty: Portfolio
) -> None:
    hold(market, sixty, *OFF)
    assert len(watch.look(market, NOW).holding) == 2
    hold(market, sixty, Position("NOBODY", 1))
    assert len(watch.look(market, NOW).holding) == 2
    archive.put_away(market, "portfolio", sixty.id)
    assert watch.look(market, NOW).holding == ()


def test_everybodys_portfolios_are_looked_at_and_an_alert_is_known(market: Database, sixty: Portfolio) -> None:
    hold(market, sixty, *OFF)
    before = watch.changes(market)
    watch.look_at_everybodys(market, NOW, None)
    alert, _ = watch.listed(market, sixty.id, holding=True)
    assert watch.read(market, alert.id, NOW).read_at == NOW
    hold(market, sixty, *SIXTY)
    assert watch.changes(market) != before


def test_the_next_looks_are_a_calendar(market: Database, sixty: Portfolio) -> None:
    hold(market, sixty, *SIXTY)
    (one,) = watch.looks(market, NOW.date())
    assert (one.name, str(one.day)) == ("Sixty", "2026-01-07")
    assert b"SUMMARY:Look at Sixty" in watch.calendar_of_looks(market, NOW)
