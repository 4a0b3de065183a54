"""Titles that never contradict the tiles below them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keel import units
from keel.domain.study.headline import NEVER, backtest_finding


def title(*leads: float) -> str:
    """The title of policies that lead Never by so much, with equal falls, on one line of plain blanks."""
    cagr = {NEVER: 0.07} | {f"Policy {i}": 0.07 + lead for i, lead in enumerate(leads)}
    return backtest_finding(cagr, dict.fromkeys(cagr, -0.3)).replace(units.SPACE, " ")


def test_a_policy_that_gained_a_little_is_not_among_those_that_took_away() -> None:
    assert title(-0.011, 0.00044).startswith("Rebalancing changed the return by −1.10 pp to +0.04 pp a year")


def test_a_policy_that_lost_a_little_is_not_among_those_that_added() -> None:
    assert title(0.011, -0.0002).startswith("Rebalancing changed the return by −0.02 pp to +1.10 pp a year")


@pytest.mark.parametrize(
    ("leads", "words"),
    [
        ((0.003, 0.007), "Rebalancing added 0.3 to 0.7 points a year"),
        ((-0.003, -0.007), "Rebalancing cost 0.3 to 0.7 points a year"),
        ((0.0001, 0.001), "Rebalancing added up to 0.1 points a year"),
        ((-0.003, 0.007), "Rebalancing changed the return by −0.3 pp to +0.7 pp a year"),
        ((0.0001, -0.0001), "Rebalancing made no difference to the return"),
    ],
)
def test_the_words_follow_the_signs(leads: tuple[float, ...], words: str) -> None:
    assert title(*leads).startswith(words)


@given(st.lists(st.floats(-0.05, 0.05), min_size=1, max_size=3))
def test_the_title_has_the_sign_of_every_tile(leads: list[float]) -> None:
    tiles = [units.pp((0.07 + lead) - 0.07, 2) for lead in leads]
    words = title(*leads)
    if "added" in words:
        assert not any(tile.startswith(units.MINUS) for tile in tiles)
    if " cost " in words:
        assert not any(tile.startswith("+") for tile in tiles)
