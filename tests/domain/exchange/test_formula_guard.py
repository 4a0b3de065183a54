"""No cell runs as a formula, and none is changed by that for good."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keel.domain.exchange.formula_guard import guarded, unguarded


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", " =", "\t@", '"=', "'=", ' "-', "  '+"])
def test_what_could_run_gets_an_apostrophe(start: str) -> None:
    assert guarded(f"{start}1+1") == f"'{start}1+1"


@pytest.mark.parametrize("cell", ["Equity", "", "A=B", "1-2", "60%", -0.5, 1, None])
def test_plain_words_and_numbers_are_left_alone(cell: object) -> None:
    assert guarded(cell) == cell


@given(st.text())
def test_taking_the_guard_away_gives_back_the_cell(cell: str) -> None:
    assert unguarded(str(guarded(cell))) == cell
