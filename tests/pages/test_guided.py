"""A run of a workflow on the pages: begun on the start page, gone on with in the bar, found again."""

from __future__ import annotations

from datetime import date
from threading import Event

import pytest
from streamlit.testing.v1 import AppTest
from tests.domain.profile.answered import answered
from tests.domain.proposal.said import pair
from tests.pages.conftest import Open, words
from tests.pages.opened import title
from tests.patience import PATIENCE

from keel.domain.profile.record import assessed
from keel.domain.workflow.run import RunStatus
from keel.services import example
from keel.services.guided import profiles, workflows
from keel.services.guided.workflows import Told
from keel.services.shared.asking import model as asking
from keel.services.work import shelf
from keel.settings import load
from keel.sources.llm.model import Asked, Tick
from keel.store.connection import Database


def trail(page: AppTest) -> str:
    """The line of the bar with the steps."""
    return next(line for line in words(page).splitlines() if " → " in line)


def test_a_portfolio_is_created_in_the_bar(open_page: Open, db: Database) -> None:
    ann = profiles.save(db, assessed("Ann", answered(2)))
    page = open_page("start")
    page.button(key="begin-portfolio_creation").click().run()
    assert title(page) == "How much risk fits?"
    assert "**Profile** → Framework" in trail(page)
    assert page.button(key="guide-on").disabled
    page.query_params["profile"] = ann.id
    page.run()
    page.button(key="guide-on").click().run()
    assert (title(page), page.query_params["risk"]) == ("Choose a starting point", "medium")
    page.button(key="use-balanced").click().run()
    assert "**Framework**" in trail(page)
    page.button(key="guide-on").click().run()
    assert "**Products**" in trail(page)
    page.button(key="guide-on").click().run()
    assert "Every step is done." in words(page)
    (run,) = workflows.listed(db)
    assert run.status is RunStatus.done
    assert page.query_params["portfolio"] == run.steps["portfolio"].outputs["portfolio_id"]
    assert run.steps["framework"].outputs["framework_id"] == page.query_params["framework"]
    page.button(key="again-framework").click().run()
    assert (title(page), "framework" in page.query_params) == ("Choose a starting point", True)
    page.button(key="use-growth").click().run()
    page.button(key="guide-on").click().run()
    assert "Made before and still there: Balanced." in words(page)
    page.button(key="guide-on").click().run()
    assert [p.name for p in shelf.list_portfolios(db)] == ["Growth", "Balanced"]
    page.button(key="guide-leave").click().run()
    assert "Every step is done." not in words(page)


def test_what_is_suggested_is_taken_and_a_model_is_asked_in_the_bar(
    open_page: Open, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    may = Event()

    def asks(_model: object, asked: Asked, tick: Tick) -> object:
        while not may.wait(0.01):
            tick()
        putting = "questions" in asked.facts
        return {"questions": [{"id": "template", "words": "What suits you?"}]} if putting else pair(0.4)

    monkeypatch.setattr(asking, "ask", asks)
    monkeypatch.setenv("KEEL_MODEL", "openai:llama")
    given = {"profile": {"name": "Ann", "answers": answered(2)}}
    everything = [step.id for step in workflows.definition(load(), "portfolio_creation").steps][1:]
    run = workflows.begin(db, "portfolio_creation", Told(date(2026, 1, 5), given, later=everything))
    page = open_page("template", guide=run.id)
    assert "Balanced or Core and satellite? :gray-badge[Asked by the rules]" in words(page)
    page.button(key="guide-reword").click().run()
    assert "guide-asks-stop" in [button.key for button in page.button]
    may.set()
    job = workflows.find_questions(db, run)
    assert job is not None
    assert job.finished(PATIENCE)
    page.run()
    assert "What suits you? :gray-badge[Asked by llama]" in words(page)
    may.clear()
    page.button(key="guide-model").click().run()
    under_way = workflows.job_of(db, workflows.get(db, run.id))
    assert under_way is not None
    assert "A step is under way." in words(page)
    start = open_page("start")
    assert (start.button(key=f"cancel-{run.id}").disabled, "A step is under way" in words(start)) == (True, True)
    page.button(key="guide-step-stop").click().run()
    assert under_way.finished(within=20)
    page.run()
    assert "It was interrupted; nothing of it was stored." in words(page)
    page.button(key="guide-take").click().run()
    assert "**Products**" in trail(page)
    assert workflows.get(db, run.id).steps["framework"].by == {"template": "llama"}


def test_a_run_that_waits_is_found_on_the_start_page_and_can_be_given_up(open_page: Open, db: Database) -> None:
    page = open_page("start")
    page.button(key="begin-portfolio_creation").click().run()
    page.button(key="guide-skip").click().run()
    start = open_page("start")
    assert "Framework is next" in words(start)
    (run,) = workflows.listed(db)
    start.button(key=f"cancel-{run.id}").click().run()
    assert "Framework is next" not in words(start)


def test_a_review_stops_at_each_page_and_takes_what_a_person_did_there(open_page: Open, db: Database) -> None:
    client = example.open_client(db)
    page = open_page("start")
    page.button(key=f"begin-yearly_review-{client.id}").click().run()
    page.button(key="guide-on").click().run()
    assert "**Drift**" in trail(page)
    page.button(key="guide-on").click().run()
    assert "**Plan**" in trail(page)
    page.button(key="accept-plan").click().run()
    page.button(key="guide-on").click().run()
    (run,) = workflows.listed(db)
    assert "**Pack**" in trail(page)
    assert len(run.steps["plan"].outputs["plan_id"]) > 5
    page.button(key="guide-skip").click().run()
    assert workflows.get(db, run.id).status is RunStatus.done


def test_a_link_to_a_run_that_is_gone_shows_the_page_without_a_bar(open_page: Open) -> None:
    page = open_page("profile", guide="wr_nothing")
    assert title(page) == "How much risk fits?"
    assert " → " not in words(page)
