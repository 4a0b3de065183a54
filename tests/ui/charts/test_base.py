"""Tokens, slots, the strip and the coverage bars."""

from __future__ import annotations

import json
import tomllib
from datetime import date
from pathlib import Path

import pytest

from keel import settings
from keel.domain.framework.records import Bucket, Framework
from keel.services import design
from keel.ui.charts import tokens
from keel.ui.charts.coverage import coverage_bars
from keel.ui.charts.slots import slots
from keel.ui.charts.strip import allocation_strip

THEME = Path(__file__).resolve().parents[3] / ".streamlit" / "config.toml"


def test_the_print_colours_are_those_of_the_light_theme() -> None:
    light = tomllib.loads(THEME.read_text(encoding="utf-8"))["theme"]["light"]
    painted = [tokens.PRINT[token] for token in (*tokens.SLOTS, *tokens.SEQUENTIAL, *tokens.DIVERGING)]
    expected = [light[f"chart{kind}Colors"] for kind in ("Categorical", "Sequential", "Diverging")]
    assert painted == [colour for row in expected for colour in row]
    assert tokens.PRINT[tokens.INK] == light["textColor"]


def test_painting_leaves_no_token_and_keeps_the_original() -> None:
    fig = allocation_strip(("Equity", "Bonds"), (0.6, 0.4), (0, 1))
    painted = tokens.paint(fig).to_json()
    assert not any(token in painted for token in tokens.PRINT)
    assert tokens.SLOTS[0] in fig.to_json()


def test_the_strip_shows_every_part_in_its_slot_and_writes_the_wide_ones() -> None:
    fig = allocation_strip(("Equity", "Bonds", "Gold"), (0.6, 0.35, 0.05), (0, 1, 2))
    assert [bar.x[0] for bar in fig.data] == [0.6, 0.35, 0.05]
    assert [bar.text for bar in fig.data] == ["60", "35", ""]
    assert [bar.marker.color for bar in fig.data] == list(tokens.SLOTS[:3])


@pytest.mark.parametrize(("weights", "parts"), [((0.6, 0.4), 2), ((0.6, 0.38), 3), ((0.7, 0.4), 2), ((), 1)])
def test_only_what_is_missing_is_grey(weights: tuple[float, ...], parts: int) -> None:
    fig = allocation_strip(tuple("ab"[: len(weights)]), weights, tuple(range(len(weights))))
    assert len(fig.data) == parts


def test_a_persons_words_cannot_become_markup() -> None:
    fig = allocation_strip(("<script>%{x}",), (1.0,), (0,))
    assert "&lt;script&gt;% {x}" in fig.data[0].hovertemplate


def test_a_bucket_has_the_slot_its_template_gives_it() -> None:
    for template in design.templates(settings.load()):
        given = slots(template.framework)
        assert {path: given[path] for path in template.slots} == dict(template.slots)


def test_parts_are_kin_of_their_class_and_unknown_words_get_free_slots() -> None:
    tree = ("A/Equity", "A/Equity/US", "A/Equity/World", "A/Equity/EM", "A/Timber", "A/Art")
    found = slots(Framework("x", tuple(Bucket(path, path, 0.1) for path in tree)))
    assert [found[path] for path in tree] == [0, 0, 7, 9, 1, 2]


def test_coverage_has_a_bar_per_series_from_its_first_to_its_last_day() -> None:
    fig = coverage_bars(["Old", "New"], [date(2000, 1, 31), date(2010, 1, 31)], [date(2020, 1, 31)] * 2)
    bars = json.loads(fig.to_json())["data"][0]
    assert bars["base"] == ["2000-01-31", "2010-01-31"]
    assert bars["customdata"] == ["Jan 2000 – Jan 2020", "Jan 2010 – Jan 2020"]
