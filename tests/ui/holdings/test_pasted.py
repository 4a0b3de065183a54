"""Pasted rows: the header they lack, whatever separates their cells, and rows as they were pasted."""

from __future__ import annotations

import pytest

from keel.domain.issue import Finding, Severity
from keel.errors import InputError
from keel.ui.holdings.pasted import read_pasted


def lines(text: str) -> list[str]:
    return read_pasted(text).data.decode().splitlines()


@pytest.mark.parametrize(
    "text", ["VTI\t10\t90.5", "VTI 10 90.5", "VTI;10;90.5", "VTI, 10, 90.5", "VTI   10   90.5", "VTI  10  90.5"]
)
def test_cells_may_be_separated_by_anything(text: str) -> None:
    assert lines(text) == ["symbol\tquantity\tcost", "VTI\t10\t90.5"]


def test_an_account_and_a_name_may_have_blanks() -> None:
    assert lines("VTI 10 90 Roth IRA")[1] == "VTI\t10\t90\tRoth IRA"
    assert lines("MSCI US\t3") == ["symbol\tquantity", "MSCI US\t3"]


def test_rows_of_other_columns_can_be_told_apart() -> None:
    assert lines("Fund A\tIE00B3XXRP09\t10\t9.5\tUSD") == [
        "Column 1 (Fund A)\tColumn 2 (IE00B3XXRP09)\tColumn 3 (10)\tColumn 4 (9.5)\tColumn 5 (USD)",
        "Fund A\tIE00B3XXRP09\t10\t9.5\tUSD",
    ]
    assert lines("10 VTI".replace(" ", "\t"))[0] == "Column 1 (10)\tColumn 2 (VTI)"


def test_a_header_stays_and_so_do_blank_rows() -> None:
    assert (lines("symbol,quantity\nVTI,10"), read_pasted("symbol,quantity").added) == (
        ["symbol,quantity", "VTI,10"],
        0,
    )
    assert lines("VTI 1\n\nBND 2") == ["symbol\tquantity", "VTI\t1", "", "BND\t2"]


def test_complaints_name_rows_as_they_were_pasted() -> None:
    rows = read_pasted("VTI 1\nBND x")
    error = rows.refused(InputError("Pasted.csv, row 3, column quantity: x is no number.", hint="Correct it."))
    assert (error.message, error.hint) == ("Pasted.csv, row 2, column quantity: x is no number.", "Correct it.")
    found = Finding("f", Severity.warning, "row 3", "See row 2.")
    (complaint,) = rows.complaints([found])
    assert (complaint.subject, complaint.message) == ("row 2", "See row 1.")
    assert read_pasted("symbol,quantity\nVTI,1").complaints([found]) == (found,)
