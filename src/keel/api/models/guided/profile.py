"""Profiles of investors."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, JsonValue, create_model

from keel.api.models.values import Moment, Name
from keel.domain.profile.as_json import MOST_WISHES, TAGS
from keel.domain.profile.questions import BANDS, QUESTIONS, Question
from keel.domain.profile.record import Goal

Band = Annotated[str, Field(json_schema_extra={"enum": list(BANDS)})]
Tag = Annotated[str, Field(json_schema_extra={"enum": sorted(TAGS)})]
Tags = Annotated[list[Tag], Field(max_length=MOST_WISHES)]


def _answer(question: Question) -> Any:
    enum: list[JsonValue] = [answer.id for answer in question.answers]
    return Annotated[str, Field(description=question.words, json_schema_extra={"enum": enum})], ...


_ANSWERS: dict[str, Any] = {question.id: _answer(question) for question in QUESTIONS}
Answers: Any = create_model(
    "Answers", __doc__="The id of the answer to each question.", __config__=ConfigDict(extra="forbid"), **_ANSWERS
)


class Wishes(BaseModel):
    """What the investor wants within what they can bear; tags of products to leave out or to prefer."""

    goal: Goal = Goal.growth
    exclude: Tags = []
    prefer: Tags = []


class Score(BaseModel):
    """Points of some questions, of those that can be had, and the band they alone would lead to."""

    points: int
    possible: int
    band: Band


class Scores(BaseModel):
    """The scores behind a band, what held it down, and where this way of scoring is published."""

    all: Score
    ability: Score
    tolerance: Score
    held_by: list[str]
    worst_year: float
    source: str


class ProfileBody(BaseModel):
    """A profile to be kept."""

    name: Name
    answers: Answers
    wishes: Wishes | None = None


class Profile(BaseModel):
    """A profile at one version, with the ids of the templates that fit."""

    id: str
    version: int
    name: str
    answers: Answers
    wishes: Wishes
    risk_band: Band
    scores: Scores
    created_at: Moment
    updated_at: Moment
    templates: list[str]
