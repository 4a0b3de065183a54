"""The one table of axes that a form offers: what of a policy and of its run may vary, in which group, in which words.

The engine sweeps every field of both; what is not here belongs to the portfolio or to the question, not to a choice
among policies.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from keel.domain.policy.as_json import policy_json
from keel.domain.policy.records import MOST_TRANCHES, Policy, RunSettings, Scope
from keel.domain.policy.settings import SETTINGS, Control, Section, Setting, settings_json
from keel.domain.policy.values import require_whole, whole
from keel.errors import InputError, InvalidPolicyError

MOST_VALUES = 20  # of one axis that is typed


class Group(StrEnum):
    """Where a person looks for an axis."""

    looks = "When it looks"
    acts = "What it does"
    costs = "What it costs"


class Way(StrEnum):
    """What the values of an axis are set with: one of a few choices, typed numbers, or a control of their own."""

    bands = "bands"
    looks = "looks"
    days = "days"
    costs = "costs"
    choices = "choices"
    numbers = "numbers"


def _nothing(_value: Any, _ccy: str) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Sweepable:
    """One axis of a form.

    ``noun`` names it in a sentence; ``values`` are the choices and their words. ``judge`` gives a typed number as the
    engine takes it, or raises InvalidPolicyError. ``words`` say a value in a policy's name, with amounts in a currency;
    the usual value says nothing. ``unit`` is of what is typed, empty with ``money`` for an amount of the currency.
    """

    name: str
    label: str
    group: Group
    way: Way
    noun: str
    plural: bool = False
    values: Mapping[Any, str] = field(default_factory=dict)
    judge: Callable[[float, str], float] = lambda value, _: value
    words: Callable[[Any, str], str] = _nothing
    unit: str = ""
    money: bool = False
    tip: str = ""

    @property
    def other(self) -> bool:
        """Whether a lab shows it beside bands, looks, destinations, fills and costs, and only once it is chosen."""
        return self.way is Way.numbers or (self.way is Way.choices and self.words is not _nothing)

    def said(self, value: Any) -> str:
        """A value by itself, as one of the choices or a number."""
        return self.values[value] if value in self.values else _count(value)


def _whole(least: int, most: int) -> Callable[[float, str], float]:
    def judge(value: float, label: str) -> float:
        require_whole(label, whole(value, label), least, most)
        return value

    return judge


def _count(value: float) -> str:
    return f"{value:.12g}"


def _judged(row: Setting) -> Callable[[float, str], float]:
    def judge(value: float, label: str) -> float:
        row.require(label, value)
        return value

    return judge


def _of_setting(row: Setting) -> Sweepable:
    """The axis of a run setting that is a number or a switch."""
    label = row.label.lower()
    if row.control is Control.switch:
        yes = {True: "Yes", False: "No"}
        return Sweepable(
            row.name, row.label, Group.costs, Way.choices, f"whether the {label}", values=yes,
            words=lambda on, _: label if on else "",
        )  # fmt: skip
    money = row.control is Control.amount
    return Sweepable(
        row.name, row.label, Group.costs, Way.numbers, f"the {label}", judge=_judged(row),
        words=lambda value, ccy: f"{label} {_count(value)} {ccy if money else 'bps'}",
        unit="" if money else "bps a year", money=money, tip=row.tip,
    )  # fmt: skip


def _costing(row: Setting) -> bool:
    """Whether a setting is a price of trading or holding that may vary as a number or a switch."""
    plain = row.control in (Control.amount, Control.bps, Control.switch)
    return plain and row.section in (Section.trading, Section.rates)


DESTINATIONS: Mapping[float, str] = {
    0.0: "back to target",
    0.5: "halfway back",
    0.875: "to 87.5% of the band",
    1.0: "to the band's edge",
}
LAGS: Mapping[int, str] = {0: "same close", 1: "next close"}
SCOPES: Mapping[str, str] = {Scope.whole_book.value: "everything", Scope.breached_only.value: "only what left its band"}

SWEEPABLE: Mapping[str, Sweepable] = {
    row.name: row
    for row in (
        Sweepable("look", "Looks", Group.looks, Way.looks, "how often you check"),
        Sweepable("offset", "Days of the look", Group.looks, Way.days, "the day of the check",
                  tip="1: only the last session of a period. n: also each of the n − 1 sessions after it."),
        Sweepable("cooldown_days", "Days between trades", Group.looks, Way.numbers, "the wait between trades",
                  judge=_whole(0, 36_500), words=lambda n, _: f"{_count(n)} days between trades" if n else "",
                  unit="at least", tip="After a trade it rests that many days. 0: no rest."),
        Sweepable("tranches", "Tranches", Group.looks, Way.numbers, "the tranches", True,
                  judge=_whole(1, MOST_TRANCHES), words=lambda n, _: f"in {_count(n)} tranches" if n != 1 else "",
                  tip="The portfolio in equal parts, each looking on a day of its own: less hangs on one date."),
        Sweepable("band", "Band", Group.acts, Way.bands, "band width"),
        Sweepable("destination", "Trades", Group.acts, Way.choices, "where trades go back to", values=DESTINATIONS),
        Sweepable("scope", "What is traded", Group.acts, Way.choices, "how much is traded", values=SCOPES,
                  words=lambda scope, _: SCOPES.get(scope, ""),
                  tip="None chosen: everything where trades go back to target, else only what left its band."),
        Sweepable("cost_bps", "Costs, bps", Group.costs, Way.costs, "the cost"),
        Sweepable("lag", "Trade at", Group.costs, Way.choices, "the lag", values=LAGS),
        *(_of_setting(row) for row in SETTINGS.values() if _costing(row)),
    )
}  # fmt: skip


def usual(name: str, settings: RunSettings) -> object:
    """What a policy has where the axis is not swept, as JSON: the settings' own, or the field's default.

    >>> usual("tranches", RunSettings()), usual("fixed_fee", RunSettings(fixed_fee=5.0))
    (1, 5.0)
    """
    return (policy_json(Policy()) | settings_json(settings))[name]


def typed(name: str, text: str) -> tuple[object, ...]:
    """The values of a text, ascending and each once; raises InputError with one sentence about the first that is none.

    Numbers stand with commas or blanks between them; a choice is written as ``written`` does it.

    >>> typed("fixed_fee", "10, 0 5 5"), typed("charge_initial", "yes,no")
    ((0.0, 5.0, 10.0), (False, True))
    """
    row = SWEEPABLE[name]
    words = [word for word in re.split(r"[\s,;]+", text) if word]
    if len(words) > MOST_VALUES:
        raise InputError(f"{row.label} takes at most {MOST_VALUES} values, not {len(words)}.", subject=name)
    if row.way is Way.choices:
        known = {_word(value): value for value in row.values}
        return tuple(value for value in sorted(row.values) if value in [known.get(word) for word in words])
    return tuple(sorted({_typed(row, word) for word in words}))


def written(values: tuple[object, ...]) -> str:
    """The values as ``typed`` reads them.

    >>> written((False, True)), written((0.0, 2.5)), written(("whole_book",))
    ('no, yes', '0, 2.5', 'whole_book')
    """
    return ", ".join(map(_word, values))


def _word(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.12g}" if isinstance(value, int | float) else str(value)


def _typed(row: Sweepable, word: str) -> float:
    try:
        value = float(word)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        hint = "Write numbers with commas between them."
        raise InputError(f"{row.label}: {word[:20]!r} is not a number.", hint=hint, subject=row.name)
    try:
        return row.judge(value, row.label)
    except InvalidPolicyError as error:
        raise InputError(error.message, hint=error.hint, subject=row.name) from error
