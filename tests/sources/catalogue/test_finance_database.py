"""ETFs of FinanceDatabase: what a category says, what it does not, and what is said where nothing comes."""

from __future__ import annotations

import sys
from types import SimpleNamespace

import pandas as pd
import pytest

from keel.errors import InputError, SourceUnavailableError
from keel.sources.catalogue.finance_database import fetch_etfs

ROWS = pd.DataFrame(
    [
        ("IEMG", "Core emerging", "usd", "Equities", "Emerging Markets"),
        ("TQQQ", "UltraPro QQQ 3x", "USD", "Equities", "Large Cap"),
        ("ODD", "Odd", "XXX", "Fixed Income", "Trading"),
        ("XLE", "Energy shares", "USD", "Commodities", "Energy"),
        ("BAD\x1b", "x", "USD", "Equities", "Large Cap"),
        (float("nan"), "x", "USD", "Equities", "Large Cap"),
        ("NONE", float("nan"), float("nan"), float("nan"), float("nan")),
    ],
    columns=["symbol", "name", "currency", "category_group", "category"],
).set_index("symbol")


def stand_in(monkeypatch: pytest.MonkeyPatch, answer: pd.DataFrame | Exception | None) -> None:
    """Puts a package of that name in place; None: there is none."""

    def select(*, only_primary_listing: bool) -> pd.DataFrame:
        assert only_primary_listing
        if isinstance(answer, Exception):
            raise answer
        assert answer is not None
        return answer

    package = None if answer is None else SimpleNamespace(ETFs=lambda: SimpleNamespace(select=select))
    monkeypatch.setitem(sys.modules, "financedatabase", package)


def test_a_category_says_class_region_and_sector_and_its_group_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(monkeypatch, ROWS)
    found = {product.instrument.symbol: product for product in fetch_etfs()}
    assert set(found) == {"IEMG", "TQQQ", "ODD", "XLE", "NONE"}
    assert found["IEMG"].stated == {"name", "currency", "asset_class", "region"}
    assert found["IEMG"].instrument.tags == ("asset_class:equity", "region:emerging")
    assert found["TQQQ"].instrument.tags == ("asset_class:equity", "leveraged")
    assert (found["ODD"].stated, found["ODD"].instrument.tags) == ({"name"}, ())
    assert found["XLE"].instrument.sector == "Energy"
    assert found["NONE"].stated == set()


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        (None, InputError, "FinanceDatabase is not installed"),
        (ValueError("Failed to load data"), SourceUnavailableError, "FinanceDatabase does not answer"),
        (OSError("no route"), SourceUnavailableError, "FinanceDatabase does not answer"),
        (ROWS[:0], SourceUnavailableError, "lists no product"),
    ],
)
def test_where_nothing_comes_one_sentence_says_why(
    monkeypatch: pytest.MonkeyPatch, answer: pd.DataFrame | Exception | None, kind: type[Exception], words: str
) -> None:
    stand_in(monkeypatch, answer)
    with pytest.raises(kind, match=words):
        fetch_etfs()
