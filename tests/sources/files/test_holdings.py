"""Holdings: lots and roles, or refused with the place."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keel.domain.portfolio.lots import Lot
from keel.domain.portfolio.position import MAIN, Position, Role
from keel.errors import ImportFormatError, KeelError
from keel.sources.files.holdings import read_holdings


def write(folder: Path, text: str) -> Path:
    path = folder / "u.csv"
    path.write_text(text)
    return path


def test_holdings_are_read_with_accounts_lots_roles_and_limits(tmp_path: Path) -> None:
    text = (
        "symbol,quantity,account,price,cost,acquired,role,no_buy,no_sell\n"
        "VTI,10,IRA,250.5,200,2020-01-31,frozen,yes,\n"
        "CASH,1000,,,,,,,\n"
    )
    vti, cash = read_holdings(write(tmp_path, text))
    assert vti == Position("VTI", 10, 250.5, Role.frozen, "IRA", no_buy=True, lots=(Lot(10, 200, date(2020, 1, 31)),))
    assert cash == Position("CASH", 1000, account=MAIN)


def test_rows_of_one_symbol_and_account_are_its_lots(tmp_path: Path) -> None:
    text = "symbol,quantity,account,cost\nVTI,10,A,200\nVTI,5,B,210\nVTI,1,A,220\nVTI,4,A,\n"
    first, second = read_holdings(write(tmp_path, text))
    assert (first.account, first.quantity, first.lots) == ("A", 15, (Lot(10, 200), Lot(1, 220)))
    assert (second.account, second.quantity, second.lots) == ("B", 5, (Lot(5, 210),))


def test_a_frozen_part_and_a_tradable_one_stay_apart(tmp_path: Path) -> None:
    parts = read_holdings(write(tmp_path, "symbol,quantity,role\nVTI,10,frozen\nVTI,5,\n"))
    assert [(p.quantity, p.role) for p in parts] == [(10, Role.frozen), (5, Role.tradable)]


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
        ("symbol,quantity,no_sell\nVTI,1,maybe\n", 2, "no_sell"),
        ("symbol,quantity,currency\nCASH,1,EURO\n", 2, "currency"),
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
