"""Bars of targets and bullets of weights."""

from __future__ import annotations

from dataclasses import replace

from tests.pack.materials import FRAMEWORK, held

from keel.domain.framework.records import Bucket
from keel.pack.paper.bars import MOST_ROWS, allocation, bullets, targets
from keel.pack.paper.picture import Box, Dot, Word


def test_a_bar_is_as_long_as_its_target() -> None:
    picture = allocation(targets(FRAMEWORK, {"AssetClass/Bonds": (0.05, 0.05)}))
    long = {round(mark.size[0], 1) for mark in picture.marks if isinstance(mark, Box)}
    assert len(long) == 2  # two of 40 % and one of 20 %
    assert max(long) / min(long) == 2.0
    assert [m.text for m in picture.marks if isinstance(m, Word)][-3:-1] == ["Bonds", "40.0%"]


def test_of_many_leaves_the_top_level_is_drawn() -> None:
    parts = tuple(Bucket(f"A/All/{n}", str(n), 1 / 40) for n in range(40))
    rows = targets(replace(FRAMEWORK, buckets=(Bucket("A/All", "All", 1.0), *parts)), {})
    assert [row.label for row in rows] == ["All"]
    assert len(parts) > MOST_ROWS


def test_what_lies_outside_its_band_has_another_shape() -> None:
    drift = held().drift
    assert drift is not None
    dots = [m for m in bullets([row for row in drift.buckets if row.leaf]).marks if isinstance(m, Dot)]
    assert [dot.diamond for dot in dots] == [True, False, True]
