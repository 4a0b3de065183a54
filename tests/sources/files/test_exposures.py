"""A file of what products hold: read right, or refused with its place."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from keel.errors import ImportFormatError
from keel.sources.files.exposures import Parts, read_exposures

HEADER = "symbol,dimension,member,weight\n"


def read(folder: Path, text: str) -> tuple[Parts, ...]:
    path = folder / "e.csv"
    path.write_text(text, encoding="utf-8")
    return read_exposures(path)


def test_parts_come_by_product_and_dimension(tmp_path: Path) -> None:
    text = HEADER + "VT,region,US,60%\nVT,Country,Japan,0.06\nAOR,asset class,Equity,0.6\nAOR,asset_class,Bonds,0.4\n"
    assert read(tmp_path, text) == (
        Parts("VT", "region", {"US": 0.6, "Japan": 0.06}, pytest.approx(0.66), None),
        Parts("AOR", "asset_class", {"Equity": 0.6, "Bonds": 0.4}, 1.0, None),
    )


def test_holdings_are_companies_and_a_name_twice_adds_up(tmp_path: Path) -> None:
    text = "symbol,holding,weight,as_of\nVTI,AAPL,5%,2026-01-31\nVTI,AAPL,1%,2026-02-28\nVTI,MSFT,4%,\n"
    (parts,) = read(tmp_path, text)
    assert (parts.dimension, parts.as_of) == ("company", date(2026, 2, 28))
    assert parts.weights == pytest.approx({"AAPL": 0.06, "MSFT": 0.04})


def test_a_file_with_semicolons_may_have_decimal_commas(tmp_path: Path) -> None:
    (parts,) = read(tmp_path, "symbol;holding;weight\nVT;AAPL;60,5%\nVT;MSFT;0,1\n")
    assert parts.weights == {"AAPL": 0.605, "MSFT": 0.1}


def test_what_a_file_calls_unknown_is_not_known(tmp_path: Path) -> None:
    (parts,) = read(tmp_path, HEADER + "VT,region,US,60%\nVT,region,Not known,40%\n")
    assert (parts.weights, parts.total) == ({"US": 0.6}, 0.6)


@pytest.mark.parametrize(("first", "second", "parts"), [("60", "40.5", 0.60 / 1.005), ("0.6", "0.395", 0.6 / 0.995)])
def test_99_to_101_percent_are_scaled_with_a_sign_or_without(
    tmp_path: Path, first: str, second: str, parts: float
) -> None:
    (found,) = read(tmp_path, f"{HEADER}AOR,asset_class,Equity,{first}\nAOR,asset_class,Bonds,{second}\n")
    assert found.weights["Equity"] == pytest.approx(parts)
    assert sum(found.weights.values()) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("symbol,weight\nVT,1\n", "column dimension: there is no column of that name"),
        (HEADER, "there is a header but no weights"),
        (HEADER + "VT,colour,Red,1\n", 'row 2, column dimension: "colour" is none of asset_class, region'),
        (HEADER + ",region,US,1\n", "row 2, column symbol: is empty"),
        (HEADER + "VT,region,,1\n", "row 2, column member: is empty"),
        (HEADER + "VT,region,US,much\n", 'row 2, column weight: "much" is not a number'),
        (HEADER + "VT,region,US,-10%\n", "is below 0"),
        (HEADER + "VT,region,US,=1+1\n", "is not a number"),
        (HEADER + "VT,region,US,80%\nVT,region,Japan,30%\n", "row 3, column weight: VT has 110.0% by region"),
        (HEADER + "VT,region,US,0\n", "VT has 0.0% by region"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(ImportFormatError) as error:
        read(tmp_path, text)
    assert words in error.value.message
