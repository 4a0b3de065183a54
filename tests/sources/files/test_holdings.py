"""Holdings: lots and roles, or refused with the place."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keel.errors import ImportFormatError, KeelError
from keel.sources.files.holdings import read_holdings


def write(folder: Path, text: str) -> Path:
    path = folder / "u.csv"
    path.write_text(text)
    return path


def test_holdings_are_read_with_lots_and_roles(tmp_path: Path) -> None:
    text = "symbol,quantity,price,cost,acquired,role\nVTI,10,250.5,200,2020-01-31,frozen\nVTI,5,,,,\nCASH,1000,,,,\n"
    first, second, cash = read_holdings(write(tmp_path, text))
    assert (first.quantity, first.price, first.cost, first.acquired) == (10, 250.5, 200, date(2020, 1, 31))
    assert (first.role, second.role, second.price, cash.quantity) == ("frozen", "tradable", None, 1000)


@pytest.mark.parametrize(
    ("text", "row", "column"),
    [
        ("symbol\nVTI\n", 1, "quantity"),
        ("symbol,quantity\n", 1, None),
        ("symbol,quantity\n,4\n", 2, "symbol"),
        ("symbol,quantity\nVTI,\n", 2, "quantity"),
        ("symbol,quantity\nVTI,many\n", 2, "quantity"),
        ("symbol,quantity\nVTI,-1\n", 2, "quantity"),
        ("symbol,quantity,price\nVTI,1,0\n", 2, "price"),
        ("symbol,quantity,role\nVTI,1,lent\n", 2, "role"),
        ("symbol,quantity,acquired\nVTI,1,x\n", 2, "acquired"),
    ],
)
def test_a_complaint_about_holdings_names_row_and_column(
    tmp_path: Path, text: str, row: int, column: str | None
) -> None:
    with pytest.raises(ImportFormatError, match=r"u\.csv") as caught:
        read_holdings(write(tmp_path, text))
    assert (caught.value.row, caught.value.column) == (row, column)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_never_crash(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.mktemp("fuzz") / "u.csv"
    path.write_bytes(b"symbol,quantity\n" + data)
    complaint = ""
    try:
        read_holdings(path)
    except KeelError as error:
        complaint = str(error)
    assert "\n" not in complaint
