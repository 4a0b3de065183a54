"""The universe file: facts with their sources, tags that follow from them."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keel.domain.market.instrument import InstrumentType
from keel.errors import ImportFormatError, KeelError
from keel.sources.files.universe import read_universe, read_universe_file, usual

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


def test_a_class_region_and_sector_are_read_by_their_usual_words(tmp_path: Path) -> None:
    rows = "A,Fixed Income,United States,,USA\nB,Stocks,World,Technology,\nC,Art,Asia,Health care,\n"
    found = read_universe(write(tmp_path, f"symbol,asset_class,region,sector,subclass\n{rows}"))
    assert found[0].subclass == "USA"
    assert [(i.asset_class, i.region, i.sector) for i in found] == [
        ("Bonds", "US", ""),
        ("Equity", "Global", "Information Technology"),
        ("Art", "Asia", "Health care"),
    ]
    assert {"asset_class:bonds", "region:us"} <= set(found[0].tags)


@pytest.mark.parametrize(
    ("word", "sector"),
    [
        ("Financial Services", "Financials"),
        ("Consumer Defensive", "Consumer Staples"),
        ("Consumer Cyclical", "Consumer Discretionary"),
        ("Basic Materials", "Materials"),
    ],
)
def test_sectors_are_read_by_the_other_names_they_are_known_by(word: str, sector: str) -> None:
    assert usual("sector", word) == sector


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


@pytest.mark.parametrize("name", ["=cmd|'/c calc'!A1", "<script>alert(1)</script>", "@SUM(1+1)", "Größe ¥"])
def test_formulas_and_scripts_in_names_are_texts(tmp_path: Path, name: str) -> None:
    (found,) = read_universe(write(tmp_path, f'symbol,name\nVTI,"{name}"\n'))
    assert found.name == name


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_semicolons_and_decimal_commas_are_read_in_any_usual_encoding(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "u.csv"
    path.write_bytes("symbol;name;expense_ratio;aum_usd\nVTI;Größe;0,07%;1500,5\n".encode(encoding))
    (found,) = read_universe(path)
    assert (found.name, found.expense_ratio, found.aum_usd) == ("Größe", 0.0007, 1500.5)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("symbol;aum_usd\nVTI;1,234\nBND;5\n", "may be a thousand and more"),
        ("symbol;aum_usd\nVTI;1,5\nBND;5.5\n", "a decimal comma, others a point"),
        ("symbol,aum_usd\nVTI,=1+1\n", '"=1\\+1" is not a number'),
        ("symbol,inception\nVTI,03/04/2020\n", "is not a date"),
        ("symbol,currency\nVTI,XXX\n", '"XXX" is no currency'),
        ("symbol\nVTI\nVTI\n", "is there a second time"),
        ("symbol,name\nVTI,a\x9bb\n", "holds a control character"),
        ("symbol," + ",".join(f"c{n}" for n in range(20_001)) + "\nVTI\n", "more than the 20,000 that can be read"),
        ("name\nVTI\n", "column symbol: there is no column of that name"),
        ("symbol,name\nVTI,a,b\n", "row 2: there are 3 cells for 2 columns"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_sentence(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(ImportFormatError, match=words):
        read_universe(write(tmp_path, text))


def test_ten_thousand_columns_that_mean_nothing_are_left_aside(tmp_path: Path) -> None:
    path = write(tmp_path, "symbol," + ",".join(f"c{n}" for n in range(10_000)) + "\nVTI" + ",x" * 10_000 + "\n")
    file = read_universe_file(path, "u.csv")
    assert (file.columns, len(file.ignored), len(file.products)) == (("symbol",), 10_000, 1)


def test_blank_lines_do_not_move_the_row_of_a_complaint(tmp_path: Path) -> None:
    file = read_universe_file(write(tmp_path, "symbol,type\n\nVTI,ETF\n\n\nBND,Boat\n"), "u.csv")
    assert [(error.row, error.column) for error in file.complaints] == [(6, "type")]


def test_an_archive_that_would_grow_without_end_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "u.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
        archive.writestr("xl/sharedStrings.xml", b" " * 50_000_000)
    with pytest.raises(ImportFormatError, match="a part of it holds 50 MB once unpacked"):
        read_universe(path)


def test_a_sheet_with_dates_of_its_own_is_read(tmp_path: Path) -> None:
    path = tmp_path / "u.xlsx"
    pd.DataFrame({"Symbol": ["VTI"], "Inception": [date(2001, 5, 24)], "AUM usd": [1.5e12]}).to_excel(path, index=False)
    (found,) = read_universe(path)
    assert (found.symbol, found.inception, found.aum_usd) == ("VTI", date(2001, 5, 24), 1.5e12)
