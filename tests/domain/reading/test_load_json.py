"""Text to JSON values: sound ones, or a complaint with its place."""

from __future__ import annotations

import json
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keel.domain.reading.load_json import DEEPEST, load_json
from keel.domain.reading.place import Place
from keel.errors import ImportFormatError

FILE = Place("mix.json")
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=10,
)


@given(VALUES)
def test_what_json_holds_comes_back(value: object) -> None:
    assert load_json(json.dumps(value), FILE) == value


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"a": 1, "a": 2}', 'mix.json, field a: the key "a" is given twice.'),
        ('{"a": [0, NaN]}', "mix.json, field a[1]: NaN is not a finite number."),
        ("-Infinity", "mix.json: -Infinity is not a finite number."),
        ('{"a": 1e999}', "mix.json, field a: Infinity is not a finite number."),
        ('["\\ud800"]', "mix.json, field [0]: holds half a character."),
        ('{"a": [}', "mix.json, line 1, column 8: not valid JSON (expecting value)."),
        ("1" * 5_000, "mix.json: it holds a number too long to be read."),
    ],
)
def test_what_cannot_be_used_is_named_with_its_place(text: str, words: str) -> None:
    with pytest.raises(ImportFormatError) as caught:
        load_json(text, FILE)
    assert caught.value.message == words


def test_in_a_cell_the_character_is_counted() -> None:
    with pytest.raises(ImportFormatError, match=r"row 3, column rules: character 2 is not valid JSON") as caught:
        load_json("{x", Place("mix.csv", 3, "rules"))
    assert (caught.value.row, caught.value.column) == (3, "rules")


@pytest.mark.parametrize(("deep", "fits"), [(DEEPEST - 1, True), (DEEPEST, True), (DEEPEST + 1, False)])
def test_nesting_has_a_limit(deep: int, fits: bool) -> None:
    text = "[" * deep + "]" * deep
    if fits:
        assert isinstance(load_json(text, FILE), list)
        return
    with pytest.raises(ImportFormatError, match="nested too deeply"):
        load_json(text, FILE)


def test_the_deepest_and_the_widest_are_refused_without_a_crash() -> None:
    with pytest.raises(ImportFormatError, match="nested too deeply"):
        load_json("[" * 100_000, FILE)
    with pytest.raises(ImportFormatError, match="far more values"):
        load_json("[" + "[]," * 200_001 + "[]]", FILE)


def test_a_text_that_would_become_too_many_values_is_refused_before_it_does() -> None:
    text = "{" + ",".join(f'"k{n}":0' for n in range(300_000)) + "}"
    tracemalloc.start()
    with pytest.raises(ImportFormatError, match=r"mix\.json: it holds far more values than can be used\."):
        load_json(text, FILE)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 100_000
