"""Text to rows: each with the number of its line, whatever the separator."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keel.domain.reading.place import Place
from keel.domain.reading.rows import Record, fitted, read_table, records, repeated, require_distinct, separator
from keel.errors import ImportFormatError

FILE = Place("a.csv")


@pytest.mark.parametrize(
    ("text", "mark"),
    [("a,b", ","), ("a;b;c,d", ";"), ("a\tb", "\t"), ("a|b", "|"), ("a", ","), ('\n\n"x,y,z";b', ";"), ("", ",")],
)
def test_the_separator_is_the_one_that_splits_the_first_line_most(text: str, mark: str) -> None:
    assert separator(text) == mark


def test_rows_have_the_number_of_their_first_line_and_blank_ones_are_left_out() -> None:
    text = 'path,weight\n\n , \n"two\nlines", 60% \nlast,1'
    assert [*records(text, FILE)] == [
        Record(1, ["path", "weight"]),
        Record(4, ["two\nlines", "60%"]),
        Record(6, ["last", "1"]),
    ]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_any_line_end_ends_a_line(newline: str) -> None:
    assert [r.line for r in records(newline.join(["a,b", "1,2", "3,4"]), FILE)] == [1, 2, 3]


def test_open_quotes_are_refused_where_it_is_asked_for() -> None:
    text = 'a,b\n1,2\nx,"open\nand on'
    assert len([*records(text, FILE)]) == 3
    with pytest.raises(ImportFormatError, match=r"a\.csv, row 3: the row cannot be split into cells") as caught:
        [*records(text, FILE, strict=True)]
    assert caught.value.row == 3


@given(st.lists(st.lists(st.text(max_size=5), min_size=2, max_size=2), min_size=1, max_size=5))
def test_what_a_csv_writer_writes_is_read_again(table: list[list[str]]) -> None:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([["a", "b"], *table])
    rows = [r.cells for r in records(text.getvalue(), FILE, strict=True)]
    assert rows[1:] == [[c.strip() for c in row] for row in table if any(c.strip() for c in row)]


def test_a_row_is_as_wide_as_the_header() -> None:
    assert fitted(Record(2, ["1"]), 3, FILE) == ["1", "", ""]
    assert fitted(Record(2, ["1", "2", "", ""]), 2, FILE) == ["1", "2"]
    with pytest.raises(ImportFormatError, match=r"a\.csv, row 2: there are 3 cells for 2 columns\.") as caught:
        fitted(Record(2, ["1", "2", "3"]), 2, FILE)
    assert caught.value.row == 2


def test_a_column_twice_is_named() -> None:
    assert (repeated(["a", "", "", "b"]), repeated(["a", "b", "b", "a"])) == ("", "b")
    require_distinct(["a", "b"], FILE)
    with pytest.raises(ImportFormatError, match="column b: the column is there twice") as caught:
        require_distinct(["a", "b", "b"], Place("a.csv", 1))
    assert (caught.value.row, caught.value.column) == (1, "b")


def test_a_table_is_read_by_the_names_of_its_columns() -> None:
    table = read_table('Symbol ; Name\nVTI;"Total \n market"\n\nBND\n', FILE)
    assert table.columns == ("symbol", "name")
    assert [(row.place.row, dict(row.cells)) for row in table.rows] == [
        (2, {"symbol": "VTI", "name": "Total market"}),
        (5, {"symbol": "BND", "name": ""}),
    ]
    first = table.rows[0]
    assert str(first.at("name")) == "a.csv, row 2, column name"
    assert (first.first("ticker", "symbol"), first.cell("ticker", "symbol"), first.cell("x")) == ("symbol", "VTI", "")


def test_a_small_text_that_would_become_a_large_table_is_refused() -> None:
    wide = ",".join(f"c{n}" for n in range(20_000))
    with pytest.raises(ImportFormatError, match=r"a\.csv: it has more than 5,000,000 cells"):
        read_table(wide + "\n" + "x\n" * 400, FILE)
    with pytest.raises(ImportFormatError, match=r"a\.csv, row 1: there are 20,001 columns"):
        read_table(wide + ",one_more\nx", FILE)


def test_remarks_above_a_table_are_passed_over_and_counted() -> None:
    text = "# Hypothetical; not advice;\n# cost: 10 bps\ndate,A\n2024-01-02,1\n# not,above\n"
    assert separator(text) == ","
    assert [*records(text, FILE)] == [
        Record(3, ["date", "A"]),
        Record(4, ["2024-01-02", "1"]),
        Record(5, ["# not", "above"]),
    ]
