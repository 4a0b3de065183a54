"""Kinds of bands and triggers, a record each: what follows from one, said once.

A kind of band is a frozen class of its widths and an entry in ``KINDS``: its half-width, words, JSON fields, bounds,
form and sweepable axis all come from the entry. A trigger is a member of ``Trigger`` and an entry in ``TRIGGERS``; what
it does session by session is the kernel's.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal, assert_never

from keel.units import from_bps


class Trigger(StrEnum):
    """``never`` trades after the purchase; ``calendar`` at every look; ``band`` when a leaf is in breach."""

    never = "never"
    calendar = "calendar"
    band = "band"


@dataclass(frozen=True, slots=True)
class TriggerKind:
    """What follows from a trigger: whether it acts at looks at all, and whether bands say when and how far."""

    label: str
    looks: bool
    banded: bool


TRIGGERS: Mapping[Trigger, TriggerKind] = {
    Trigger.never: TriggerKind("Never", looks=False, banded=False),
    Trigger.calendar: TriggerKind("On a schedule", looks=True, banded=False),
    Trigger.band: TriggerKind("When out of band", looks=True, banded=True),
}


@dataclass(frozen=True, slots=True)
class Absolute:
    """Half-width in percentage points of the portfolio."""

    width_bps: float = 500.0
    kind: Literal["absolute"] = "absolute"


@dataclass(frozen=True, slots=True)
class Relative:
    """Half-width as a share of the target."""

    width_bps: float = 2000.0
    kind: Literal["relative"] = "relative"


@dataclass(frozen=True, slots=True)
class FiveTwentyFive:
    """The smaller of an absolute and a relative half-width (Swedroe's 5/25 rule)."""

    absolute_bps: float = 500.0
    relative_bps: float = 2500.0
    kind: Literal["five_twenty_five"] = "five_twenty_five"


@dataclass(frozen=True, slots=True)
class Hybrid:
    """The larger of a relative half-width and a floor."""

    relative_bps: float = 2000.0
    floor_bps: float = 100.0
    kind: Literal["hybrid"] = "hybrid"


@dataclass(frozen=True, slots=True)
class Corridor:
    """An asymmetric band: so far below and so far above the target."""

    below_bps: float = 500.0
    above_bps: float = 500.0
    kind: Literal["corridor"] = "corridor"


@dataclass(frozen=True, slots=True)
class TrackingError:
    """No half-width a leaf: the whole portfolio's drift judged by the tracking error it means, in bps a year."""

    limit_bps: float = 300.0
    kind: Literal["tracking_error"] = "tracking_error"


Band = Absolute | Relative | FiveTwentyFive | Hybrid | Corridor | TrackingError


class Rule(StrEnum):
    """How widths make a half-width: one alone, the smaller or the larger of two, one a side, or none for any leaf."""

    alone = "alone"
    smaller = "smaller"
    larger = "larger"
    sides = "sides"
    whole_book = "whole_book"


@dataclass(frozen=True, slots=True)
class Width:
    """One field of a band, in bps: of the target or of the portfolio, its highest value, and its name on a form."""

    name: str
    label: str
    of_target: bool = False
    highest: float = 10_000.0


@dataclass(frozen=True, slots=True)
class Sweep:
    """A width as an axis: its place among the kinds on offer, the field that varies, its usual range in bps, its words.

    ``words`` are of one value, ``title`` stands on the axis, ``name`` in a sentence.
    """

    place: int
    name: str
    field: str
    low: float
    high: float
    usual: float
    unit: str
    words: str
    title: str


@dataclass(frozen=True, slots=True)
class BandKind:
    """What follows from a kind of band.

    ``label`` names it on a form, ``words`` says one band. ``noun`` follows the words in a policy's sentence. ``sweep``
    is the axis the policy lab offers, where it offers one.
    """

    build: Callable[..., Band]
    label: str
    rule: Rule
    widths: tuple[Width, ...]
    words: Callable[[Any], str]
    sweep: Sweep | None = None
    noun: str = " band"

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of the widths, in order."""
        return tuple(width.name for width in self.widths)


MOST_OF_TARGET = 100_000.0  # ten times the target
_WIDTH, _POINTS = Width("width_bps", "Width, points"), Width("absolute_bps", "Points")
_OF_TARGET = Width("relative_bps", "Share of target, %", of_target=True, highest=MOST_OF_TARGET)

KINDS: Mapping[str, BandKind] = {
    "absolute": BandKind(
        Absolute,
        "± points",
        Rule.alone,
        (_WIDTH,),
        lambda band: f"±{band.width_bps / 100:g} pp",
        Sweep(0, "Absolute", "width_bps", 100, 1_000, 500, "pp", "±{} pp", "Band half-width, pp"),
    ),
    "relative": BandKind(
        Relative,
        "Share of target",
        Rule.alone,
        (Width("width_bps", "Share of target, %", of_target=True, highest=MOST_OF_TARGET),),
        lambda band: f"{band.width_bps / 100:g}% of target",
        Sweep(1, "Relative to target", "width_bps", 500, 5_000, 2_000, "%", "±{}% of target", "Band, % of target"),
    ),
    "five_twenty_five": BandKind(
        FiveTwentyFive,
        "5/25",
        Rule.smaller,
        (_POINTS, _OF_TARGET),
        lambda band: f"{band.absolute_bps / 100:g}/{band.relative_bps / 100:g}",
        Sweep(
            3, "5/25", "absolute_bps", 100, 1_000, 500, "pp", "{}/25", "Points of the band, or 25% of target if less"
        ),
    ),
    "hybrid": BandKind(
        Hybrid,
        "Share of target, at least …",
        Rule.larger,
        (_OF_TARGET, Width("floor_bps", "At least, points")),
        lambda band: f"{band.relative_bps / 100:g}% of target (at least {band.floor_bps / 100:g} pp)",
        Sweep(
            2,
            "Relative to target, floor",
            "relative_bps",
            500,
            5_000,
            2_000,
            "%",
            "±{}% of target, at least 1 pp",
            "Band, % of target, at least 1 pp",
        ),
    ),
    "corridor": BandKind(
        Corridor,
        "Different below and above",
        Rule.sides,
        (Width("below_bps", "Below, points"), Width("above_bps", "Above, points")),
        lambda band: f"−{band.below_bps / 100:g}/+{band.above_bps / 100:g} pp",
    ),
    "tracking_error": BandKind(
        TrackingError,
        "Tracking error",
        Rule.whole_book,
        (Width("limit_bps", "Limit, % a year"),),
        lambda band: f"Tracking error over {band.limit_bps / 100:g}%",
        noun="",
    ),
}


def half_width(band: Band | None, target: float) -> tuple[float, float]:
    """The permitted (below, above) of one leaf, fractions of the whole; infinite without a band of its own.

    >>> half_width(FiveTwentyFive(), 0.10)
    (0.025, 0.025)
    >>> half_width(Hybrid(relative_bps=2000, floor_bps=100), 0.04)
    (0.01, 0.01)
    """
    if band is None:
        return math.inf, math.inf
    rule = KINDS[band.kind].rule
    widths = [_fraction(band, width, target) for width in KINDS[band.kind].widths]
    match rule:
        case Rule.alone:
            return widths[0], widths[0]
        case Rule.smaller:
            return min(widths), min(widths)
        case Rule.larger:
            return max(widths), max(widths)
        case Rule.sides:
            return widths[0], widths[1]
        case Rule.whole_book:
            return math.inf, math.inf
        case _:
            assert_never(rule)


def varied_side(band: Band, field: str, side: int, target: float) -> tuple[float, float, float] | None:
    """(room, floor, cap) of one side (0 below, 1 above) as the width ``field`` varies; None when it does not.

    The half-width is then room × width (a fraction), within floor and cap.

    >>> varied_side(FiveTwentyFive(), "absolute_bps", 0, 0.1)
    (1.0, -inf, 0.025)
    """
    rule, widths = KINDS[band.kind].rule, KINDS[band.kind].widths
    varied = next((width for width in widths if width.name == field), widths[0])
    room = target if varied.of_target else 1.0
    others = [_fraction(band, width, target) for width in widths if width is not varied]
    match rule:
        case Rule.alone:
            return room, -math.inf, math.inf
        case Rule.smaller:
            return room, -math.inf, min(others)
        case Rule.larger:
            return room, max(others), math.inf
        case Rule.sides:
            return (room, -math.inf, math.inf) if widths[side].name == field else None
        case Rule.whole_book:
            return None
        case _:
            assert_never(rule)


def for_leaves(band: Band | None) -> bool:
    """Whether a band gives each leaf a half-width; one of the whole book, or none, does not."""
    return band is not None and KINDS[band.kind].rule is not Rule.whole_book


def _fraction(band: Band, width: Width, target: float) -> float:
    value = from_bps(getattr(band, width.name))
    return value * target if width.of_target else value
