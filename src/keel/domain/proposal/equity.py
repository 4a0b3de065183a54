"""How much equity the answers of a profile bear: more with more points, never more than the most careful one allows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from keel.domain.profile.questions import QUESTIONS, Question
from keel.domain.profile.scoring import HIGH_FROM, MEDIUM_FROM, assess
from keel.errors import InputError

STEP = 5
# Share of the points -> equity in percent, straight lines between: a risk band begins where its points do.
BY_POINTS = ((0.0, 10.0), (MEDIUM_FROM, 40.0), (HIGH_FROM, 65.0), (1.0, 95.0))
# The most equity in percent that goes with an answer. Those of the worst year and of the time until the money is needed
# follow Swedroe's tables of the willingness and the ability to take risk (The Only Guide to a Winning Investment
# Strategy You'll Ever Need, 2005): half of equity may be lost, so a worst year of -25% bears about 60%.
MOST: Mapping[str, Mapping[str, int]] = {
    "horizon": {"within_3_years": 20, "in_3_to_7_years": 45, "in_7_to_15_years": 80, "later": 95},
    "fall": {"sell_everything": 20, "sell_some": 50, "wait": 80, "buy_more": 95},
    "loss": {"minus_5": 20, "minus_15": 40, "minus_25": 60, "minus_40": 90},
    "income": {"more_than_5": 55, "from_2_to_5": 70, "less_than_2": 85, "none": 95},
    "reserve": {"none": 60, "up_to_6_months": 80, "more_than_6_months": 95},
}


@dataclass(frozen=True, slots=True)
class Equity:
    """Equity in whole percent, and why: the answers that allow no more, or the points, in words."""

    percent: int
    reason: str


def equity(answers: Mapping[str, str]) -> Equity:
    """How much equity complete answers (question id → answer id) bear, a multiple of 5 from 10 to 95.

    A bolder answer never leads to less. Raises InputError while an answer is missing.

    >>> equity({q.id: q.answers[-1].id for q in QUESTIONS}).percent
    90
    >>> equity({q.id: q.answers[-1].id for q in QUESTIONS} | {"loss": "minus_5"})
    Equity(percent=20, reason='20% is the most that goes with “Worst year: −5%”.')
    """
    assessed = assess(answers)
    if assessed is None:
        raise InputError("A proposal needs an answer to every question.", hint="Answer them all.", subject="answers")
    earned = _stepped(_by_points(assessed.whole.points / assessed.whole.possible))
    allowed = {question: MOST[question.id][answers[question.id]] for question in QUESTIONS}
    most = min(allowed.values())
    if earned <= most:
        return Equity(earned, f"{earned}% goes with {assessed.whole.points} of {assessed.whole.possible} points.")
    held = ", ".join(f"“{_words(question, answers)}”" for question, limit in allowed.items() if limit == most)
    return Equity(_stepped(most), f"{most}% is the most that goes with {held}.")


def _words(question: Question, answers: Mapping[str, str]) -> str:
    answer = next(answer for answer in question.answers if answer.id == answers[question.id])
    return f"{question.short}: {answer.words}"


def _by_points(share: float) -> float:
    for (low, least), (high, most) in pairwise(BY_POINTS):
        if share <= high:
            return least + (most - least) * (share - low) / (high - low)
    return BY_POINTS[-1][1]


def _stepped(percent: float) -> int:
    return int((percent + 1e-9) // STEP * STEP)
