"""A picture as marks on a field of points: y runs down, colours are hex. No browser draws it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from keel import palette

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Line:
    """A stroke through points; ``dash`` is ``solid``, ``dotted`` or ``dashed``."""

    points: tuple[Point, ...]
    colour: str
    width: float = 1.0
    dash: str = "solid"


@dataclass(frozen=True, slots=True)
class Box:
    """A filled rectangle from its upper left corner."""

    at: Point
    size: Point
    colour: str


@dataclass(frozen=True, slots=True)
class Dot:
    """A filled circle, or a diamond where it should not be told by colour alone."""

    at: Point
    radius: float
    colour: str
    diamond: bool = False


@dataclass(frozen=True, slots=True)
class Word:
    """Text beside a point: it begins, is centred or ends there; its middle is at the point's height."""

    at: Point
    text: str
    colour: str = palette.QUIET
    size: float = 8.0
    anchor: str = "start"
    strong: bool = False


Mark = Line | Box | Dot | Word


@dataclass(frozen=True, slots=True)
class Picture:
    """Marks on a field so many points wide and high, later ones over earlier ones."""

    width: float
    height: float
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Axis:
    """Where values of an interval stand between two places; ``last`` may be above ``first`` on the sheet."""

    low: float
    high: float
    first: float
    last: float

    def at(self, value: float) -> float:
        """The place of a value, to a hundredth of a point.

        >>> Axis(0.0, 2.0, 100.0, 0.0).at(0.5)
        75.0
        """
        span = self.high - self.low or 1.0
        return round(self.first + (value - self.low) / span * (self.last - self.first), 2)


def path(xs: Sequence[float], ys: Sequence[float], across: Axis, down: Axis) -> tuple[Point, ...]:
    """The points of a line through values."""
    return tuple((across.at(x), down.at(y)) for x, y in zip(xs, ys, strict=True))
