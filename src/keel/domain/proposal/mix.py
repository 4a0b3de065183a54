"""How a proposal divides the whole over the asset classes."""

from __future__ import annotations

from dataclasses import dataclass

from keel.domain.framework.choices import ALTERNATIVES, BONDS, CASH, CLASS
from keel.domain.profile.record import Goal, InvestorProfile, Wishes
from keel.domain.proposal.equity import STEP, equity
from keel.domain.proposal.parts import no_equity, of_alternatives

NEEDED_SOON = "within_3_years"
LIVED_ON = {"more_than_5": 10, "from_2_to_5": 5}  # percent of cash, by what is lived on each year


@dataclass(frozen=True, slots=True)
class Slice:
    """An asset class of the whole: whole percents, and why."""

    percent: int
    reason: str


@dataclass(frozen=True, slots=True)
class Mix:
    """The whole by asset class, multiples of 5 that sum to 100."""

    equity: Slice
    bonds: Slice
    alternatives: Slice
    cash: Slice
    notes: tuple[str, ...] = ()


def mix(profile: InvestorProfile) -> Mix:
    """The asset classes of a profile: equity by its answers, then a little of alternatives and cash, the rest bonds."""
    wishes = profile.wishes
    shares = Slice(0, "Excluded.") if no_equity(wishes) else _equity(profile)
    safe = 100 - shares.percent
    other = _alternatives(safe, wishes)
    ready = _ready(safe - other.percent, profile)
    rest = safe - other.percent - ready.percent
    if f"{CLASS}:{BONDS}" in wishes.exclude:
        cash = Slice(ready.percent + rest, "In place of bonds, which are excluded.")
        both = f"{CLASS}:{CASH}" in wishes.exclude and cash.percent > 0
        notes = ("Cash is excluded too, but nothing else is left to hold.",) if both else ()
        return Mix(shares, Slice(0, "Excluded."), other, cash, notes)
    return Mix(shares, Slice(rest, "What falls least when equity falls: the rest."), other, ready)


def _equity(profile: InvestorProfile) -> Slice:
    borne = equity(profile.answers)
    return Slice(borne.percent, borne.reason)


def _alternatives(safe: int, wishes: Wishes) -> Slice:
    if f"{CLASS}:{ALTERNATIVES}" in wishes.exclude:
        return Slice(0, "Excluded.")
    kinds = sum(of_alternatives(tag) for tag in wishes.prefer)
    more = wishes.goal is Goal.preservation or kinds > 1 or f"{CLASS}:{ALTERNATIVES}" in wishes.prefer
    return Slice(_at_most_a_third(10 if more else 5, safe), "A little of what moves by other causes.")


def _ready(safe: int, profile: InvestorProfile) -> Slice:
    """Cash beside the bonds, for what is soon needed."""
    wishes, answers = profile.wishes, profile.answers
    if f"{CLASS}:{CASH}" in wishes.exclude:
        return Slice(0, "Excluded.")
    wanted = LIVED_ON.get(answers["income"], 0) + STEP * (answers["reserve"] == "none")
    wanted += 2 * STEP * (answers["horizon"] == NEEDED_SOON) + STEP * (f"{CLASS}:{CASH}" in wishes.prefer)
    return Slice(_at_most_a_third(wanted, safe), "For what is soon spent, so that nothing has to be sold in a fall.")


def _at_most_a_third(wanted: int, of: int) -> int:
    return min(wanted, of // 3 // STEP * STEP)
