"""The printed colours are those of the light theme, readable on white."""

from __future__ import annotations

import tomllib
from pathlib import Path

from keel import palette

THEME = Path(__file__).resolve().parents[1] / ".streamlit" / "config.toml"


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_they_are_those_of_the_light_theme() -> None:
    light = tomllib.loads(THEME.read_text(encoding="utf-8"))["theme"]["light"]
    assert list(palette.SLOTS) == light["chartCategoricalColors"]
    assert list(palette.SEQUENTIAL) == light["chartSequentialColors"]
    assert list(palette.DIVERGING) == light["chartDivergingColors"]
    assert light["textColor"] == palette.INK


def test_words_in_grey_under_and_over_can_be_read_on_white() -> None:
    for colour in (palette.INK, palette.QUIET, palette.UNDER, palette.OVER):
        assert 1.05 / (luminance(colour) + 0.05) >= 3.0
