"""The universe file: facts with their sources, tags that follow from them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keel.domain.market.instrument import InstrumentType
from keel.errors import ImportFormatError, KeelError
from keel.sources.files.universe import read_universe

FULL = (
    "symbol,name,type,asset_class,region,sector,subclass,sleeve,currency,inception_date,expense_ratio,"
    "expense_ratio_as_of,expense_ratio_source,adv_usd,adv_as_of,proxy_index,sector_tag,leverage,tags\n"
    "XLK,Tech,etf,Equity,US,Information Technology,Sector,Satellite,usd,1998-12-16,0.08%,2025-09-30,SEC,1e9,2024-03-28,"
    "MSCI US,Growth,3,esg; low_cost\n"
)


def write(folder: Path, text: str) -> Path:
    path = folder / "u.csv"
    path.write_text(text)
    return path


def test_every_fact_is_read_with_its_source_and_date(tmp_path: Path) -> None:
    (found,) = read_universe(write(tmp_path, FULL), {"adv_usd": "volumes"})
    assert (found.type, found.currency, found.expense_ratio, found.adv_usd) == (InstrumentType.etf, "USD", 0.0008, 1e9)
    assert (found.inception, found.proxy, found.leverage) == (date(1998, 12, 16), "MSCI US", 3.0)
    assert ("expense_ratio", "SEC", date(2025, 9, 30)) in found.sources
    assert ("adv_usd", "volumes", date(2024, 3, 28)) in found.sources
    assert set(found.tags) == {
        *("asset_class:equity", "region:us", "sector:information_technology", "sector:growth", "sleeve:satellite"),
        *("leveraged", "esg", "low_cost"),
    }


def test_only_the_symbol_is_required_and_a_missing_fact_stays_missing(tmp_path: Path) -> None:
    (found,) = read_universe(write(tmp_path, "symbol\nVTI\n"))
    assert (found.symbol, found.expense_ratio, found.inception, found.adv_usd, found.tags) == (
        "VTI",
        None,
        None,
        None,
        (),
    )
    assert found.id == read_universe(write(tmp_path, "symbol,name\nVTI,x\n"))[0].id


@pytest.mark.parametrize(
    ("text", "row", "column"),
    [
        ("name\nVTI\n", 1, "symbol"),
        ("symbol\n", 1, None),
        ("symbol,name\n,x\n", 2, "symbol"),
        ("symbol\nVTI\nVTI\n", 3, "symbol"),
        ("symbol,type\nVTI,Boat\n", 2, "type"),
        ("symbol,expense_ratio\nVTI,cheap\n", 2, "expense_ratio"),
        ("symbol,expense_ratio\nVTI,-0.1\n", 2, "expense_ratio"),
        ("symbol,expense_ratio\nVTI,3\n", 2, "expense_ratio"),
        ("symbol,adv_usd\nVTI,inf\n", 2, "adv_usd"),
        ("symbol,inception_date\nVTI,soon\n", 2, "inception_date"),
        ("symbol,Symbol\nVTI,VTI\n", 1, "symbol"),
    ],
)
def test_a_complaint_names_row_and_column(tmp_path: Path, text: str, row: int, column: str | None) -> None:
    with pytest.raises(ImportFormatError, match=r"u\.csv") as caught:
        read_universe(write(tmp_path, text))
    assert (caught.value.row, caught.value.column) == (row, column)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_never_crash(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.mktemp("fuzz") / "u.csv"
    path.write_bytes(b"symbol,name\n" + data)
    complaint = ""
    try:
        read_universe(path)
    except KeelError as error:
        complaint = str(error)
    assert "\n" not in complaint
