"""Points on two sides, the band, and the careful answer that decides."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.domain.profile.answered import answered

from keel.domain.profile.questions import BANDS, QUESTIONS, Question
from keel.domain.profile.scoring import Score, assess, band_of

PLACES = st.fixed_dictionaries({q.id: st.integers(0, len(q.answers) - 1) for q in QUESTIONS})


@given(PLACES)
def test_a_bolder_answer_never_lowers_the_risk(places: dict[str, int]) -> None:
    before = assess(answered(**places))
    assert before is not None
    for question in QUESTIONS:
        bolder = {**places, question.id: min(places[question.id] + 1, len(question.answers) - 1)}
        after = assess(answered(**bolder))
        assert after is not None
        assert BANDS.index(after.risk_band) >= BANDS.index(before.risk_band)


@given(PLACES)
def test_money_needed_soon_is_never_at_high_risk(places: dict[str, int]) -> None:
    soon = assess(answered(**{**places, "horizon": 0}))
    later = assess(answered(**{**places, "horizon": 1}))
    assert soon is not None
    assert later is not None
    assert soon.risk_band == "low"
    assert later.risk_band != "high"


@given(PLACES)
def test_the_two_sides_make_the_whole(places: dict[str, int]) -> None:
    found = assess(answered(**places))
    assert found is not None
    assert found.ability.points + found.tolerance.points == found.whole.points
    assert found.ability.possible + found.tolerance.possible == found.whole.possible == 17


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q.id)
def test_each_answer_caps_the_risk_by_itself_and_is_named(question: Question) -> None:
    for index, answer in enumerate(question.answers):
        found = assess(answered(9, **{question.id: index}))
        assert found is not None
        assert BANDS.index(found.risk_band) <= BANDS.index(answer.most)
        if found.risk_band != found.whole.band:
            assert found.held_by == (f"{question.short}: {answer.words}",)


def test_who_could_live_with_a_worst_year_of_5_percent_is_never_led_to_high_risk() -> None:
    found = assess(answered(9, loss=0))
    assert found is not None
    assert (found.risk_band, found.whole.band, found.worst_year) == ("low", "high", -0.05)
    assert found.held_by == ("Worst year: −5%",)
    assert (found.ability, found.tolerance) == (Score(9, 9, "high"), Score(4, 8, "medium"))


def test_the_published_source_is_named() -> None:
    found = assess(answered())
    assert found is not None
    assert "Investment Risk Profiling" in found.source


def test_an_unknown_answer_counts_as_none() -> None:
    assert assess({**answered(), "fall": "pray"}) is None
    assert band_of(0.0) == "low"
