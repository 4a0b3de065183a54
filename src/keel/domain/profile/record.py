"""An investor's profile as it is kept: the answers, what they came to, and what the investor wishes beside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from keel.domain.profile.scoring import Assessment, assess
from keel.errors import InputError


class Goal(StrEnum):
    """What the money is for: to grow, to pay an income, or to keep what it buys."""

    growth = "growth"
    income = "income"
    preservation = "preservation"


@dataclass(frozen=True, slots=True)
class Wishes:
    """What an investor wants within what they can bear; ``exclude`` and ``prefer`` are tags of products.

    ``region:us``, ``sector:energy``: what is excluded is held nowhere, what is preferred gets more where there is room.
    """

    goal: Goal = Goal.growth
    exclude: tuple[str, ...] = ()
    prefer: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class InvestorProfile:
    """A profile at one version: complete answers (question id → answer id), and what they came to when it was saved.

    ``id`` is empty and ``version`` 0 until it is stored.
    """

    name: str
    answers: Mapping[str, str]
    assessed: Assessment
    wishes: Wishes = field(default_factory=Wishes)
    id: str = ""
    version: int = 0
    created_at: datetime | None = None
    updated_at: datetime | None = None


def assessed(name: str, answers: Mapping[str, str], wishes: Wishes | None = None) -> InvestorProfile:
    """The profile that answers come to, not stored. Raises InputError while an answer is missing.

    >>> from keel.domain.profile.questions import QUESTIONS
    >>> assessed("Ann", {q.id: q.answers[1].id for q in QUESTIONS}).assessed.risk_band
    'low'
    """
    result = assess(answers)
    if result is None:
        raise InputError("A profile needs an answer to every question.", hint="Answer them all.", subject="answers")
    return InvestorProfile(name, dict(answers), result, wishes or Wishes())
