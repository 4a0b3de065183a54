"""How histories are resampled when nobody says otherwise."""

from __future__ import annotations

from keel.domain.study.resampling import USUAL, Design, Resampling


def test_usually_whole_histories_are_drawn_in_blocks_that_suit() -> None:
    assert Resampling(draws=500, seed=0, level=0.95, design=Design.histories, block=None) == USUAL
    assert Design("paired") is Design.paired
