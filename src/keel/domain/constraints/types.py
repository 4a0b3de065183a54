"""Constraint types, a record each: what one looks at, in which units and bounds, when, and how it is said.

A type is added by an entry in ``TYPES``; everything that judges, checks, words or lists constraints reads its record.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Literal

from keel.domain.constraints.exposures import NO_COMPANY, NO_SECTOR, UNKNOWN, Exposure
from keel.domain.market.prices import CASH
from keel.units import WEIGHT_TOLERANCE, number, pct, pct2, times, weight

COUNT = "count"
UNIT_WORDS = {"percentage": "%", "fraction": "", "bps": " bps", "dollars": " dollars"}  # after a value
UNITS = tuple(UNIT_WORDS)


class Side(StrEnum):
    """Whether a limit is a floor or a ceiling."""

    least = "least"
    most = "most"


class Stage(StrEnum):
    """When a limit is judged: on the targets, on picks, on live holdings, on a plan of trades."""

    design = "design"
    mapping = "mapping"
    holdings = "holdings"
    plan = "plan"


@dataclass(frozen=True, slots=True)
class Observed:
    """What is seen, at ``least`` and at ``most`` given what is not known, and who exceeds it.

    ``least`` is None where nothing is known, ``most`` where nothing bounds what is not.
    """

    least: float | None
    most: float | None
    offenders: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Situation:
    """What a limit looks at: the lines in its scope, its ``limit``, and the one-way ``turnover`` of a rebalance."""

    exposures: tuple[Exposure, ...]
    limit: float | None
    turnover: float | None


@dataclass(frozen=True, slots=True)
class Room:
    """What a product alone has to fit into: the ``limit``, the ``target`` of its leaf, and that of all in the scope."""

    limit: float
    target: float
    scope: float


@dataclass(frozen=True, slots=True)
class Alone:
    """How a type looks at one product that fills a leaf: a fact of it, and the most of it, whatever fills the rest."""

    fact: Literal["expense_ratio", "leverage", "weight"]
    most: Callable[[Room], float]


@dataclass(frozen=True, slots=True)
class ConstraintType:
    """What is known of a type of constraint.

    ``name`` stands in sentences. ``highest`` is the bound of a value as a fraction. ``counted``: the value is a whole
    number, not a part of the portfolio. ``written`` writes a value, None where it is a count or a weight.
    ``looks_like_a_fraction_to``: a percentage up to it was probably meant as a fraction. ``alone`` is how one product
    can break it, None where none can.
    """

    name: str
    side: Side
    observe: Callable[[Situation], Observed]
    stages: tuple[Stage, ...] = tuple(Stage)
    written: Callable[[float | None], str] | None = None
    units: tuple[str, ...] = UNITS
    highest: float = 1.0
    counted: bool = False
    looks_like_a_fraction_to: float = 1.0
    alone: Alone | None = None

    def amount(self, value: float | None) -> str:
        """A value as it is written: a count without decimals, a weight with those it needs."""
        if self.written is not None:
            return self.written(value)
        return number(value, 0) if self.counted else weight(value)

    def rough(self, value: float | None) -> str:
        """A value as it is read, a weight with one decimal."""
        return self.amount(value) if self.counted or self.written else pct(value)


def _of_class(situation: Situation, name: str) -> Observed:
    """The weight of an asset class; what is not known to be of any class may be of it."""
    tag, sure, unknown = f"asset_class:{name}", dict[str, float](), 0.0
    for e in situation.exposures:
        parts = {tag: e.weight} if name == "cash" and e.symbol == CASH else e.parts("asset_class")
        unknown += parts.get(UNKNOWN, 0.0)
        if tag in parts:
            sure[e.symbol or e.label] = sure.get(e.symbol or e.label, 0.0) + parts[tag]
    total = math.fsum(sure.values())
    return Observed(total, total + unknown, tuple(sure))


def _floor_of_class(situation: Situation, name: str) -> Observed:
    """The weight of an asset class there should be enough of: nobody offends by holding it."""
    observed = _of_class(situation, name)
    return Observed(observed.least, observed.most)


def _largest_of(situation: Situation, name: str) -> Observed:
    """The largest sum of one tag of a kind."""
    sums: dict[str, list[float]] = {}
    for exposure in situation.exposures:
        for tag, part in exposure.parts(name).items():
            sums.setdefault(tag, []).append(part)
    totals = {tag: math.fsum(parts) for tag, parts in sums.items()}
    unknown = totals.pop(UNKNOWN, 0.0)
    totals.pop(NO_SECTOR, None)
    largest = max(totals.values(), default=0.0)
    return Observed(largest, largest + unknown, _over(totals, situation.limit))


def _largest_company(situation: Situation) -> Observed:
    """A company held directly and through funds whose holdings are known.

    A fund of which nobody says what it holds has many names; where a part of its holdings is not known, that part may
    be of the largest. A leaf without a product, or one that is not known, may be filled by one company.
    """
    sure: dict[str, float] = {}
    maybe: dict[str, float] = {}
    unseen = 0.0
    for e in situation.exposures:
        parts = dict(e.parts("company"))
        unknown = parts.pop(UNKNOWN, 0.0)
        for none in (CASH, NO_COMPANY):  # a fund's own cash, and what is no share
            parts.pop(none, None)
        for company, part in parts.items():
            sure[company] = sure.get(company, 0.0) + part
        if parts:
            unseen += unknown
        elif unknown and e.type not in ("ETF", "Fund", "Index", "Cash"):
            maybe[e.symbol or e.path] = maybe.get(e.symbol or e.path, 0.0) + unknown
    largest = max(sure.values(), default=0.0)
    return Observed(largest, max([largest + unseen, *maybe.values()]), _over(sure, situation.limit))


def _largest_product(situation: Situation) -> Observed:
    """The largest product of any type; a leaf without one may be filled by one alone."""
    sure: dict[str, float] = {}
    maybe: dict[str, float] = {}
    for e in situation.exposures:
        if e.symbol != CASH:
            sums, key = (sure if e.symbol else maybe), e.symbol or e.path
            sums[key] = sums.get(key, 0.0) + e.weight
    largest = max(sure.values(), default=0.0)
    return Observed(largest, max([largest, *maybe.values()]), _over(sure, situation.limit))


def _over(totals: dict[str, float], limit: float | None) -> tuple[str, ...]:
    return tuple(k for k, total in sorted(totals.items()) if limit is not None and total > limit + WEIGHT_TOLERANCE)


def _holdings(situation: Situation) -> Observed:
    held = situation.exposures
    count = float(len({e.symbol for e in held if e.symbol and e.symbol != CASH}))
    return Observed(count, None if any(not e.symbol for e in held) else count)


def _leverage(situation: Situation) -> Observed:
    return _weighted([(e.weight, None if e.leverage is None else abs(e.leverage)) for e in situation.exposures])


def _expense_ratio(situation: Situation) -> Observed:
    return _weighted([(e.weight, e.expense_ratio) for e in situation.exposures])


def _weighted(pairs: Sequence[tuple[float, float | None]]) -> Observed:
    known = [(w, v) for w, v in pairs if v is not None]
    if pairs and not known:
        return Observed(None, None)
    total = math.fsum(w * v for w, v in known)
    return Observed(total, total if len(known) == len(pairs) else None)


def _weight(situation: Situation) -> Observed:
    held = math.fsum(e.weight for e in situation.exposures)
    return Observed(held, held)


def _turnover(situation: Situation) -> Observed:
    return Observed(situation.turnover, situation.turnover)


def _dearest(room: Room) -> float:
    return room.limit / room.target


def _most_geared(room: Room) -> float:
    """Beside ordinary products; where they alone are too much, so that cash is asked for, an ordinary one at most."""
    if room.limit < room.scope:
        return min(1.0, room.limit / room.target)
    return 1.0 + (room.limit - room.scope) / room.target


def _largest(room: Room) -> float:
    return room.limit


TYPES: dict[str, ConstraintType] = {
    "max_single_name": ConstraintType("largest single name", Side.most, _largest_company),
    "max_single_product": ConstraintType(
        "largest single product", Side.most, _largest_product, alone=Alone("weight", _largest)
    ),
    "max_sector": ConstraintType("largest sector", Side.most, partial(_largest_of, name="sector")),
    "max_region": ConstraintType("largest region", Side.most, partial(_largest_of, name="region")),
    "max_asset_class": ConstraintType("largest asset class", Side.most, partial(_largest_of, name="asset_class")),
    "min_bonds": ConstraintType("bonds", Side.least, partial(_floor_of_class, name="bonds")),
    "min_cash": ConstraintType("cash", Side.least, partial(_floor_of_class, name="cash")),
    "max_alternatives": ConstraintType("alternatives", Side.most, partial(_of_class, name="alternatives")),
    "max_leverage": ConstraintType(
        "leverage",
        Side.most,
        _leverage,
        written=times,
        highest=10.0,
        looks_like_a_fraction_to=10.0,
        alone=Alone("leverage", _most_geared),
    ),
    "max_expense_ratio": ConstraintType(
        "weighted expense ratio",
        Side.most,
        _expense_ratio,
        written=pct2,
        looks_like_a_fraction_to=0.01,
        alone=Alone("expense_ratio", _dearest),
    ),
    "max_holdings": ConstraintType("number of holdings", Side.most, _holdings, units=(*UNITS, COUNT), counted=True),
    "max_turnover": ConstraintType("turnover of a rebalance", Side.most, _turnover, stages=(Stage.plan,)),
}

# A bucket's own minimum and maximum, which are no constraints of the framework and are judged as some.
BOUNDS: dict[str, ConstraintType] = {
    "min_weight": ConstraintType("weight", Side.least, _weight),
    "max_weight": ConstraintType("weight", Side.most, _weight),
}
