"""The universe in columns is made once, and again when products or prices change."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
from tests.engine import blank

from keel.domain.market.instrument import Instrument, InstrumentType
from keel.domain.market.prices import PriceMatrix
from keel.services.shared import universe
from keel.services.shared.universe import columns
from keel.store import instruments, prices


def test_columns_are_kept_until_a_product_changes() -> None:
    db = blank()
    instruments.upsert_many(db, [Instrument("1", "AAA", "A", InstrumentType.etf)])
    first = columns(db)
    assert columns(db) is first
    instruments.upsert_many(db, [Instrument("2", "BBB", "B", InstrumentType.etf)])
    assert [product.symbol for product in columns(db).universe] == ["AAA", "BBB"]
    db.close()


def test_those_who_brought_nothing_share_what_all_have() -> None:
    db = blank()
    instruments.upsert_many(db, [Instrument("1", "AAA", "A", InstrumentType.etf)], "sample")
    ann, bob, cid = db.of("ann"), db.of("bob"), db.of("cid")
    assert columns(ann) is columns(bob) is columns(db)
    assert columns(cid).universe[0] is columns(ann).universe[0]
    instruments.upsert_many(bob, [Instrument("2", "BBB", "B", InstrumentType.etf)])
    close = PriceMatrix(np.array(["2026-01-02"], "datetime64[D]"), ("AAA",), np.array([[1.0]]))
    prices.write_matrix(cid, "own", "daily", close)
    assert [product.symbol for product in columns(ann).universe] == ["AAA"]
    assert [product.symbol for product in columns(bob).universe] == ["AAA", "BBB"]
    assert [series.dataset for series in prices.coverage(cid)] == ["own"]
    assert prices.coverage(ann) == prices.coverage(bob) == ()
    assert columns(ann) is columns(db) is not columns(cid)
    db.close()


def test_who_asks_while_columns_are_made_waits_for_them(monkeypatch: pytest.MonkeyPatch) -> None:
    db = blank()
    instruments.upsert_many(db, [Instrument("1", "AAA", "A", InstrumentType.etf)])
    begun, go_on, made = threading.Event(), threading.Event(), universe.columns_of
    calls = []

    def slowly(*of: Any) -> Any:
        calls.append(of)
        begun.set()
        assert go_on.wait(10)
        return made(*of)

    monkeypatch.setattr(universe, "columns_of", slowly)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(columns, db)
        assert begun.wait(10)
        second = pool.submit(columns, db)
        go_on.set()
        assert first.result() is second.result()
    assert len(calls) == 1
    db.close()
