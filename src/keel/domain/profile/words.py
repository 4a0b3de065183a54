"""A profile in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from keel.domain.profile.questions import QUESTIONS
from keel.domain.profile.record import InvestorProfile
from keel.domain.profile.scoring import Assessment, Score

SKIPPED = (
    "Without a profile nothing says how much risk fits: every template is shown alike, a framework names no investor, "
    "and no worst year is held against what could be borne."
)


def in_words(profile: InvestorProfile) -> Iterator[str]:
    """The risk band, the points behind it and what held it down, then the answers; a line each."""
    yield f"{profile.assessed.risk_band.capitalize()} risk: {points(profile.assessed)}"
    yield from (f"At most {profile.assessed.risk_band}: {reason}" for reason in profile.assessed.held_by)
    for question in QUESTIONS:
        yield from (f"{question.short}: {a.words}" for a in question.answers if a.id == profile.answers[question.id])


def points(result: Assessment) -> str:
    """The points of both sides.

    >>> from keel.domain.profile.scoring import assess
    >>> points(assess({q.id: q.answers[-1].id for q in QUESTIONS}))
    'ability 9 of 9 points, loss tolerance 8 of 8'
    """
    return f"ability {_of(result.ability)} points, loss tolerance {_of(result.tolerance)}"


def _of(score: Score) -> str:
    return f"{score.points} of {score.possible}"
