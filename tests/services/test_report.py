"""The live drift report from stored portfolios."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

import numpy as np
import pytest
from tests.engine import filled

from keel.domain.framework.records import Bucket, Framework, Holding
from keel.domain.market.instrument import Instrument, InstrumentType
from keel.domain.market.prices import PriceMatrix
from keel.domain.plan.ask import Ask
from keel.domain.plan.record import PlanRecord, PlanStatus
from keel.domain.policy.kinds import Absolute, Trigger
from keel.domain.policy.records import Policy
from keel.domain.portfolio.position import Position, Role
from keel.domain.portfolio.records import Pick, Portfolio
from keel.errors import InputError, MarketDataError, PortfolioNotFoundError, PricesMissingError
from keel.services import report
from keel.services.holdings.table import put
from keel.store import frameworks, instruments, portfolios, prices
from keel.store.connection import Database
from keel.store.holdings import plans

MADE = Framework(
    "F",
    (
        Bucket("A/Equity", "Equity", 0.6, holdings=(Holding("VTI", 1.0),)),
        Bucket("A/Bonds", "Bonds", 0.4, holdings=(Holding("BND", 1.0),)),
    ),
    rebalancing=Policy(trigger=Trigger.band, band=Absolute(500)),
)
DAYS = np.array(["2026-01-02", "2026-01-05", "2026-01-06"], "datetime64[D]")
MATRIX = PriceMatrix(DAYS, ("VTI", "BND"), np.array([[100.0, 80.0], [110.0, 80.0], [150.0, 75.0]]))
HELD = (Position("VTI", 60), Position("BND", 50))


def _closes(opened: Database) -> None:
    prices.write_matrix(opened, "broker", "daily", MATRIX)


@pytest.fixture
def db() -> Iterator[Database]:
    """A database with two price series."""
    opened = filled(_closes)
    yield opened
    opened.close()


@pytest.fixture
def portfolio(db: Database) -> Portfolio:
    made = frameworks.save_version(db, MADE)
    picks = (Pick("A/Equity", "1", "VTI", 1.0), Pick("A/Bonds", "2", "BND", 1.0))
    return portfolios.save(db, Portfolio("P", made.id, made.version, picks))


def test_stored_prices_fill_the_report(db: Database, portfolio: Portfolio) -> None:
    found = report.drift_of(db, portfolio.id, HELD)
    assert (found.as_of, found.priced_at) == (date(2026, 1, 6), date(2026, 1, 6))
    assert found.value == 9_000 + 3_750
    assert found.rebalance_needed
    earlier = report.drift_of(db, portfolio.id, HELD, as_of=date(2026, 1, 4))
    assert (earlier.as_of, earlier.priced_at, earlier.value) == (date(2026, 1, 4), date(2026, 1, 2), 10_000)
    assert not earlier.rebalance_needed


def test_prices_of_the_positions_suffice_when_the_date_is_given(db: Database, portfolio: Portfolio) -> None:
    own = (Position("X", 1, 50.0),)
    prices.delete_dataset(db, "broker")
    with pytest.raises(PricesMissingError):
        report.drift_of(db, portfolio.id, own)
    assert report.drift_of(db, portfolio.id, own, as_of=date(2026, 1, 6)).value == 50


def test_what_is_priced_in_another_currency_counts_at_the_rate_of_the_day(db: Database) -> None:
    made = frameworks.save_version(db, replace(MADE, base_ccy="EUR"))
    mine = portfolios.save(db, Portfolio("P", made.id, made.version, (Pick("A/Equity", "1", "VTI", 1.0),)))
    facts = (
        Instrument("1", "VTI", "", InstrumentType.etf),
        Instrument("2", "BND", "", InstrumentType.etf, currency="EUR"),
    )
    instruments.upsert_many(db, facts)
    with pytest.raises(MarketDataError, match="VTI is in USD, the study in EUR"):
        report.drift_of(db, mine.id, HELD)
    assert report.drift_of(db, mine.id, (Position("VTI", 60, 100.0), Position("BND", 50))).value == 6_000 + 3_750
    rate = PriceMatrix(DAYS, ("EURUSD",), np.array([[1.25], [1.1], [1.5]]))
    prices.write_matrix(db, "currencies", "daily", rate)
    assert report.drift_of(db, mine.id, HELD).value == pytest.approx(60 * 150 / 1.5 + 3_750)
    assert report.drift_of(db, mine.id, HELD, as_of=date(2026, 1, 4)).value == pytest.approx(60 * 100 / 1.25 + 4_000)
    prices.write_matrix(db, "currencies", "daily", replace(rate, dates=DAYS - 30))
    with pytest.raises(PricesMissingError, match="EURUSD has no rate for VTI on 6 Jan 2026"):
        report.drift_of(db, mine.id, HELD)


def test_an_unknown_portfolio_is_named(db: Database) -> None:
    with pytest.raises(PortfolioNotFoundError, match="nope"):
        report.drift_of(db, "nope", HELD)


def test_what_is_stored_is_judged_with_what_was_said_of_it(db: Database, portfolio: Portfolio) -> None:
    instruments.upsert_many(db, (Instrument("1", "VTI", "", InstrumentType.etf),))
    rows = (
        Position("VTI", 30, role=Role.frozen),
        Position("VTI", 20, account="IRA"),
        Position("BND", 40, account="IRA"),
        Position("ODD", 10, 30.0, bucket="A/Bonds"),
        Position("OLD", 1, 500.0, role=Role.excluded),
    )
    put(db, portfolio.id, rows, date(2026, 1, 8))
    found = report.drift(db, portfolio.id, report.Asked(date(2026, 1, 8)))
    assert (found.as_of, found.priced_at) == (date(2026, 1, 6), date(2026, 1, 6))
    assert (found.value, found.excluded) == (50 * 150 + 40 * 75 + 300, 500)
    assert [account.whole.value for account in found.accounts] == [30 * 150 + 300, 20 * 150 + 3_000]
    bonds = next(row for row in found.buckets if row.label == "Bonds")
    assert bonds.value == 3_300
    assert not [row for row in found.buckets if row.label == "Outside the framework"]


def test_nothing_held_is_said_and_a_forecast_needs_a_history(db: Database, portfolio: Portfolio) -> None:
    today = date(2026, 1, 8)
    with pytest.raises(InputError, match="P holds nothing yet"):
        report.drift(db, portfolio.id, report.Asked(today))
    put(db, portfolio.id, (Position("VTI", 60), Position("CASH", 10)), today)
    seen = report.judged(db, portfolio.id, report.Asked(today, last_rebalance=date(2026, 1, 2)))
    told = report.document(seen)
    assert (told["last_rebalance"], seen.ahead.returns) == ("2026-01-02", 0)


def test_others_are_shown_the_newest_state_with_the_accepted_plan_and_no_id(db: Database, portfolio: Portfolio) -> None:
    today = date(2026, 1, 8)
    nothing = report.shown(db, portfolio.id, today)
    assert (nothing.name, nothing.judged, nothing.waiting) == ("P", None, None)
    assert report.shown_document(nothing)["trouble"] == nothing.trouble == "P holds nothing yet."
    put(db, portfolio.id, HELD, today)
    at = datetime(2026, 1, 7, tzinfo=UTC)
    said = {"rule": "trade"}
    plans.save(db, PlanRecord(portfolio.id, 1, Ask(), {}, {}, said, {}, PlanStatus.accepted, accepted_at=at))
    plans.save(db, PlanRecord(portfolio.id, 1, Ask(), {}, {}, {"rule": "draft"}, {}))
    told = report.shown_document(report.shown(db, portfolio.id, today))
    assert told["plan"] == {"accepted_at": at.isoformat(), **said}
    assert told["drift"] == report.document(report.judged(db, portfolio.id, report.Asked(today)))
    assert not [id for id in (portfolio.id, portfolio.framework_id) if id in str(told)]
