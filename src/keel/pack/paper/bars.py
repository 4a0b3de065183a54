"""Targets as bars, and weights against their bands: a row a bucket."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from keel import palette, units
from keel.domain.drift.measure import BucketDrift, Status
from keel.domain.framework.records import Framework
from keel.domain.framework.slots import slots
from keel.domain.framework.tree import leaves, top
from keel.domain.text import plain
from keel.pack.paper.picture import Axis, Box, Dot, Line, Mark, Picture, Word

WIDTH, LABEL, VALUE = 470.0, 140.0, 92.0  # of the picture, of the words before a row, and after it
ROW, BAR = 19.0, 10.0
MOST_ROWS = 20
LONGEST_LABEL = 30
SHADE = "#E3E8EC"


@dataclass(frozen=True, slots=True)
class Target:
    """A bucket with its target and how far it may stray to either side, None where no band is set."""

    label: str
    target: float
    colour: str
    below: float | None = None
    above: float | None = None


def targets(framework: Framework, widths: dict[str, tuple[float, float]]) -> tuple[Target, ...]:
    """The leaves as rows, ``widths`` the half-widths by path; the top level where there are too many leaves."""
    colours, ends = slots(framework), leaves(framework)
    rows = ends if len(ends) <= MOST_ROWS else top(framework)[:MOST_ROWS]
    return tuple(
        Target(b.label, b.target_weight, palette.SLOTS[colours[b.path]], *widths.get(b.path, (None, None)))
        for b in rows
    )


def allocation(rows: Sequence[Target]) -> Picture:
    """A bar a row as long as its target, and a line from one edge of its band to the other."""
    reach = max((row.target + (row.above or 0.0) for row in rows), default=1.0)
    across = Axis(0.0, min(max(reach, 1e-6), 1.0), LABEL, WIDTH - VALUE)
    marks: list[Mark] = []
    for n, row in enumerate(rows):
        middle = ROW * n + ROW / 2
        marks.append(Word((LABEL - 8, middle), plain(row.label, LONGEST_LABEL), palette.INK, 8.5, "end"))
        marks.append(Box((LABEL, middle - BAR / 2), (max(across.at(row.target) - LABEL, 0.5), BAR), row.colour))
        marks += _whisker(row, across, middle)
        marks.append(Word((WIDTH - VALUE + 10, middle), units.weight(row.target), palette.INK, 8.5, strong=True))
        if row.below is not None:
            marks.append(Word((WIDTH, middle), units.band(row.below, row.above), palette.QUIET, 8, "end"))
    return Picture(WIDTH, ROW * len(rows), tuple(marks))


def _whisker(row: Target, across: Axis, middle: float) -> list[Mark]:
    """The band as a line with ends."""
    if row.below is None or row.above is None:
        return []
    low, high = across.at(max(row.target - row.below, 0.0)), across.at(min(row.target + row.above, across.high))
    ends = [Line(((x, middle - 3), (x, middle + 3)), palette.INK, 0.8) for x in (low, high)]
    return [Line(((low, middle), (high, middle)), palette.INK, 0.8), *ends]


def bullets(rows: Sequence[BucketDrift]) -> Picture:
    """A row a bucket: its band in grey, a tick at the target, a dot at the weight, a diamond outside the band."""
    rows = rows[:MOST_ROWS]
    reach = max((max(row.target + row.above, row.actual) for row in rows), default=1.0) * 1.05
    across = Axis(0.0, max(reach, 1e-6), LABEL, WIDTH - VALUE)
    marks: list[Mark] = []
    for n, row in enumerate(rows):
        middle = ROW * n + ROW / 2
        low, high = across.at(max(row.target - row.below, 0.0)), across.at(row.target + row.above)
        out = row.status in (Status.under, Status.over, Status.not_targeted)
        colour = (palette.OVER if row.drift > 0 else palette.UNDER) if out else palette.INK
        marks += [
            Word((LABEL - 8, middle), plain(row.label, LONGEST_LABEL), palette.INK, 8.5, "end"),
            Box((low, middle - BAR / 2), (max(high - low, 0.5), BAR), SHADE),
            Line(((across.at(row.target), middle - 6), (across.at(row.target), middle + 6)), palette.QUIET, 1.2),
            Dot((across.at(row.actual), middle), 3.6 if out else 3.0, colour, diamond=out),
            Word((WIDTH - VALUE + 10, middle), units.pct(row.actual), palette.INK, 8.5, strong=out),
            Word((WIDTH, middle), units.pp(row.drift), colour if out else palette.QUIET, 8, "end", strong=out),
        ]
    return Picture(WIDTH, ROW * len(rows), tuple(marks))
