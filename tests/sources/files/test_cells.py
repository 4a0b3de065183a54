"""Cells as facts: what is empty is not known."""

from __future__ import annotations

from datetime import date

import pytest

from keel.domain.reading.place import Place
from keel.domain.reading.rows import Row, read_table
from keel.errors import ImportFormatError
from keel.sources.files.cells import day, number, require_columns

ROW = Row(Place("u.csv", 2), {"fee": "0.03%", "aum": "", "begun": "2020-01-31", "bad": "x"})


def test_a_filled_cell_is_a_value_and_an_empty_one_none() -> None:
    assert (number(ROW, "fee"), number(ROW, "aum"), number(ROW, "absent")) == (0.0003, None, None)
    assert (day(ROW, "absent", "begun"), day(ROW, "aum")) == (date(2020, 1, 31), None)


def test_bounds_and_missing_columns_are_named() -> None:
    with pytest.raises(ImportFormatError, match=r'u\.csv, row 2, column fee: "0.03%" is below 1\.'):
        number(ROW, "fee", low=1.0)
    with pytest.raises(ImportFormatError, match=r'column fee: "0.03%" is above 0\.'):
        number(ROW, "fee", high=0.0)
    with pytest.raises(ImportFormatError, match='"x" is not a number'):
        number(ROW, "bad")
    table = read_table("a,b\n1,2", Place("u.csv"))
    require_columns(table, "a", "b")
    with pytest.raises(ImportFormatError, match=r"u\.csv, row 1, column c: there is no column of that name"):
        require_columns(table, "a", "c")
