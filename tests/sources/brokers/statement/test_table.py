"""Tables found by their headers, and rows read by column."""

from __future__ import annotations

from datetime import date

import pytest

from keel.domain.reading.amount import Mark
from keel.domain.reading.day import DayForm
from keel.errors import ImportFormatError
from keel.sources.brokers.statement.document import open_document
from keel.sources.brokers.statement.table import Layout, Line, is_remark, lines, tables, word

LAYOUT = Layout(frozenset({"price"}), frozenset({"day"}), Mark.point, DayForm.month_first)


def read(text: str) -> tuple[Line, ...]:
    document = open_document(text.encode(), "t.csv")
    (table,) = tables(document.records, lambda words: {"day", "price"} <= words)
    return lines(table, document.place, LAYOUT)


def test_a_table_is_found_below_a_title_and_above_a_remark() -> None:
    (line,) = read('A title\nDay,Price ($)\n1/5/2026,"$1,200.50"\n"This is no advice, at all."\n')
    assert (line.day("day"), line.number("price"), line.place.row) == (date(2026, 1, 5), 1200.5, 3)
    assert str(line.at("price")) == "t.csv, row 3, column Price ($)"


def test_days_of_several_forms_stand_in_one_column() -> None:
    assert [line.day("day") for line in read("Day,Price\n20260105,1\n01/06/2026,1\nJan 7 2026,1\n")] == [
        date(2026, 1, 5),
        date(2026, 1, 6),
        date(2026, 1, 7),
    ]


def test_a_row_above_its_header_is_refused() -> None:
    document = open_document(b"a,b,c,d\nDay,Price,Note,More\n1/5/2026,1,a,b\n", "t.csv")
    (table,) = tables(document.records, lambda words: "price" in words)
    with pytest.raises(ImportFormatError, match="row 1: the row stands above the header"):
        lines(table, document.place, LAYOUT)


def test_two_tables_share_no_rows() -> None:
    document = open_document(b"One thing\nDay,Price\n1,2\nThe other\nDay,Price\n3,4\n", "t.csv")
    first, second = tables(document.records, lambda words: "day" in words)
    assert [r.cells for r in first.rows] == [["1", "2"]]
    assert ([r.cells for r in second.above], [r.cells for r in second.rows]) == ([["The other"]], [["3", "4"]])


def test_each_column_may_have_its_own_decimal_mark_but_only_one() -> None:
    both = Layout(frozenset({"price", "units"}), frozenset({"day"}), Mark.point, DayForm.month_first)
    document = open_document(b"Day;Price;Units\n1/5/2026;$2,643.76;120,5\n1/6/2026;$1,643;1,234\n", "t.csv")
    (table,) = tables(document.records, lambda words: "price" in words)
    first, second = lines(table, document.place, both)
    assert (first.number("price"), first.number("units")) == (2643.76, 120.5)
    assert (second.number("price"), second.number("units")) == (1643.0, 1.234)
    with pytest.raises(ImportFormatError, match="row 3, column Price: some numbers have a decimal comma"):
        read('Day,Price\n1/5/2026,1.5\n1/6/2026,"1,5"\n')


def test_what_a_spreadsheet_writes_around_a_text_goes() -> None:
    (line,) = read('Day,Price,Note\n1/5/2026,\'-5,"=""0012"""\n')
    assert (line.number("price"), line.text("note")) == (-5.0, "0012")


def test_a_cell_beyond_the_last_column_is_refused() -> None:
    with pytest.raises(ImportFormatError, match="row 2: there are 3 cells for 2 columns"):
        read("Day,Price\n1/5/2026,1,200\n")


def test_a_cell_that_holds_nothing_is_none() -> None:
    (line,) = read("Day,Price,Note\n1/5/2026,--,n/a\n")
    assert (line.number("price"), line.text("note"), line.number("fee", "price")) == (None, "", None)
    with pytest.raises(ImportFormatError, match="column Note: there is no date"):
        line.day("note")


def test_prose_is_told_from_a_row_that_was_cut_off() -> None:
    document = open_document(b"a,b\nThis is prose,\nX12345678,\n", "t.csv")
    assert [is_remark(record) for record in document.records] == [False, True, False]


def test_a_long_name_in_brackets_is_the_name() -> None:
    assert [word(w) for w in ("Amount (EUR)", "% of Acct (% of Account)", "Asset_Class", "SYMBOL*")] == [
        "amount",
        "% of account",
        "asset class",
        "symbol",
    ]
