"""Foreign text made fit to show, and words made fit to be tags."""

from __future__ import annotations

import re
from typing import Annotated

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field, TypeAdapter, ValidationError

from keel.domain.mapping.screening import canonical
from keel.domain.market.instrument import derive_tags
from keel.domain.text import NAME, has_controls, named, plain, shown, slug, tidy


@given(st.text(), st.integers(1, 80))
def test_whatever_is_shown_is_one_short_printable_line(text: str, most: int) -> None:
    assert plain(text, most).isprintable()
    assert len(plain(text, most)) <= 10 * most + 1  # an unprintable character may take ten to say
    assert shown(text) == f'"{plain(text)}"'


def test_controls_and_line_breaks_are_found() -> None:
    assert [has_controls(text) for text in ("a\x1bb", "a\nb", "a\u2028b", "a\x7fb", "Größe")] == [True] * 4 + [False]


@pytest.mark.parametrize("blank", [chr(code) for code in range(0x3001) if chr(code).isspace()], ids=ascii)
def test_blanks_alone_are_no_name_by_any_engine(blank: str) -> None:
    assert re.search(NAME, blank + "a")
    assert not re.search(NAME, 2 * blank)
    with pytest.raises(ValidationError):  # the pattern as Rust reads it
        TypeAdapter(Annotated[str, Field(pattern=NAME)]).validate_python(2 * blank)


def test_blanks_and_line_breaks_become_one_blank() -> None:
    assert tidy(" US \n  equity ") == "US equity"


@pytest.mark.parametrize(
    ("value", "words"),
    [(None, "null"), (True, "true"), ({}, "an object"), ([], "a list"), ("x", '"x"'), (0.5, "0.5"), (7, "a number")],
)
def test_a_wrong_value_is_named_in_a_few_words(value: object, words: str) -> None:
    assert named(value) == words


def test_a_word_of_any_language_is_the_same_tag_in_a_rule_and_on_a_product() -> None:
    assert slug("Größe & Wert") == "größe_wert"
    assert derive_tags(region="Größe & Wert") == (canonical("region:Größe & Wert"),) == ("region:größe_wert",)


@given(st.text())
def test_a_tag_is_lower_case_words_and_single_underscores(text: str) -> None:
    tag = slug(text)
    assert not re.search(r"__|^_|_$|\s", tag)
    assert slug(tag) == slug(tag.lower())
