"""Questions, points and the horizon's limit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keel.domain.profile import questions
from keel.domain.profile.questions import BANDS, QUESTIONS, assess

ANSWERS = st.fixed_dictionaries({q.id: st.integers(0, len(q.answers) - 1) for q in QUESTIONS})


@given(ANSWERS)
def test_a_bolder_answer_never_lowers_the_risk(answers: dict[str, int]) -> None:
    before = assess(answers)
    assert before is not None
    for question in QUESTIONS:
        bolder = {**answers, question.id: min(answers[question.id] + 1, len(question.answers) - 1)}
        after = assess(bolder)
        assert after is not None
        assert BANDS.index(after.risk_band) >= BANDS.index(before.risk_band)


@given(ANSWERS)
def test_money_needed_soon_is_never_at_high_risk(answers: dict[str, int]) -> None:
    soon = assess({**answers, "horizon": 0})
    later = assess({**answers, "horizon": 1})
    assert soon is not None
    assert later is not None
    assert soon.risk_band == "low"
    assert later.risk_band != "high"


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q.id)
def test_each_answer_caps_the_risk_by_itself_and_is_named(question: questions.Question) -> None:
    bold = {q.id: len(q.answers) - 1 for q in QUESTIONS}
    for index, answer in enumerate(question.answers):
        profile = assess({**bold, question.id: index})
        assert profile is not None
        assert BANDS.index(profile.risk_band) <= BANDS.index(answer.most)
        if profile.risk_band != profile.earned:
            assert profile.held_by == (f"{question.short}: {answer.words}",)


def test_who_could_live_with_a_worst_year_of_5_percent_is_never_led_to_high_risk() -> None:
    profile = assess({"horizon": 3, "fall": 3, "loss": 0, "income": 3, "reserve": 2})
    assert profile is not None
    assert (profile.risk_band, profile.earned, profile.worst_year) == ("low", "high", -0.05)
    assert profile.held_by == ("Worst year: −5%",)


def test_points_grow_with_every_question_and_every_question_counts() -> None:
    for question in QUESTIONS:
        points = [answer.points for answer in question.answers]
        assert points == sorted(points)
        assert points[0] == 0 < points[-1]


def test_an_unknown_answer_counts_as_none() -> None:
    assert assess({q.id: 99 for q in QUESTIONS}) is None
    assert questions.band_of(0.0) == "low"
