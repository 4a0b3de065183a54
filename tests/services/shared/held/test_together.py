"""Many portfolios priced in one go."""

from __future__ import annotations

from datetime import date

from tests.services.live.conftest import SIXTY, hold, market, sixty

from keel.domain.portfolio.records import Portfolio
from keel.services.shared.held.together import together
from keel.store import portfolios
from keel.store.connection import Database

__all__ = ["market", "sixty"]


def test_each_has_what_it_holds_at_its_prices(market: Database, sixty: Portfolio) -> None:
    hold(market, sixty, *SIXTY)
    (one,) = together(market, portfolios.list_held(market), date(2026, 1, 8))
    assert (one.portfolio.name, one.framework.name, one.when) == ("Sixty", "F", date(2026, 1, 6))
    assert {h.stored.position.symbol: h.value for h in one.holdings} == {"VTI": 600.0, "BND": 400.0}
