"""Places in words, and the one form of a complaint."""

from __future__ import annotations

import pytest

from keel.domain.issue import Severity
from keel.domain.reading.place import Place


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (Place("a.csv"), "a.csv"),
        (Place("a.csv", 3), "a.csv, row 3"),
        (Place("a.csv", 3, "weight"), "a.csv, row 3, column weight"),
        (Place("a.json").field("buckets").item(2).field("path"), "a.json, field buckets[2].path"),
        (Place("a.csv", 3, "rules").field("include_tags").item(0), "a.csv, row 3, column rules.include_tags[0]"),
        (Place("a\x1b[31m.csv"), "a\\x1b[31m.csv"),
    ],
)
def test_a_place_says_where(place: Place, words: str) -> None:
    assert str(place) == words


def test_an_error_has_its_place_in_words_and_as_values() -> None:
    error = Place("a.csv", 3, "weight").error("is missing.", "Write one.")
    assert (error.message, error.hint) == ("a.csv, row 3, column weight: is missing.", "Write one.")
    assert (error.row, error.column, error.subject) == (3, "weight", "a.csv")
    assert Place("a.csv").error("is empty.").column is None


def test_a_warning_has_its_place_as_its_subject() -> None:
    note = Place("a.csv", 3, "colour").warning("unknown_field", "Not known.", "Remove it.")
    assert (note.code, note.severity, note.subject) == ("unknown_field", Severity.warning, "row 3, colour")
    assert Place("a.csv", 3).warning("pending", "is left out").subject == "row 3"
    assert Place("a.json", column="note").warning("x", "y").subject == "note"
