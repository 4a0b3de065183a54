"""Profiles as JSON values, to and from what is written in files, bodies and the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from keel.domain.framework.choices import CHOICES
from keel.domain.profile.questions import QUESTIONS, Question
from keel.domain.profile.record import Goal, InvestorProfile, Wishes, assessed
from keel.domain.profile.scoring import Assessment, Score
from keel.domain.reading.place import Place
from keel.domain.reading.values import read_list, read_object, read_text, require_few
from keel.domain.text import shown
from keel.errors import InputError

MOST_WISHES = 50
TAGS = frozenset(f"{choice.kind}:{value}" for choice in CHOICES for value in choice.answers)


def profile_json(profile: InvestorProfile) -> dict[str, object]:
    """The profile as the command line prints it and REST answers it, without its templates.

    ``id`` is empty and ``version`` 0 of one that is not stored.
    """
    return {
        "id": profile.id,
        "version": profile.version,
        "name": profile.name,
        "answers": dict(profile.answers),
        "wishes": wishes_json(profile.wishes),
        "risk_band": profile.assessed.risk_band,
        "scores": scores_json(profile.assessed),
        "created_at": profile.created_at and profile.created_at.isoformat(),
        "updated_at": profile.updated_at and profile.updated_at.isoformat(),
    }


def wishes_json(wishes: Wishes) -> dict[str, object]:
    """The wishes of a profile."""
    return {"goal": wishes.goal.value, "exclude": list(wishes.exclude), "prefer": list(wishes.prefer)}


def scores_json(result: Assessment) -> dict[str, object]:
    """The scores behind a band, and where their way of scoring is published."""
    return {
        "all": asdict(result.whole),
        "ability": asdict(result.ability),
        "tolerance": asdict(result.tolerance),
        "held_by": list(result.held_by),
        "worst_year": result.worst_year,
        "source": result.source,
    }


def questions_json() -> list[dict[str, object]]:
    """The questions, their answers from careful to bold."""
    return [
        {
            "id": question.id,
            "side": question.side.value,
            "words": question.words,
            "answers": [{"id": a.id, "words": a.words, "at_most": a.most} for a in question.answers],
        }
        for question in QUESTIONS
    ]


def stored_scores(risk_band: str, scores: Mapping[str, Any]) -> Assessment:
    """What was stored by ``scores_json``."""
    whole, ability, tolerance = (Score(**scores[name]) for name in ("all", "ability", "tolerance"))
    held_by, worst = tuple(scores["held_by"]), scores["worst_year"]
    return Assessment(risk_band, whole, ability, tolerance, held_by, worst, scores["source"])


def read_profile(given: Mapping[str, object], place: Place) -> InvestorProfile:
    """The profile of ``{name, answers, wishes?}``, not stored. Raises ImportFormatError; InputError without a name."""
    name = read_text(given.get("name", ""), place.field("name"))
    answers = read_answers(given.get("answers"), place.field("answers"))
    wishes = given.get("wishes")
    return assessed(name, answers, read_wishes({} if wishes is None else wishes, place.field("wishes")))


def read_answers(value: object, place: Place) -> dict[str, str]:
    """The answer's id by question, of all questions; an answer may be given in the words of the page.

    >>> from keel.errors import ImportFormatError
    >>> try:
    ...     read_answers({"fall": "Wait"}, Place("profile"))
    ... except ImportFormatError as error:
    ...     print(error.message)
    profile, field horizon: an answer is missing.
    """
    given = {} if value is None else read_object(value, place)
    unknown = next((name for name in given if name not in {question.id for question in QUESTIONS}), None)
    if unknown is not None:
        ids = ", ".join(question.id for question in QUESTIONS)
        raise place.field(unknown).error("there is no such question.", f"There are {ids}.")
    return {question.id: _answer(question, given.get(question.id), place.field(question.id)) for question in QUESTIONS}


def _answer(question: Question, value: object, place: Place) -> str:
    choices = f"Write one of {', '.join(answer.id for answer in question.answers)}."
    if value is None:
        raise place.error("an answer is missing.", choices)
    text = read_text(value, place)
    for answer in question.answers:
        if text in (answer.id, answer.words):
            return answer.id
    raise place.error(f"{shown(text)} is no answer to this.", choices)


def read_wishes(value: object, place: Place) -> Wishes:
    """The wishes of ``{goal?, exclude?, prefer?}``. Raises ImportFormatError for a tag or a goal nobody knows.

    >>> read_wishes({"exclude": ["sector:energy"]}, Place("wishes")).exclude
    ('sector:energy',)
    """
    given = read_object(value, place)
    goal = read_text(given.get("goal", Goal.growth.value), place.field("goal"))
    if goal not in Goal.__members__:
        raise place.field("goal").error(f"must be one of {', '.join(Goal)}.")
    exclude, prefer = (_tags(given.get(name, []), place.field(name)) for name in ("exclude", "prefer"))
    both = next((tag for tag in prefer if tag in exclude), None)
    if both is not None:
        where = place.field("prefer")
        raise InputError(f"{where}: {both} is both preferred and excluded.", hint="Keep one.", subject="wishes.prefer")
    return Wishes(Goal(goal), exclude, prefer)


def _tags(value: object, place: Place) -> tuple[str, ...]:
    rows = read_list(value, place)
    require_few(len(rows), MOST_WISHES, "tags", place)
    texts = [read_text(row, place.item(n)) for n, row in enumerate(rows)]
    for n, text in enumerate(texts):
        if text not in TAGS:
            raise place.item(n).error(f"{shown(text)} is no tag.", "Write one such as region:us or sector:energy.")
    return tuple(dict.fromkeys(texts))
