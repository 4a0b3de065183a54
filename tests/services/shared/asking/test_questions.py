"""The questions of a run's next step: whose words they are is tested with the workflows."""

from __future__ import annotations

from keel import settings
from keel.domain.workflow import run as runs
from keel.services.guided import workflows
from keel.services.shared.asking.questions import asked_json, put, questions

CREATION = workflows.definition(settings.load({}), "portfolio_creation")


def test_without_a_profile_every_template_is_offered_and_none_is_suggested() -> None:
    run = runs.begin(CREATION, "framework")
    template, proposal, *_ = questions(run)
    assert template.words.startswith("Which template: Conservative, Balanced")
    assert (template.answer, proposal.words) == (None, "None can be proposed: there is no profile.")


def test_a_run_that_has_ended_asks_nothing() -> None:
    assert questions(runs.cancel(runs.begin(CREATION))) == ()


def test_a_step_without_a_question_for_a_generator_is_put_as_it_stands() -> None:
    run = runs.begin(CREATION)
    asked = put(run, CREATION.step("products"), None, lambda: None)
    assert asked_json(asked)["fallback"] == ""
    assert [one.by for one in asked.questions] == [""]
