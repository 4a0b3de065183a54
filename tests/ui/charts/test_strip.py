"""The allocation strip."""

from __future__ import annotations

import pytest

from keel.ui.charts import tokens
from keel.ui.charts.strip import allocation_strip, escape


def test_the_strip_shows_every_part_in_its_slot_and_writes_the_wide_ones() -> None:
    fig = allocation_strip(("Equity", "Bonds", "Gold"), (0.6, 0.35, 0.05), (0, 1, 2))
    assert [bar.x[0] for bar in fig.data] == [0.6, 0.35, 0.05]
    assert [bar.text for bar in fig.data] == ["60", "35", ""]
    assert [bar.marker.color for bar in fig.data] == list(tokens.SLOTS[:3])


@pytest.mark.parametrize(("weights", "parts"), [((0.6, 0.4), 2), ((0.6, 0.38), 3), ((0.7, 0.4), 2), ((), 1)])
def test_only_what_is_missing_is_grey(weights: tuple[float, ...], parts: int) -> None:
    fig = allocation_strip(tuple("ab"[: len(weights)]), weights, tuple(range(len(weights))))
    assert len(fig.data) == parts


def test_what_is_missing_and_what_is_too_much_are_within_the_picture() -> None:
    missing, too_much = allocation_strip(("a",), (0.4,), (0,)), allocation_strip(("a", "b"), (0.7, 0.5), (0, 1))
    assert missing.data[-1].x[0] == pytest.approx(0.6)
    assert missing.data[-1].marker.color == tokens.SHADE
    assert list(missing.layout.xaxis.range) == [0, 1.0]
    assert list(too_much.layout.xaxis.range) == [0, pytest.approx(1.2)]


def test_a_persons_words_cannot_become_markup() -> None:
    fig = allocation_strip(("<script>%{x}",), (1.0,), (0,))
    assert "&lt;script&gt;% {x}" in fig.data[0].hovertemplate
    assert escape("R&D") == "R&amp;D"
