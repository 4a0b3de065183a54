"""The same deposit again and again: after how many of them every leaf is within its band.

In each period prices move first, then the deposit is placed by a rule, which never sells, and then leaves are judged.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from keel.domain.arrays import Floats, Ints, Mask
from keel.domain.drift.forecast import Standing, leaf_sums
from keel.domain.drift.goal import still_leaves
from keel.domain.drift.held import by_leaf
from keel.domain.drift.measure import leaf_widths
from keel.domain.market.prices import CASH
from keel.domain.plan.ask import parse_rule
from keel.domain.plan.deposits.many import deposits
from keel.domain.plan.deposits.placement import buyable, targets_of
from keel.domain.plan.deposits.rules import Rule
from keel.domain.plan.tradable import Tradable, place_of
from keel.domain.policy.band import breached
from keel.domain.policy.records import Cadence, Policy
from keel.domain.reading.place import Place
from keel.domain.reading.values import read_number, read_text
from keel.errors import InputError

YEARS = 5  # what lies further ahead is not looked at
MOST = 100.0  # times what is held, a period: a deposit that is larger helps nobody
FIELDS = ("amount", "cadence", "rule", "account")
PER_YEAR = {
    Cadence.weekly: 52,
    Cadence.monthly: 12,
    Cadence.quarterly: 4,
    Cadence.semiannual: 2,
    Cadence.annual: 1,
}


@dataclass(frozen=True, slots=True)
class Schedule:
    """An amount that is put in at the end of every period, by a rule, into one account or any."""

    amount: float
    cadence: Cadence = Cadence.monthly
    rule: Rule = Rule.relative_waterfill
    account: str = ""

    @property
    def per_year(self) -> int:
        """How many deposits a year has."""
        return PER_YEAR[self.cadence]


def require_schedule(schedule: Schedule) -> Schedule:
    """The schedule itself. Raises InputError unless it puts in an amount at a cadence that counts periods."""
    if not 0.0 < schedule.amount < float("inf"):
        raise InputError(f"The deposit is {schedule.amount:g}; it must be above 0.", subject="amount")
    if schedule.cadence not in PER_YEAR:
        message = f"Deposits cannot be {schedule.cadence}."
        raise InputError(message, hint=f"Use {', '.join(PER_YEAR)}.", subject="cadence")
    return schedule


def parse_schedule(given: Mapping[str, object], place: Place) -> Schedule:
    """The schedule in a JSON object. Raises ImportFormatError with the field, InputError.

    >>> parse_schedule({"amount": 500, "cadence": "quarterly"}, Place("body")).per_year
    4
    """
    for name in given:
        if name not in FIELDS:
            raise place.field(name).error("is not known.", f"Use {', '.join(FIELDS)}.")
    cadence = given.get("cadence") or Cadence.monthly
    if cadence not in list(PER_YEAR):
        raise place.field("cadence").error(f"{cadence!r} is none.", f"Use one of {', '.join(PER_YEAR)}.")
    return require_schedule(
        Schedule(
            amount=read_number(given.get("amount"), place.field("amount")),
            cadence=Cadence(str(cadence)),
            rule=parse_rule(given.get("rule"), place.field("rule")),
            account=read_text(given["account"], place.field("account")) if given.get("account") else "",
        )
    )


def read_schedule(text: str, place: Place) -> tuple[Cadence, float]:
    """The cadence and the amount that a person wrote. Raises ImportFormatError.

    >>> read_schedule("quarterly:1500", Place("--schedule"))
    (<Cadence.quarterly: 'quarterly'>, 1500.0)
    """
    cadence, colon, amount = text.partition(":")
    if not colon or cadence not in list(PER_YEAR):
        raise place.error(f"{text!r} is no schedule.", "Write one such as monthly:500.")
    try:
        return Cadence(cadence), read_number(float(amount), place)
    except ValueError:
        raise place.error(f"{amount!r} is no amount.", "Write one such as monthly:500.") from None


@dataclass(frozen=True, slots=True)
class Start:
    """Where deposits begin: the lines of ``now`` (k), the last of them idle cash.

    ``goals`` (k,) are the lines' targets, ``wanted`` (k,) marks those that deposits buy; without any the money stays
    in cash.
    """

    now: Standing
    labels: tuple[str, ...]
    goals: Floats
    wanted: Mask


def start(lines: Tradable, policy: Policy, account: str = "") -> Start:
    """Where what is held stands before the first deposit. Raises InputError for an account that is not there."""
    book, held = lines.book, lines.held
    below, above = leaf_widths(book, policy)
    missing = by_leaf(book, np.isin(book.symbols, held.unpriced).astype(float)) > 0.0
    outside = len(held.outside) + 1
    now = Standing(
        symbols=(*book.symbols, *held.outside, CASH),
        value=np.array([*held.value, *(stake.value for stake in held.outside.values()), held.idle]),
        leaf=np.append(book.leaf, np.full(outside, -1)),
        paths=book.paths,
        targets=book.targets,
        below=below,
        above=above,
        still=still_leaves(book, held) | missing,
    )
    goals = np.append(targets_of(book), np.zeros(outside))
    free = buyable(lines, place_of(lines, account) if account else None)
    return Start(now, book.labels, goals, np.append(free, np.zeros(outside, dtype=np.bool_)) & (goals > 0.0))


def breaches(start: Start, growth: Floats, amount: float, rule: Rule) -> Iterator[Mask]:
    """Which leaves (d, m) of each history are in breach: before any deposit, then after each.

    ``growth`` (h, d, k) are the factors by which the price of each line changes in each period.
    """
    draws = growth.shape[1]
    wanted = np.flatnonzero(start.wanted)
    goals = np.tile(start.goals[wanted], (draws, 1))
    value = np.tile(start.now.value, (draws, 1))
    paid = np.full(draws, amount)
    yield _out(start.now, value)
    for factors in growth:
        value *= factors
        held = value[:, wanted]
        if len(wanted):
            value[:, wanted] += deposits(held, goals, paid, rule, value.sum(axis=1) - held.sum(axis=1))
        else:
            value[:, -1] += amount
        yield _out(start.now, value)


def _out(now: Standing, value: Floats) -> Mask:
    weights = leaf_sums(now, value.T) / value.sum(axis=1)
    return breached(weights.T, now.targets, now.below, now.above, now.still)


def first_in_band(start: Start, growth: Floats, amount: float, rule: Rule) -> Ints:
    """The number of deposits (d,) after which every leaf is first in its band; h + 1 where h are too few.

    0 where it is before any. ``growth`` (h, d, k) as in ``breaches``.

    >>> now = Standing(("A", "B", "CASH"), np.array([70.0, 30.0, 0.0]), np.array([0, 1, -1]), ("a", "b"),
    ...                np.array([0.5, 0.5]), np.array([0.1, 0.1]), np.array([0.1, 0.1]), np.array([False, False]))
    >>> even = Start(now, ("A", "B"), np.array([0.5, 0.5, 0.0]), np.array([True, True, False]))
    >>> first_in_band(even, np.ones((12, 1, 3)), 5.0, Rule.relative_waterfill).tolist()  # 70 of 120 is 58.3 %
    [4]
    """
    found = np.full(growth.shape[1], len(growth) + 1, dtype=np.int64)
    for period, out in enumerate(breaches(start, growth, amount, rule)):
        found[~out.any(axis=1) & (found > period)] = period
        if (found <= period).all():
            break
    return found


def never_in_band(start: Start, periods: int, amount: float, rule: Rule) -> tuple[str, ...]:
    """The labels of the leaves that are out of their bands after so many deposits while prices stay."""
    *_, out = breaches(start, still(start, periods), amount, rule)
    return tuple(label for label, away in zip(start.labels, out[0].tolist(), strict=True) if away)


def still(start: Start, periods: int) -> Floats:
    """The growth (h, 1, k) of prices that stay as they are."""
    return np.ones((periods, 1, len(start.goals)))


def periods_of(growth: Floats, rows: Ints, ends: Ints) -> Floats:
    """The growth (h, d, k) of whole periods from that of single closes (n, k).

    ``rows`` (d, s) are the closes that each history takes in turn, ``ends`` (h,) how many have passed at the end of
    each period.

    >>> periods_of(np.array([[2.0], [3.0]]), np.array([[0, 1, 1, 0]]), np.array([2, 4]))[:, 0, 0].tolist()
    [6.0, 6.0]
    """
    whole = np.ones((len(ends), len(rows), growth.shape[1]))
    first = 0
    for period, end in enumerate(ends.tolist()):
        for step in range(first, end):
            whole[period] *= growth[rows[:, step]]
        first = end
    return whole


def enough(start: Start, growth: Floats, rule: Rule, part: float = 0.5) -> float | None:
    """An amount a period that brings at least ``part`` of the histories into band within all periods of ``growth``.

    To a thousandth of itself the least, where more is never worse; 0 where none is needed, None where none does.
    """

    def does(amount: float) -> bool:
        return bool((first_in_band(start, growth, amount, rule) <= len(growth)).mean() >= part)

    least, most = 0.0, float(start.now.value.sum()) / len(growth) / 16
    if not len(growth):
        return None
    if does(0.0):
        return 0.0
    while not does(most):
        least, most = most, 2.0 * most
        if most > MOST * float(start.now.value.sum()):
            return None
    while most - least > 1e-3 * most:
        middle = (least + most) / 2.0
        least, most = (least, middle) if does(middle) else (middle, most)
    return most
