"""The profile page: unanswered, answered, held down by the horizon, and without templates."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest
from tests.pages.conftest import Open, words

from keel.domain.profile import questions
from keel.errors import ImportFormatError
from keel.services.guided import profiles


def answered(page: AppTest, choose: int, **others: int) -> AppTest:
    for question in questions.QUESTIONS:
        index = others.get(question.id, choose)
        group = page.segmented_control(key=f"profile-{question.id}")
        group.set_value(question.answers[min(index, len(question.answers) - 1)].words)
    return page.run()


def test_without_answers_it_counts_the_questions_and_can_be_skipped(open_page: Open) -> None:
    page = open_page("profile")
    assert "5 questions to go" in words(page)
    assert "Skip: show every template" in [link.proto.label for link in page.main.get("page_link")]


def test_bold_answers_lead_to_high_risk_and_its_templates(open_page: Open) -> None:
    page = answered(open_page("profile"), 3)
    assert "High risk: Growth" in words(page)
    page.button(key="choose").click().run()
    assert page.query_params["risk"] == "high"
    assert page.title[0].value == "Choose a starting point"


def test_a_short_horizon_holds_the_risk_down_and_says_so(open_page: Open) -> None:
    page = answered(open_page("profile"), 3, horizon=0)
    assert "Low risk: Conservative" in words(page)
    assert "allows no more than low" in words(page)
    assert "Money needed: Within 3 years" in words(page)


def test_a_worst_year_of_5_percent_is_low_risk_and_shows_the_templates_own_worst_year(open_page: Open) -> None:
    page = answered(open_page("profile"), 3, loss=0)
    assert "Low risk: Conservative" in words(page)
    assert "Worst year: −5%" in words(page)
    assert "worst year −13% (2022), deeper than the −5% you could live with" in words(page)


def test_templates_that_cannot_be_read_are_explained(open_page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: object) -> None:
        raise ImportFormatError("balanced.toml cannot be read.", hint="Restore the file.")

    monkeypatch.setattr(profiles, "templates", broken)
    assert "balanced.toml cannot be read." in words(answered(open_page("profile"), 1))


def test_answers_survive_a_reload_until_they_are_discarded(open_page: Open) -> None:
    answered(open_page("profile"), 3)
    again = open_page("profile")
    assert "High risk: Growth" in words(again)
    assert "Unsaved answers" in words(again)
    again.button(key="discard-answers").click().run()
    assert "5 questions to go" in words(again)
    assert "5 questions to go" in words(open_page("profile"))
