"""Stored products and prices from Python: searched, counted, judged, looked into."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import keel
from keel.services.market import products


@pytest.mark.usefixtures("here")
def test_products_are_searched_counted_and_looked_into(tmp_path: Path) -> None:
    hits = keel.search_products("spy", limit=1)
    assert [hit["symbol"] for hit in hits["instruments"]] == ["SPY"]
    assert keel.universe_status()["products"] > hits["total"]
    assert keel.data_health()
    (tmp_path / "own.csv").write_text("symbol,holding,weight\nSPY,AAPL,60%\nVTI,AAPL,30%\n")
    keel.import_exposures(tmp_path / "own.csv")
    assert keel.overlap("SPY", "VTI")
    assert keel.made_of("SPY")["symbol"] == "SPY"


@pytest.mark.usefixtures("here")
def test_listed_products_are_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    def fetched(*_: Any) -> products.UniverseImport:
        return products.UniverseImport("FinanceDatabase", "package", "sha", 3, id="imp_1")

    monkeypatch.setattr(products, "fetch", fetched)
    assert keel.fetch_products()["import"] == "imp_1"
