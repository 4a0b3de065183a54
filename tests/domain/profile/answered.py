"""Answers for tests: the same place in the row of every question, or as far as it goes."""

from __future__ import annotations

from keel.domain.profile.questions import QUESTIONS


def answered(place: int = -1, **others: int) -> dict[str, str]:
    """The answers at one place of every question, the last where there are fewer; ``others`` name their own place."""
    places = {q.id: others.get(q.id, place) for q in QUESTIONS}
    return {q.id: q.answers[min(places[q.id], len(q.answers) - 1)].id for q in QUESTIONS}
