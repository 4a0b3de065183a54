"""A portfolio on a newer version of its framework: seen, then done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from tests.engine import blank
from tests.services.live.conftest import hold
from tests.services.portfolios import portfolio

from keel.domain.framework.records import Bucket, Holding
from keel.domain.market.instrument import Instrument, InstrumentType
from keel.domain.plan.as_json import order_json
from keel.domain.plan.ask import Ask
from keel.domain.portfolio.account import Account
from keel.domain.portfolio.lots import Lot
from keel.domain.portfolio.position import Position
from keel.domain.portfolio.records import Pick, Portfolio
from keel.errors import EditConflictError, FrameworkNotFoundError, PortfolioNotFoundError
from keel.services.holdings import table
from keel.services.live import move, plan
from keel.store import frameworks, instruments, portfolios
from keel.store.connection import Database

GOLD = Bucket("Part/2", "GLD", 0.1)


@pytest.fixture
def db() -> Iterator[Database]:
    opened = blank()
    instruments.upsert_many(opened, [Instrument(s, s, s, InstrumentType.etf) for s in ("AAA", "BBB", "GLD", "CCC")])
    yield opened
    opened.close()


@pytest.fixture
def held(db: Database) -> Portfolio:
    """60/40 with a pick each, and a second version of its framework with a tenth of gold."""
    made = portfolio(db, {"AAA": 0.6, "BBB": 0.4})
    picks = tuple(Pick(f"Part/{n}", s, s, 1.0) for n, s in enumerate(("AAA", "BBB")))
    stored = portfolios.save(db, replace(made, picks=picks))
    framework = frameworks.get(db, made.framework_id)
    buckets = (replace(framework.buckets[0], target_weight=0.5), framework.buckets[1], GOLD)
    frameworks.save_version(db, replace(framework, buckets=buckets), 1)
    return stored


def test_a_preview_says_what_changes_and_stores_nothing(db: Database, held: Portfolio) -> None:
    seen = move.preview(db, held.id)
    assert [str(change) for change in seen.changes] == ["AAA: target 60.0% → 50.0%", "GLD added at 10.0%"]
    assert list(seen.moved.picks) == ["Part/0", "Part/1"]
    assert seen.moved.open == (GOLD,)
    assert (seen.after.framework_version, seen.after.picks) == (2, held.picks)
    assert portfolios.get(db, held.id) == held


def test_accepted_it_is_the_next_version_of_the_same_portfolio(db: Database, held: Portfolio) -> None:
    after = move.accept(db, held.id, expected_version=held.version)
    assert (after.id, after.version, after.framework_version) == (held.id, held.version + 1, 2)
    assert after.picks == held.picks
    assert portfolios.get(db, held.id, held.version).framework_version == 1


def test_picks_fill_what_is_open(db: Database, held: Portfolio) -> None:
    after = move.accept(db, held.id, picks={"Part/2": (Pick("Part/2", "GLD", "GLD", 1.0),)})
    assert [pick.symbol for pick in after.picks] == ["AAA", "BBB", "GLD"]


def test_it_can_go_back(db: Database, held: Portfolio) -> None:
    move.accept(db, held.id)
    back = move.accept(db, held.id, 1)
    assert (back.version, back.framework_version) == (held.version + 2, 1)


def test_where_it_stands_already_nothing_changes(db: Database, held: Portfolio) -> None:
    seen = move.preview(db, held.id, 1)
    assert (seen.changes, seen.moved.dropped) == ((), ())
    assert move.accept(db, held.id, 1) == held


def test_somebody_elses_version_in_between_is_a_conflict(db: Database, held: Portfolio) -> None:
    move.accept(db, held.id, picks={"Part/1": (Pick("Part/1", "CCC", "CCC", 1.0),)})
    with pytest.raises(EditConflictError):
        move.accept(db, held.id, 1, expected_version=held.version)


def test_products_named_by_the_newer_version_come_along(db: Database, held: Portfolio) -> None:
    newest = frameworks.get(db, held.framework_id)
    named = replace(newest.buckets[1], holdings=(Holding("CCC", 1.0),))
    frameworks.save_version(db, replace(newest, buckets=(newest.buckets[0], named, newest.buckets[2])), 2)
    assert [p.symbol for p in move.accept(db, held.id).picks] == ["AAA", "CCC"]


def test_what_does_not_exist_is_named(db: Database, held: Portfolio) -> None:
    with pytest.raises(PortfolioNotFoundError):
        move.preview(db, "nope")
    with pytest.raises(FrameworkNotFoundError):
        move.preview(db, held.id, 9)


def test_what_is_held_says_what_would_be_traded_at_what_gain(market: Database, sixty: Portfolio) -> None:
    bought = Lot(6, 50.0, date(2020, 1, 2))
    hold(market, sixty, Position("VTI", 6, lots=(bought,)), Position("BND", 4))
    framework = frameworks.get(market, sixty.framework_id)
    less = (replace(framework.buckets[0], target_weight=0.4), replace(framework.buckets[1], target_weight=0.6))
    frameworks.save_version(market, replace(framework, buckets=less), 1)
    seen = move.preview(market, sixty.id, today=date(2026, 1, 6))
    assert seen.plan
    assert {order.symbol: round(order.value, 6) for order in seen.plan.orders} == {"VTI": -200.0, "BND": 200.0}
    assert seen.plan.realised.gain == pytest.approx(100.0)  # two units at 100 that cost 50
    found = move.document(seen)
    assert (found["realised_gain"], found["tax"]) == (pytest.approx(100.0), pytest.approx(15.0))
    assert (found["drift_before"], found["drift_after"]) == (pytest.approx(0.2), pytest.approx(0.0))
    assert move.preview(market, sixty.id).plan is None


def test_with_nothing_held_there_is_nothing_to_trade(market: Database, sixty: Portfolio) -> None:
    seen = move.preview(market, sixty.id, today=date(2026, 1, 6))
    assert move.document(seen)["trades"] == []


def test_what_a_move_would_trade_is_what_a_plan_after_it_trades(market: Database, sixty: Portfolio) -> None:
    """In an account in another currency too, whose lots cost what they cost in its own."""
    bought = (Lot(6, 50.0, date(2020, 1, 2)),)
    abroad = Position("VTI", 6, lots=bought, account="Abroad")
    accounts = (Account("Abroad", currency="EUR"), Account("Empty"))
    table.put(market, sixty.id, (abroad, Position("BND", 4, account="Abroad")), date(2026, 1, 2), accounts)
    framework = frameworks.get(market, sixty.framework_id)
    less = (replace(framework.buckets[0], target_weight=0.4), replace(framework.buckets[1], target_weight=0.6))
    frameworks.save_version(market, replace(framework, buckets=less), 1)
    seen = move.preview(market, sixty.id, today=date(2026, 1, 6))
    assert seen.plan
    move.accept(market, sixty.id)
    after = plan.preview(market, sixty.id, Ask(), plan.Asked(date(2026, 1, 6)))
    assert [order_json(order) for order in seen.plan.orders] == plan.orders(after)
    assert seen.plan.realised.gain == after.said["realised_gain"] == 0.0
