"""Profiles as JSON values: read by id or by the words of the page, written whole."""

from __future__ import annotations

import pytest
from tests.domain.profile.answered import answered

from keel.domain.profile.as_json import profile_json, read_profile, scores_json, stored_scores
from keel.domain.profile.record import Goal, Wishes, assessed
from keel.domain.reading.place import Place
from keel.errors import ImportFormatError, InputError

PLACE = Place("the profile")


def test_what_is_written_is_read_again() -> None:
    wishes = Wishes(Goal.income, ("sector:energy",), ("region:us",))
    ann = assessed("Ann", answered(2), wishes)
    assert read_profile(profile_json(ann), PLACE) == ann
    assert stored_scores(ann.assessed.risk_band, scores_json(ann.assessed)) == ann.assessed


def test_answers_may_be_given_in_the_words_of_the_page() -> None:
    words = {**answered(2), "fall": "Wait", "loss": "−25%"}
    assert read_profile({"name": "Ann", "answers": words}, PLACE).answers == answered(2)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"answers": {"fall": "wait"}}, "field answers.horizon: an answer is missing"),
        ({"answers": {**answered(), "age": "40"}}, "field answers.age: there is no such question"),
        ({"answers": {**answered(), "fall": "pray"}}, "is no answer"),
        ({"answers": None}, "an answer is missing"),
        ({"wishes": {"goal": "yachts"}}, "goal: must be one of growth, income, preservation"),
        ({"wishes": {"exclude": ["sin"]}}, 'exclude.0.: "sin" is no tag'),
        ({"name": 7}, "field name: must be text"),
    ],
)
def test_what_cannot_be_read_is_said_with_its_place(changed: dict[str, object], said: str) -> None:
    given: dict[str, object] = {"name": "Ann", "answers": answered(), **changed}
    with pytest.raises(ImportFormatError, match=said):
        read_profile(given, PLACE)


def test_a_wish_against_another_is_refused() -> None:
    given = {"name": "Ann", "answers": answered(), "wishes": {"exclude": ["region:us"], "prefer": ["region:us"]}}
    with pytest.raises(InputError, match="region:us is both preferred and excluded"):
        read_profile(given, PLACE)
