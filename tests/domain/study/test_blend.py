"""A blend is read in one form, said in few words, and is a book like any other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keel.domain.framework.records import Holding
from keel.domain.policy.kinds import Trigger
from keel.domain.policy.records import Cadence
from keel.domain.reading.place import Place
from keel.domain.study.blend import (
    Blend,
    blend_json,
    blend_of,
    book_of,
    describe_blend,
    look_words,
    parse_blend,
    parse_parts,
    policy_of,
)
from keel.errors import ImportFormatError, InputError

HERE = Place("it")
SIXTY = Blend("60/40", (Holding("VT", 0.6), Holding("BND", 0.4)))


def test_a_blend_is_a_book_with_a_leaf_a_part() -> None:
    book = book_of(SIXTY)
    assert (book.symbols, book.targets.tolist(), book.leaf.tolist()) == (("VT", "BND"), [0.6, 0.4], [0, 1])
    assert (policy_of(SIXTY).trigger, policy_of(SIXTY).look) == (Trigger.calendar, Cadence.annual)
    assert policy_of(Blend("Held", SIXTY.parts, None)).trigger is Trigger.never


def test_a_symbol_is_a_blend_of_one_that_is_only_held() -> None:
    assert blend_of("SPY") == Blend("SPY", (Holding("SPY", 1.0),), None)
    assert blend_of("") is None
    assert blend_of(SIXTY) is SIXTY


def test_it_is_said_in_words() -> None:
    assert describe_blend(SIXTY) == "60% VT, 40% BND, rebalanced yearly"
    assert look_words(Cadence.semiannual) == "rebalanced twice a year"


def test_parts_are_written_as_in_a_cell() -> None:
    assert parse_parts("VT:0.6;BND:0.4", HERE) == {"VT": "0.6", "BND": "0.4"}
    assert parse_parts("LSE:VWRL: 100%", HERE) == {"LSE:VWRL": "100%"}
    for wrong in ("VT", "VT:60%, VT:40%", ":60%"):
        with pytest.raises(ImportFormatError, match="is no part"):
            parse_parts(wrong, HERE)


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ({"name": "X", "parts": {"VT": 0.6}}, "parts: make 60.0%, not 100%"),
        ({"name": "X", "parts": {}}, "make 0.0%"),
        ({"name": "X", "parts": {"VT": 1.4, "BND": -0.4}}, "parts.VT: is above 0%"),
        ({"name": "X", "parts": {"VT": 60, "BND": 40}}, "is above 0% and at most 100%"),
        ({"name": "X", "parts": {"VT": "lots"}}, "is not a number"),
        ({"name": "X", "parts": ["VT"]}, "must be an object"),
        ({"name": "", "parts": {"VT": 1}}, "name: has 1 to 60 characters"),
        ({"name": "X", "parts": {"VT": 1}, "look": "sometimes"}, "look: must be one of never, daily"),
        ({"name": "X", "parts": {"VT": 1}, "look": None}, "look: must be one of"),
        ({"name": "X", "parts": {"VT": 0.5, " VT": 0.5}}, "name each product once"),
    ],
)
def test_what_is_no_blend_is_said_with_its_field(given: object, complaint: str) -> None:
    with pytest.raises(InputError, match=complaint):
        parse_blend(given, HERE)


@given(st.lists(st.integers(1, 1000), min_size=1, max_size=30), st.sampled_from([None, *Cadence]))
def test_a_blend_is_read_back_as_it_was_written(sizes: list[int], look: Cadence | None) -> None:
    total = sum(sizes)
    blend = Blend("B", tuple(Holding(f"S{n}", size / total) for n, size in enumerate(sizes)), look)
    assert parse_blend(blend_json(blend), HERE) == blend
    assert abs(book_of(blend).targets.sum() - 1.0) < 1e-12
