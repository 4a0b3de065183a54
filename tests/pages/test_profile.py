"""The profile page: unanswered, answered, held down by the horizon, and without templates."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest
from tests.pages.conftest import Open, words
from tests.patience import PATIENCE

from keel.domain.profile import questions
from keel.errors import GeneratorError, ImportFormatError
from keel.services import design, mapping
from keel.services.guided import profiles
from keel.services.shared import jobs
from keel.services.shared.asking import model as asking
from keel.services.work import drafts
from keel.sources.llm.model import Tick
from keel.store.connection import Database
from keel.store.work.jobs import newest


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


def test_a_framework_is_proposed_with_its_reasons_and_made_or_edited(
    open_page: Open, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = answered(open_page("profile"), 2)
    page.button(key="propose").click().run()
    assert "Proposed: medium risk, 60% equity" in words(page)
    assert "60% is the most that goes with “Worst year: −25%”." in words(page)
    page.multiselect(key="wish-exclude").select("Sector: Energy").run()
    assert "a broad fund still holds its companies" in words(page)
    assert design.list_frameworks(db) == ()
    monkeypatch.setenv("KEEL_MODEL", "openai:llama")
    monkeypatch.setattr(asking, "ask", no_answer)
    page.run().segmented_control(key="wish-by").set_value("llama").run()
    ended(db, page)
    assert "The model does not answer. The rules propose instead." in [warning.value for warning in page.warning]
    assert "**Bonds: " in words(page)
    page.button(key="accept-proposal").click().run()
    assert page.title[0].value == "Medium risk, 60% equity"
    (made,) = design.list_frameworks(db)
    assert made.risk_band == "medium"
    assert mapping.get_portfolio(db, page.query_params["portfolio"]).framework_id == made.id


def ended(db: Database, page: AppTest) -> None:
    """Waits until the model's answer is there, and draws the page with it."""
    row = newest(db, "proposal")
    assert row is not None
    job = jobs.find(db, jobs.find_kind("proposal"), row.request)
    assert job is not None
    assert job.finished(PATIENCE)
    page.run()


def no_answer(*_: object) -> None:
    raise GeneratorError("The model does not answer.")


def test_proposed_products_can_be_edited_before_they_are_accepted(open_page: Open, db: Database) -> None:
    page = answered(open_page("profile"), 2)
    page.button(key="propose").click().run()
    page.button(key="edit-products").click().run()
    (made,) = design.list_frameworks(db)
    choosing = drafts.picks(db, made)
    assert (page.query_params["framework"], set(choosing.picks), choosing.accepted) == (
        made.id,
        {"AssetClass/Equity", "AssetClass/Bonds", "AssetClass/Alternatives"},
        frozenset(),
    )
    assert "portfolio" not in page.query_params


@pytest.mark.usefixtures("hasty")
def test_a_model_that_is_asked_can_be_stopped_and_asked_again(
    open_page: Open, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def asks(_model: object, _asked: object, tick: Tick) -> None:
        while True:
            tick()

    monkeypatch.setenv("KEEL_MODEL", "openai:llama")
    monkeypatch.setattr(asking, "ask", asks)
    page = answered(open_page("profile"), 2)
    page.button(key="propose").click().run()
    page.segmented_control(key="wish-by").set_value("llama").run()
    page.button(key="wish-stop").click().run()
    ended(db, page)
    assert "Stopped: the model was not waited for." in words(page)
    monkeypatch.setattr(asking, "ask", no_answer)
    page.button(key="wish-again").click().run()
    ended(db, page)
    assert "The rules propose instead." in page.warning[0].value


def test_a_proposal_can_be_edited_before_anything_is_saved(open_page: Open, db: Database) -> None:
    page = answered(open_page("profile"), 2)
    page.button(key="propose").click().run()
    page.button(key="edit-proposal").click().run()
    assert (page.title[0].value, design.list_frameworks(db)) == ("Medium risk, 60% equity", ())
    assert "Unsaved changes" in words(page)


def test_a_profile_is_saved_opened_and_answered_again(open_page: Open, db: Database) -> None:
    page = answered(open_page("profile"), 2)
    page.text_input(key="profile-name-").set_value("Ann").run()
    page.button(key="save-profile").click().run()
    (ann,) = profiles.listed(db)
    assert (ann.name, ann.version, page.query_params["profile"]) == ("Ann", 1, ann.id)
    assert "Unsaved answers" not in words(page)
    opened = open_page("profile", profile=ann.id)
    assert "Medium risk" in words(opened)
    assert ":green-badge[:material/check: Saved] **Ann**, version 1" in words(opened)
    again = answered(opened, 0)
    assert "Unsaved answers" in words(again)
    again.button(key="save-profile").click().run()
    assert [(p.version, p.assessed.risk_band) for p in profiles.listed(db)] == [(2, "low")]
    again.session_state["profiles-managed"] = True
    again.run().button(key="shelf-profile-duplicate").click().run()
    copy = again.query_params["profile"]
    again.session_state["profiles-managed"] = True
    again.run().button(key="shelf-profile-archive").click().run()
    again.button(key="archive-profile").click().run()
    assert "profile" not in again.query_params
    assert ([p.id for p in profiles.listed(db)], [p.id for p in profiles.listed(db, archived=True)]) == (
        [ann.id],
        [copy],
    )
    template = open_page("template", profile=ann.id)
    template.button(key="use-conservative").click().run()
    assert design.get_framework(db, template.query_params["framework"]).profile_id == ann.id
