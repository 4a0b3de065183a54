"""Colours are tokens that the browser swaps for the theme's, and print swaps for the light theme's."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from keel.ui.charts import tokens
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


def test_no_token_stands_for_two_colours() -> None:
    named = [*tokens.SLOTS, *tokens.SEQUENTIAL, *tokens.DIVERGING, tokens.INK, tokens.PAPER]
    assert len(named) == len(set(named)) == len(tokens.PRINT)


def test_a_figure_has_its_height_its_margin_and_no_zoom() -> None:
    fig = tokens.figure([{"type": "scatter", "x": [1, 2], "y": [1, 2]}], {}, 200, right=50)
    assert (fig.layout.height, fig.layout.margin.r, fig.layout.margin.t) == (200, 50, 8)
    assert fig.layout.xaxis.fixedrange
    assert fig.layout.yaxis.fixedrange
    assert fig.layout.xaxis.tickfont.color == tokens.QUIET
    assert fig.layout.hovermode == "x unified"


def test_what_a_figure_sets_itself_is_kept() -> None:
    points = {"type": "scatter", "x": [1], "y": [1]}
    fig = tokens.figure([points], {"hovermode": "closest", "xaxis": {"title": {"text": "Band, pp"}}}, 100)
    assert (fig.layout.hovermode, fig.layout.xaxis.title.text) == ("closest", "Band, pp")
    assert fig.layout.xaxis.title.font.color == tokens.QUIET


def test_what_plotly_does_not_know_fails_here_and_costs_no_page_a_check(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match="opacityy"):
        tokens.figure([{"type": "scatter", "opacityy": 1}], {}, 100)
    monkeypatch.setattr(tokens, "CHECKED", False)
    tokens.figure([{"type": "scatter", "opacityy": 1}], {}, 100)


def test_a_colour_bar_writes_the_text_it_is_given() -> None:
    bar = tokens.colour_bar([0.0, 1.0], ["none", "all"])
    assert (bar["tickvals"], bar["ticktext"], bar["orientation"]) == ([0.0, 1.0], ["none", "all"], "h")
