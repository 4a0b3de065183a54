"""Runs go on as far as they are told, each service is called once, and a restart loses and doubles nothing."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date
from threading import Event
from types import ModuleType
from typing import Any

import pytest
from tests.domain.profile.answered import answered
from tests.domain.proposal.said import pair
from tests.patience import PATIENCE

from keel import settings
from keel.domain.framework.records import Constraint
from keel.domain.policy.presets import PRESETS
from keel.domain.workflow import run as runs
from keel.domain.workflow.run import RunStatus, StepStatus
from keel.errors import GeneratorError, InputError, WorkflowNotFoundError
from keel.services import example, mapping
from keel.services.guided import workflows
from keel.services.guided.workflows import Told
from keel.services.shared.asking import model as asking
from keel.services.shared.job import Slow
from keel.sources.llm.model import Asked, Tick
from keel.store import frameworks, policies, prices
from keel.store.connection import Database
from keel.store.guided import profiles, workflow_runs
from keel.store.holdings import plans
from keel.store.integrity import integrity
from keel.store.policies import NamedPolicy

DAY = date(2016, 7, 1)
CREATION, REVIEW = "portfolio_creation", "yearly_review"
BALANCED = {"framework": {"template": "balanced"}}
ANN = {"profile": {"name": "Ann", "answers": answered(2)}}


def told(given: dict[str, dict[str, object]] | None = None, *skipped: str) -> Told:
    return Told(DAY, given or {}, skipped)


def test_every_definition_is_right_and_its_actions_are_there() -> None:
    shipped = workflows.definitions(settings.load({}))
    assert [workflow.id for workflow in shipped] == [CREATION, REVIEW]
    with pytest.raises(WorkflowNotFoundError):
        workflows.definition(settings.load({}), "yoga")


def test_a_portfolio_is_created_step_by_step(db: Database) -> None:
    run = workflows.begin(db, CREATION, told(ANN))
    assert (run.status, runs.next_step(run)) == (RunStatus.open, run.workflow.step("framework"))
    profile = run.steps["profile"].outputs
    assert (profile["risk_band"], profile["profile_version"]) == ("medium", 1)
    run = workflows.go_on(db, run.id, told(BALANCED))
    assert [step.status.value for step in run.steps.values()] == ["done", "done", "done", "done", "waiting"]
    framework = frameworks.get(db, run.steps["framework"].outputs["framework_id"])
    assert framework.profile_id == profile["profile_id"]
    run = workflows.go_on(db, run.id, told({"portfolio": {"name": "Ann's"}}))
    assert run.status is RunStatus.done
    portfolio = mapping.get_portfolio(db, run.steps["portfolio"].outputs["portfolio_id"])
    assert (portfolio.name, portfolio.framework_id, len(portfolio.picks)) == ("Ann's", framework.id, 3)
    assert all(step.begun == 1 for step in run.steps.values())
    assert workflows.get(db, run.id) == run == workflows.go_on(db, run.id, told()) == workflows.listed(db)[0]
    assert integrity(db) == ()


def test_a_framework_may_be_proposed_for_the_profile(db: Database) -> None:
    run = workflows.begin(db, CREATION, told({**ANN, "framework": {"proposal": True}, "portfolio": {"name": "Hers"}}))
    assert run.status is RunStatus.done
    framework = frameworks.get(db, run.steps["framework"].outputs["framework_id"])
    assert (framework.method, framework.profile_id) == ("generated", run.steps["profile"].outputs["profile_id"])
    without = workflows.begin(db, CREATION, told({"framework": {"proposal": True}}), "framework")
    assert "for a profile only" in without.steps["framework"].message


def test_a_run_may_skip_the_profile_or_begin_behind_it(db: Database) -> None:
    skipped = workflows.begin(db, CREATION, told(BALANCED, "profile"))
    behind = workflows.begin(db, CREATION, told(BALANCED), "framework")
    for run in (skipped, behind):
        assert run.steps["profile"].status is StepStatus.skipped
        assert run.steps["validation"].status is StepStatus.done
    assert frameworks.get(db, behind.steps["framework"].outputs["framework_id"]).profile_id == ""


def test_what_is_stored_already_is_taken(db: Database) -> None:
    portfolio = example.open_example(db)
    given: dict[str, dict[str, object]] = {
        "framework": {"framework_id": portfolio.framework_id, "framework_version": portfolio.framework_version},
        "products": {"portfolio_id": portfolio.id},
    }
    run = workflows.begin(db, CREATION, told(given), "framework")
    assert run.status is RunStatus.done
    assert run.steps["portfolio"].outputs["portfolio_id"] == portfolio.id


def test_what_fails_says_why_stays_and_can_be_done_again(db: Database) -> None:
    run = workflows.begin(db, CREATION, told({"framework": {"template": "yoga"}}), "framework")
    assert run.status is RunStatus.failed
    assert "There is no template" in run.steps["framework"].message
    assert frameworks.list_latest(db) == ()
    run = workflows.go_on(db, run.id, told(BALANCED))
    assert (run.steps["framework"].begun, run.steps["framework"].status) == (2, StepStatus.done)


def test_a_step_is_done_again_and_what_it_and_those_after_it_made_stays(db: Database) -> None:
    given = {**BALANCED, "portfolio": {"name": "Mine"}}
    first = workflows.begin(db, CREATION, told(given), "framework")
    made = first.steps["portfolio"].outputs
    again = workflows.repeat(db, first.id, "framework", told({"framework": {"template": "growth"}}))
    assert (again.status, runs.next_step(again)) == (RunStatus.open, again.workflow.step("portfolio"))
    done = workflows.go_on(db, first.id, told({"portfolio": {"name": "Bolder"}}))
    assert (done.status, done.steps["portfolio"].earlier) == (RunStatus.done, (made,))
    framework = frameworks.get(db, done.steps["framework"].outputs["framework_id"])
    assert mapping.get_portfolio(db, done.steps["portfolio"].outputs["portfolio_id"]).framework_id == framework.id
    assert mapping.get_portfolio(db, made["portfolio_id"]).name == "Mine"
    with pytest.raises(InputError, match="does not ask"):
        workflows.repeat(db, first.id, "framework", told({"framework": {"colour": "red"}}))
    assert workflows.get(db, first.id) == done


@pytest.mark.parametrize(
    "given",
    [
        {"framework": {"framework_id": 7}},
        {"framework": {"framework_id": "x", "framework_version": "y"}},
        {"framework": {"framework_id": "fw_nothing"}},
        {"framework": {"template": ["balanced"]}},
        {**BALANCED, "products": {"portfolio_id": {}}},
        {**BALANCED, "portfolio": {"name": 1}},
    ],
)
def test_what_is_of_the_wrong_kind_fails_the_step_with_a_sentence(db: Database, given: dict[str, object]) -> None:
    run = workflows.begin(db, CREATION, replace(told(), given=given), "framework")  # type: ignore[arg-type]
    assert run.status is RunStatus.failed
    assert all(step.message for step in run.steps.values() if step.status is StepStatus.failed)


def test_what_no_step_asks_for_is_refused_before_anything_is_stored(db: Database) -> None:
    for given in ({"framework": {"colour": "blue"}}, {"dance": {}}):
        with pytest.raises(InputError):
            workflows.begin(db, CREATION, replace(told(), given=given))  # type: ignore[arg-type]
    with pytest.raises(InputError, match="no step"):
        workflows.begin(db, CREATION, told({}, "dance"))
    assert workflows.listed(db) == ()


def test_a_broken_limit_stops_the_run_until_it_is_accepted(db: Database) -> None:
    portfolio = example.open_example(db)
    like = replace(frameworks.get(db, portfolio.framework_id), id="", version=0, name="Narrow")
    cheap = Constraint("max_expense_ratio", 1, "bps")
    narrow = frameworks.save_version(db, replace(like, constraints=(cheap,)), 0)
    run = workflows.begin(db, CREATION, told({"framework": {"framework_id": narrow.id}}), "framework")
    assert run.steps["validation"].status is StepStatus.failed
    assert "accept it" in run.steps["validation"].message
    run = workflows.go_on(db, run.id, told({"validation": {"accept": True}}))
    assert run.steps["validation"].status is StepStatus.done
    assert run.steps["validation"].outputs["broken"]


def test_the_yearly_review_goes_from_holdings_to_a_pack(db: Database) -> None:
    client = example.open_client(db)
    run = workflows.begin(db, REVIEW, told({"holdings": {"portfolio_id": client.id}}))
    assert run.status is RunStatus.done
    assert run.steps["drift"].outputs["rebalance_needed"] is True
    plan = plans.get(db, run.steps["plan"].outputs["plan_id"])
    assert len(plan.said["trades"]) == run.steps["plan"].outputs["orders"] > 0
    again = workflows.begin(db, REVIEW, told({"holdings": {"portfolio_id": client.id}, "plan": {"plan_id": plan.id}}))
    assert again.steps["pack"].outputs == run.steps["pack"].outputs
    assert plans.list_for(db, client.id) == (plan,)


def test_a_review_of_nothing_held_says_so(db: Database) -> None:
    portfolio = example.open_example(db)
    run = workflows.begin(db, REVIEW, told({"holdings": {"portfolio_id": portfolio.id}}))
    assert (run.status, run.steps["drift"].status) == (RunStatus.failed, StepStatus.waiting)
    assert "holds nothing yet" in run.steps["holdings"].message


class KilledError(BaseException):
    """What a process that is killed says: nothing."""


def silent(*_: object) -> None:
    raise KilledError


def do_instead(monkeypatch: pytest.MonkeyPatch, actions: dict[str, workflows.Action]) -> None:
    """Has steps done by these instead of the services."""
    module = ModuleType("steps_of_a_test")
    module.STEPS = actions  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setattr(workflows, "ACTIONS", dict.fromkeys(workflows.ACTIONS, module.__name__))


@pytest.mark.parametrize("moment", ["begun", "computed", "written"])
@pytest.mark.parametrize("at", ["profile", "framework", "products", "validation", "portfolio"])
def test_an_end_at_any_moment_of_any_step_is_gone_on_from_and_nothing_is_doubled(
    store: Database, monkeypatch: pytest.MonkeyPatch, at: str, moment: str
) -> None:
    def action(name: str) -> workflows.Action:
        def computed(db: Database, _known: workflows.Values, _today: date) -> workflows.Write:
            if alive or name != at:
                return lambda: {"policy": policies.save(db, NamedPolicy(name, PRESETS["never"])).id}
            if moment != "begun":
                return lambda: killed(db if moment == "written" else None)
            return killed(None)

        return computed

    def killed(db: Database | None) -> Any:
        if db is not None:
            policies.save(db, NamedPolicy(at, PRESETS["never"]))
        patch.setattr(workflow_runs, "change", silent)
        raise KilledError

    alive = False
    do_instead(monkeypatch, {name: action(name) for name in workflows.ACTIONS})
    everything = told({**ANN, **BALANCED, "portfolio": {"name": "Ann's"}})
    with pytest.MonkeyPatch.context() as patch, pytest.raises(KilledError):
        workflows.begin(store, CREATION, everything)
    (before,) = workflows.listed(store)
    assert (before.status, before.steps[at].status) == (RunStatus.running, StepStatus.running)
    workflows.recover(store)
    (found,) = workflows.listed(store)
    assert (found.status, found.steps[at].status) == (RunStatus.interrupted, StepStatus.interrupted)
    alive = True
    run = workflows.go_on(store, found.id, everything)
    assert run.status is RunStatus.done
    assert sorted(policy.name for policy in policies.list_all(store)) == sorted(run.steps)
    assert {id: step.begun for id, step in run.steps.items()} == {**dict.fromkeys(run.steps, 1), at: 2}


def test_a_step_that_is_under_way_is_not_begun_again(store: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[RunStatus] = []

    def twice(db: Database, _known: workflows.Values, _today: date) -> workflows.Write:
        (run,) = workflows.listed(db)
        seen.append(workflows.go_on(db, run.id, told(BALANCED)).status)
        with pytest.raises(InputError, match="running"):
            workflows.cancel(db, run.id)
        return dict

    do_instead(monkeypatch, dict.fromkeys(workflows.ACTIONS, twice))
    run = workflows.begin(store, CREATION, told({**BALANCED, "portfolio": {"name": "Mine"}}), "framework")
    assert run.status is RunStatus.done
    assert seen == [RunStatus.running] * 4


def test_a_mistake_of_ours_leaves_the_step_interrupted(store: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    do_instead(monkeypatch, {name: lambda *_: 1 / 0 for name in workflows.ACTIONS})  # type: ignore[dict-item, misc]
    with pytest.raises(ZeroDivisionError):
        workflows.begin(store, CREATION, told(BALANCED), "framework")
    (run,) = workflows.listed(store)
    assert run.status is RunStatus.interrupted


def test_a_run_is_given_up_and_what_it_made_stays(store: Database) -> None:
    run = workflows.begin(store, CREATION, told(ANN))
    assert workflows.cancel(store, run.id).status is RunStatus.cancelled
    assert workflows.go_on(store, run.id, told(BALANCED)).status is RunStatus.cancelled
    assert len(profiles.list_latest(store)) == 1


def test_questions_are_put_by_the_rules_and_what_they_suggest_is_taken_or_overridden(db: Database) -> None:
    run = workflows.begin(db, CREATION, told(ANN))
    template, proposal, name, *others = workflows.document(run)["questions"]
    assert (template["words"], template["by"], template["answer"]) == (
        "Medium risk: Balanced or Core and satellite?", "rules", "balanced",
    )  # fmt: skip
    assert (proposal["answer"], name["answer"], {other["by"] for other in others}) == (True, None, {""})
    done = workflows.go_on(db, run.id, replace(told(), take=True))
    assert done.status is RunStatus.done
    assert (done.steps["framework"].given, done.steps["framework"].by) == (
        {"template": "balanced"},
        {"template": "rules"},
    )
    assert done.steps["portfolio"].given == {"name": "Balanced"}
    again = replace(told({"framework": {"template": "growth"}}), take=True)
    done = workflows.repeat(db, run.id, "framework", again)
    assert (done.steps["framework"].given, done.steps["framework"].by) == ({"template": "growth"}, {})
    assert done.steps["portfolio"].by == {"name": "rules"}
    assert workflows.document(done)["questions"] == []


def test_questions_are_put_by_a_model_kept_with_the_run_and_put_by_the_rules_again(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KEEL_MODEL", "openai:llama")
    facts: list[str] = []

    def asks(_model: object, asked: Asked, tick: Tick) -> object:
        tick()
        facts.append(asked.facts)
        said = {"questions": [{"id": "template", "words": "What suits you?", "answer": "core_satellite"}]}
        assert asked.complaint(said) == ""
        return said

    monkeypatch.setattr(asking, "ask", asks)
    run = workflows.begin(db, CREATION, told({"profile": {**ANN["profile"], "name": "Ann Smith"}}))
    job = workflows.ask_questions(db, run.id)
    assert job.finished(PATIENCE)
    assert job.row.result is not None
    with monkeypatch.context() as later:  # whatever prices come
        later.setattr(prices, "revision", lambda _db: 1_000)
        assert workflows.find_questions(db, workflows.get(db, run.id)) is job
    stored = workflows.document(workflows.get(db, run.id))["questions"]
    assert (stored, job.row.result["fallback"]) == (job.row.result["questions"], "")
    assert (stored[0]["words"], stored[0]["by"], stored[0]["answer"]) == ("What suits you?", "llama", "core_satellite")
    assert (stored[1]["by"], "Ann" in facts[0]) == ("rules", False)
    assert workflows.put_questions(db, run.id, "rules").questions[0].by == "rules"
    assert workflows.document(workflows.get(db, run.id))["questions"][0]["by"] == "rules"
    monkeypatch.setattr(asking, "ask", lambda *_: (_ for _ in ()).throw(GeneratorError("It is away.")))
    assert workflows.put_questions(db, run.id, "model").fallback == "It is away. The rules put the questions instead."
    workflows.cancel(db, run.id)
    with pytest.raises(InputError, match="No step of this run waits"):
        workflows.put_questions(db, run.id, "rules")


BY_MODEL: dict[str, dict[str, object]] = {**ANN, "framework": {"proposal": "model"}}


def test_a_step_that_asks_a_model_is_a_job_whose_end_goes_on(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEEL_MODEL", "openai:llama")
    may = Event()

    def asks(_model: object, _asked: object, tick: Tick) -> object:
        while not may.wait(0.01):
            tick()
        return pair(0.4)

    monkeypatch.setattr(asking, "ask", asks)
    run = workflows.begin(db, CREATION, replace(told(BY_MODEL), background=True))
    assert (run.status, run.steps["framework"].status) == (RunStatus.running, StepStatus.running)
    job = workflows.job_of(db, run)
    assert job is not None
    assert job.row.id == run.steps["framework"].job
    may.set()
    assert job.finished(PATIENCE)
    run = workflows.get(db, run.id)
    assert [step.status.value for step in run.steps.values()] == ["done", "done", "done", "done", "waiting"]
    assert (run.steps["framework"].outputs["proposed_by"], run.steps["framework"].begun) == ("llama", 1)
    assert workflows.job_of(db, run) is None


def test_a_step_that_fails_in_a_job_is_not_begun_again_by_itself(
    store: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def computed(_tick: Tick) -> workflows.Write:
        raise InputError("It cannot be.")

    do_instead(monkeypatch, dict.fromkeys(workflows.ACTIONS, lambda *_: Slow(computed)))
    run = workflows.begin(store, CREATION, replace(told(BALANCED), background=True), "framework")
    job = workflows.job_of(store, run)
    assert job is None or job.finished(PATIENCE)
    run = workflows.get(store, run.id)
    assert (run.status, run.steps["framework"].message) == (RunStatus.failed, "It cannot be.")
    assert run.steps["framework"].begun == 1


def test_a_step_that_asks_a_model_can_be_stopped_and_begun_again(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEEL_MODEL", "openai:llama")

    def asks(_model: object, _asked: object, tick: Tick) -> object:
        while True:
            tick()

    monkeypatch.setattr(asking, "ask", asks)
    run = workflows.begin(db, CREATION, replace(told(BY_MODEL), background=True))
    job = workflows.job_of(db, run)
    assert job is not None
    job.stop()
    assert job.finished(within=20)
    run = workflows.get(db, run.id)
    assert (run.status, job.row.status.value) == (RunStatus.interrupted, "cancelled")
    assert frameworks.list_latest(db) == ()
    run = workflows.go_on(db, run.id, told({"framework": {"proposal": "rules"}}))
    assert (run.steps["framework"].outputs["proposed_by"], run.steps["framework"].begun) == ("rules", 2)


def test_a_model_that_does_not_answer_gives_way_in_a_step_and_it_is_said(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise GeneratorError("It is away.")

    monkeypatch.setattr(asking, "ask", away)
    failed = workflows.begin(db, CREATION, told(BY_MODEL))
    assert "No model is set up" in failed.steps["framework"].message
    monkeypatch.setenv("KEEL_MODEL", "openai:llama")
    run = workflows.go_on(db, failed.id, told())
    made = run.steps["framework"].outputs
    assert (made["proposed_by"], made["fallback"]) == ("rules", "It is away. The rules propose instead.")
