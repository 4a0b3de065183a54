"""Proxies are measured by what is stored, wherever the fund's own prices lie."""

from __future__ import annotations

import numpy as np
from tests.engine import blank

from keel.domain.market.choice import Basis
from keel.domain.market.instrument import Instrument, InstrumentType
from keel.domain.market.prices import PriceMatrix
from keel.services.shared.proxies import measured
from keel.store import instruments, prices
from keel.store.connection import Database

FUND = Instrument("f", "FUND", "Fund", InstrumentType.etf, proxy="INDEX")
ALIEN = Instrument("a", "ALIEN", "Alien", InstrumentType.etf, proxy="INDEX", currency="EUR")
OWN = Instrument("o", "OWN", "Own", InstrumentType.etf, proxy="NONE")


INDICES = Basis("indices", named=True)


def test_each_product_that_a_proxy_fills_is_measured_and_others_are_left_out() -> None:
    db = blank()
    dates = np.datetime64("2020-01-01") + np.arange(4)
    closes = np.array([[1.0, 1], [1.1, 1.05], [0.99, 1.0], [1.3, 1.1]])
    prices.write_matrix(db, "indices", "daily", PriceMatrix(dates, ("INDEX", "OWN"), closes))
    prices.write_matrix(db, "funds", "daily", PriceMatrix(dates, ("FUND",), closes[:, :1] * 3))
    found = measured(db, [FUND, ALIEN, OWN], INDICES)
    assert set(found) == {"FUND", "ALIEN"}
    assert found["FUND"].correlation is not None
    assert abs(found["FUND"].correlation - 1.0) < 1e-12
    assert found["ALIEN"].sessions == 0
    assert measured(db, [FUND, ALIEN, OWN], INDICES) is found


def test_they_are_measured_once_for_all_who_brought_nothing(db: Database) -> None:
    proxied = [i for i in instruments.universe(db) if i.proxy]
    assert measured(db, proxied, INDICES) is measured(db.of(f"{db.owner}_friend"), proxied, INDICES)
