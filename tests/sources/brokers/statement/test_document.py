"""What a file is: a table, JSON or XML, judged before it becomes large."""

from __future__ import annotations

import io

import pytest
from openpyxl import Workbook

from keel.errors import ImportFormatError
from keel.sources.brokers.statement.document import open_document, widest


def test_a_text_is_split_by_what_separates_it_below_its_title() -> None:
    document = open_document("Depot, Stand heute\n\nName;Kurs\nA;1,5\nB;2,5\n".encode("cp1252"), "d.csv")
    assert document.separated == ";"
    assert [r.cells for r in document.records][1:] == [["Name", "Kurs"], ["A", "1,5"], ["B", "2,5"]]
    assert widest("Code\na,FPA;O;P,1\nb,O,2") == ","


def test_the_separator_that_a_spreadsheet_names_is_believed() -> None:
    document = open_document(b"sep=;\nA;B,C\n1;2,5\n", "d.csv")
    assert [r.cells for r in document.records] == [["A", "B,C"], ["1", "2,5"]]


def test_a_sheet_has_rows_and_no_separator() -> None:
    book, buffer = Workbook(), io.BytesIO()
    book.active.append(["Symbol", "Quantity"])
    book.active.append(["VTI", 1.5])
    book.save(buffer)
    document = open_document(buffer.getvalue(), "d.xlsx")
    assert ([r.cells for r in document.records], document.separated) == ([["Symbol", "Quantity"], ["VTI", "1.5"]], "")


def test_json_and_xml_are_told_by_their_beginning() -> None:
    assert open_document(b' {"a": 1}', "x.csv").json == {"a": 1}
    assert open_document(b"\xef\xbb\xbf<client/>", "x.csv").xml == "<client/>"


def test_the_stem_is_without_the_number_of_a_second_download() -> None:
    assert open_document(b"a,b\n1,2\n", "Depot (1).csv").stem == "Depot"


def test_what_breaks_off_is_refused() -> None:
    with pytest.raises(ImportFormatError, match="row 3: the file breaks off"):
        open_document(b"a,b,c\n1,2,3\n4", "d.csv")
    with pytest.raises(ImportFormatError, match="row 3: the file breaks off"):
        open_document(b"name,b,c\n1,2,3\nThe total stock mar", "d.csv")
    assert len(open_document(b'a,b,c\n1,2,3\n"This is no advice"', "d.csv").records) == 3
    with pytest.raises(ImportFormatError, match="row 2"):
        open_document(b'a,b,c\n1,2,"3', "d.csv")
    assert len(open_document(b"a,b,c\n1,2,3", "d.csv").records) == 2


def test_more_columns_than_can_be_used_are_refused_at_once() -> None:
    with pytest.raises(ImportFormatError, match="row 1: there are 20,001 columns"):
        open_document(b",".join([b"c"] * 20_001), "d.csv")
