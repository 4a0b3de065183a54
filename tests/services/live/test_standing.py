"""What there is of a portfolio to look at."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from tests.services.live.conftest import MIX, SIXTY, hold

from keel.domain.portfolio.position import Position
from keel.domain.portfolio.records import Portfolio
from keel.services.live.standing import Standing, sources, standing
from keel.services.report import Asked, drift
from keel.store import frameworks
from keel.store.connection import Database


def test_holdings_runs_and_newer_versions_are_told(market: Database, sixty: Portfolio) -> None:
    assert standing(market, sixty.id) == Standing(held=False, run_id="", newest=1)
    hold(market, sixty, *SIXTY)
    frameworks.save_version(market, replace(MIX, id=sixty.framework_id, description="newer"), 1)
    assert standing(market, sixty.id) == Standing(held=True, run_id="", newest=2)


def test_the_series_that_value_what_is_held(market: Database, sixty: Portfolio) -> None:
    hold(market, sixty, *SIXTY, Position("NEWCO", 1, 10.0), Position("CASH", 5.0))
    found = sources(market, drift(market, sixty.id, Asked(date(2026, 1, 6))))
    assert {source.instrument.symbol for source in found} == {"VTI", "BND"}
