"""What a person said of a table's columns is remembered for every file with the same header."""

from __future__ import annotations

import pytest
from tests.engine import blank

from keel.domain.reading.place import Place
from keel.errors import ImportFormatError
from keel.services.shared.held.columns import header_of, read_columns, remember, remembered
from keel.sources.brokers.columns import Columns

FILE = b"Was,Wieviel,Bemerkung\nVTI,10,x\n"
SAID = Columns(symbol="Was", quantity="Wieviel")


def test_columns_are_remembered_by_the_header() -> None:
    db = blank()
    assert remembered(db, FILE, "a.csv") is None
    remember(db, FILE, "a.csv", SAID)
    assert remembered(db, b"Was,Wieviel,Bemerkung\nBND,3,y\n", "b.csv") == SAID
    assert remembered(db, b"Was,Menge\nBND,3\n", "b.csv") is None
    assert header_of(b"", "empty.csv") is None
    db.close()


def test_what_no_column_holds_is_refused_with_its_field() -> None:
    assert read_columns({"symbol": "Was", "quantity": "Wieviel"}, Place("--columns")) == SAID
    for wrong in ({"colour": "Was"}, {"dates": "last"}, {"symbol": 3}):
        with pytest.raises(ImportFormatError, match="--columns"):
            read_columns(wrong, Place("--columns"))
