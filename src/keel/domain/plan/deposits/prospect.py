"""When a schedule of deposits brings a portfolio into band: how many deposits, as sure as histories can say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from keel import units
from keel.domain.arrays import Ints
from keel.domain.drift.words import chance
from keel.domain.plan.deposits.rules import LABELS
from keel.domain.plan.deposits.schedule import YEARS, Schedule
from keel.domain.policy.records import Cadence
from keel.domain.text import some

LOW, HALF, HIGH = 0.1, 0.5, 0.9  # of the histories
NOUNS: Mapping[Cadence, str] = {
    Cadence.weekly: "week",
    Cadence.monthly: "month",
    Cadence.quarterly: "quarter",
    Cadence.semiannual: "half-year",
    Cadence.annual: "year",
}


@dataclass(frozen=True, slots=True)
class Drawn:
    """What resampled histories were drawn from: ``returns`` of a frequency in blocks of mean length ``block``."""

    frequency: str
    first: date
    last: date
    returns: int
    block: int
    draws: int
    seed: int


@dataclass(frozen=True, slots=True)
class Spread:
    """How many deposits it takes over resampled histories.

    ``low``, ``median`` and ``high`` are the numbers after which a tenth, half and nine tenths of the histories have
    been in band, None where so many never are; ``reached`` (h,) is that part after each deposit. ``in_a_year`` is an
    amount a period with which half of them are within a year, None where there is none.
    """

    low: int | None
    median: int | None
    high: int | None
    reached: tuple[float, ...]
    in_a_year: float | None
    drawn: Drawn

    @property
    def never(self) -> float:
        """The part of the histories that is not in band within the horizon."""
        return 1.0 - self.reached[-1]

    @property
    def horizon(self) -> int:
        """How many deposits were looked at."""
        return len(self.reached)


@dataclass(frozen=True, slots=True)
class Prospect:
    """What a schedule comes to. ``currency`` is that of its amount.

    ``in_band`` says that every leaf is already. ``flat`` is the number of deposits it takes while prices stay as they
    are, None where YEARS of them are too few; then ``away`` are the labels of the leaves that stay out. ``spread`` is
    None where there is too little history.
    """

    schedule: Schedule
    currency: str
    in_band: bool
    flat: int | None
    flat_in_a_year: float | None
    away: tuple[str, ...]
    spread: Spread | None
    notes: tuple[str, ...]


def reached(first: Ints, horizon: int) -> tuple[float, ...]:
    """The part of the histories (d,) that has been in band after each of ``horizon`` deposits.

    >>> reached(np.array([1, 3, 4]), 3)
    (0.3333333333333333, 0.3333333333333333, 0.6666666666666666)
    """
    return tuple(float((first <= n).mean()) for n in range(1, horizon + 1))


def after(parts: tuple[float, ...], part: float) -> int | None:
    """The number of deposits after which at least ``part`` of the histories has been in band; None where it never is.

    >>> after((0.25, 0.5, 0.75), 0.5), after((0.25, 0.5, 0.75), 0.9)
    (2, None)
    """
    return next((n for n, one in enumerate(parts, 1) if one >= part), None)


def count(n: int, cadence: Cadence) -> str:
    """So many periods in words.

    >>> count(7, Cadence.monthly), count(1, Cadence.annual)
    ('7 months', '1 year')
    """
    return f"{n} {NOUNS[cadence]}{'' if n == 1 else 's'}"


def finding(found: Prospect) -> str:
    """The answer in one sentence."""
    cadence, spread = found.schedule.cadence, found.spread
    regular = f"{_money(found, found.schedule.amount)} a {NOUNS[cadence]}"
    if found.in_band:
        return f"{regular}: every bucket is in band already"
    about = spread.median if spread else found.flat
    if about is not None:
        return f"{regular}: in band again in {'about ' if spread else ''}{count(about, cadence)}"
    often = f" in {chance(spread.never)} of histories" if spread and spread.never < 1.0 else ""
    return f"{regular}: not in band within {_horizon(found)}{often}"


def _horizon(found: Prospect) -> str:
    """How far ahead was looked: in years, in periods where the history is shorter."""
    n, cadence = found.spread.horizon if found.spread else YEARS * found.schedule.per_year, found.schedule.cadence
    return count(n, cadence) if n < YEARS * found.schedule.per_year else f"{YEARS} years"


def sentences(found: Prospect) -> tuple[str, ...]:
    """What there is to say beside the answer, and what that rests on."""
    return (*details(found), *basis(found))


def details(found: Prospect) -> tuple[str, ...]:
    """What there is to say beside the answer: the spread, prices that stay, a larger amount, what stays out."""
    return () if found.in_band else (*_spread(found), *_flat(found), *_larger(found))


def basis(found: Prospect) -> tuple[str, ...]:
    """What the answer rests on: the histories, where there are any, and notes."""
    return (*_drawn(found), *found.notes)


def _spread(found: Prospect) -> tuple[str, ...]:
    """How the histories differ; nothing where the answer says all there is."""
    spread, cadence = found.spread, found.schedule.cadence
    if spread is None or spread.low is None or spread.median is None:
        return ()
    never = f"{chance(spread.never)} are not in band within {_horizon(found)}"
    if spread.high is None:
        return (f"1 in 10 resampled histories takes {count(spread.low, cadence)} or less; {never}.",)
    whole = count(spread.high, cadence)
    within = f"{spread.low} to {whole}" if spread.low < spread.high else whole
    return (f"8 in 10 resampled histories take {within}; {never}.",)


def _flat(found: Prospect) -> tuple[str, ...]:
    if found.flat is not None:
        return (f"If prices stayed as they are: {count(found.flat, found.schedule.cadence)}.",)
    return (f"If prices stayed as they are, {some(found.away)} would be out of band after {YEARS} years.",)


def _larger(found: Prospect) -> tuple[str, ...]:
    """The amount that does it in a year, where that is more than is asked."""
    amount = found.spread.in_a_year if found.spread else found.flat_in_a_year
    noun = NOUNS[found.schedule.cadence]
    if amount is None:
        return ("No deposit brings it into band within a year.",)
    if amount <= found.schedule.amount:
        return ()
    how = "in half of the histories" if found.spread else "if prices stayed as they are"
    return (f"{_money(found, np.ceil(amount))} a {noun} would do it within a year {how}.",)


def _drawn(found: Prospect) -> tuple[str, ...]:
    if found.spread is None:
        return ()
    drawn = found.spread.drawn
    return (
        f"From {drawn.draws:,} histories of its products, drawn from {drawn.frequency} prices"
        f" {units.span(drawn.first, drawn.last)}; each {NOUNS[found.schedule.cadence]} ends with a deposit by the rule"
        f" “{LABELS[found.schedule.rule]}”, nothing is sold.",
    )


def _money(found: Prospect, amount: float) -> str:
    return units.money(amount, found.currency, 0 if amount == round(amount) else 2)


def prospect_json(found: Prospect) -> dict[str, object]:
    """What a schedule comes to, as ``keel plan --schedule --json`` prints it; numbers count deposits."""
    schedule, spread = found.schedule, found.spread
    return {
        "schedule": {
            "amount": schedule.amount,
            "cadence": schedule.cadence.value,
            "rule": schedule.rule.value,
            "account": schedule.account,
        },
        "currency": found.currency,
        "in_band": found.in_band,
        "finding": finding(found),
        "flat": {"deposits": found.flat, "in_a_year": found.flat_in_a_year, "away": list(found.away)},
        "spread": None if spread is None else _spread_json(spread),
        "notes": list(found.notes),
    }


def _spread_json(spread: Spread) -> dict[str, object]:
    drawn = spread.drawn
    return {
        "low": spread.low,
        "median": spread.median,
        "high": spread.high,
        "horizon": spread.horizon,
        "never": spread.never,
        "reached": list(spread.reached),
        "in_a_year": spread.in_a_year,
        "frequency": drawn.frequency,
        "first": drawn.first.isoformat(),
        "last": drawn.last.isoformat(),
        "returns": drawn.returns,
        "block": drawn.block,
        "draws": drawn.draws,
        "seed": drawn.seed,
    }
