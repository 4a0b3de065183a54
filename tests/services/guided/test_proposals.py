"""Proposals: judged with the products there are, compared with what they would change, and never stored."""

from __future__ import annotations

import threading

import pytest
from tests.domain.profile.answered import answered
from tests.domain.proposal.said import pair
from tests.patience import PATIENCE

from keel import settings
from keel.domain.issue import errors
from keel.domain.profile.record import InvestorProfile, Wishes, assessed
from keel.errors import GeneratorError, ImportFormatError
from keel.services import design, mapping
from keel.services.guided import proposals
from keel.services.guided.proposals import Wanted
from keel.services.shared import jobs
from keel.services.shared.asking import model as asking
from keel.settings import Model
from keel.sources.llm.model import Asked, Tick
from keel.store.connection import Database
from keel.store.guided import profiles
from keel.store.work.jobs import Status

SETTINGS = settings.load({})
MODEL = Model("openai", "llama")


def ann(wishes: Wishes | None = None) -> InvestorProfile:
    return assessed("Ann", answered(2), wishes)


def test_a_new_framework_is_compared_with_the_first_template_of_its_risk_and_not_stored(db: Database) -> None:
    before = design.list_frameworks(db)
    proposed = proposals.propose(db, SETTINGS, ann())
    assert proposed.beside.name == "Balanced"
    changes = [str(change) for change in proposed.changes]
    assert "Bonds: target 35.0% → 35.0%" not in changes
    assert "Equity: maximum – → 70.0%" in changes
    assert not any(change.startswith(("Framework: name", "Framework: method")) for change in changes)
    assert errors(proposed.findings) == ()
    assert design.list_frameworks(db) == before


def test_beside_a_stored_framework_it_is_an_edit_of_it(db: Database) -> None:
    mine = design.adopt_template(db, SETTINGS, "growth", "Mine")
    proposed = proposals.propose(db, SETTINGS, ann(), mine)
    framework = proposed.proposal.framework
    assert (framework.id, framework.version, framework.name) == (mine.id, 1, "Mine")
    assert "Equity: target 80.0% → 60.0%" in [str(change) for change in proposed.changes]
    accepted = design.revise(db, framework.id, framework.version, framework)
    assert (accepted.version, accepted.method) == (2, "generated")


def test_products_are_proposed_with_what_speaks_for_them_and_can_be_accepted(db: Database) -> None:
    saved = design.save_new(db, proposals.propose(db, SETTINGS, ann()).proposal.framework, ())
    picks = proposals.propose_picks(db, saved)
    assert {path: [pick.symbol for pick in chosen] for path, chosen in picks.picks.items()}.keys() <= {
        "AssetClass/Equity", "AssetClass/Bonds", "AssetClass/Alternatives",
    }  # fmt: skip
    assert all(reason.words.startswith("The best score: ") for reason in picks.reasons)
    assert mapping.accept(db, saved.id, saved.version, picks.picks).picks


def test_what_another_generator_said_is_judged_and_named(db: Database) -> None:
    proposed = proposals.judge(db, SETTINGS, ann(), pair(0.65))
    said = proposals.document(proposed)
    assert (said["source"], said["valid"], said["products"]) == ("another generator", False, None)
    assert [f.code for f in errors(proposed.findings)] == ["more_equity_than_borne"]
    with pytest.raises(ImportFormatError, match="the proposal, field rebalancing"):
        proposals.judge(db, SETTINGS, ann(), pair(rebalancing="now"))


def model_says(monkeypatch: pytest.MonkeyPatch, said: object) -> list[Asked]:
    """The model answers with this, again and again; what it was asked."""
    questions: list[Asked] = []

    def ask(model: Model, asked: Asked, tick: Tick) -> object:
        tick()
        questions.append(asked)
        wrong = asked.complaint(said)
        if wrong:
            raise GeneratorError(f"What the model {model.name} said cannot be used.")
        return said

    monkeypatch.setattr(asking, "ask", ask)
    return questions


def test_a_models_proposal_is_taken_when_nothing_is_wrong_with_it(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    questions = model_says(monkeypatch, pair(0.4))
    proposed = proposals.propose(db, SETTINGS, assessed("Ann Smith", answered(2)), model=MODEL)
    assert (proposed.proposal.source, proposed.fallback, proposed.proposal.framework.buckets[0].target_weight) == (
        "llama", "", 0.4,
    )  # fmt: skip
    assert "Ann" not in questions[0].facts


def test_one_that_breaks_the_profile_gives_way_to_the_rules_and_it_is_said(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = model_says(monkeypatch, pair(0.9))
    proposed = proposals.propose(db, SETTINGS, ann(), model=MODEL)
    assert proposed.proposal.source == "rules"
    assert proposed.fallback == "What the model llama said cannot be used. The rules propose instead."
    assert asked[0].complaint(pair(0.9)).startswith("Equity is 90.0%: 60% is the most")
    assert asked[0].complaint({}).startswith("the proposal, field rebalancing: must be one of")


def test_a_model_takes_of_what_is_offered_and_what_else_it_says_gives_way(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    framework = proposals.propose(db, SETTINGS, ann()).proposal.framework
    by_rules = proposals.propose_picks(db, framework)
    path, (best, *_) = next(iter(by_rules.picks.items()))
    one = {"bucket": "bucket_1", "products": [{"symbol": best.symbol, "share": 1}], "reason": "Broad."}
    model_says(monkeypatch, {"picks": [one]})
    by_model = proposals.propose_picks(db, framework, MODEL)
    assert (by_model.source, by_model.picks[path], by_model.reasons[0].words) == ("llama", (best,), "Broad.")
    model_says(monkeypatch, {"picks": [one | {"products": [{"symbol": "BUY-ME", "share": 1}]}]})
    obeyed = proposals.propose_picks(db, framework, MODEL)
    assert (obeyed.source, obeyed.picks) == ("rules", by_rules.picks)
    assert obeyed.notes[0].endswith("The rules propose instead.")


WANTED = Wanted(ann(), products=True)


def test_a_model_is_asked_by_a_job_whose_result_is_the_document(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEEL_MODEL", "openai:llama")
    questions = model_says(monkeypatch, pair(0.4))
    job = proposals.ask_model(db, WANTED)
    assert job.finished(PATIENCE)
    assert (job.row.status, job.done, job.total) == (Status.done, 2, 2)
    assert job.answer is not None
    assert job.row.result == proposals.document(job.answer.proposed, job.answer.picks)
    assert "Ann" not in str(jobs.get(db, job.row.id).request)
    assert proposals.find_asked(db, WANTED) is job
    assert len(questions) == 2
    assert proposals.ask_model(db, WANTED).finished(PATIENCE)  # asked anew
    assert len(questions) == 4


def test_a_stored_profile_and_a_framework_go_along_by_their_versions(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KEEL_MODEL", "openai:llama")
    model_says(monkeypatch, pair(0.4))
    mine = design.adopt_template(db, SETTINGS, "growth", "Mine")
    job = proposals.ask_model(db, Wanted(profiles.save(db, ann()), mine))
    assert job.finished(PATIENCE)
    assert job.answer is not None
    framework = job.answer.proposed.proposal.framework
    assert (framework.id, framework.name, framework.profile_id) == (mine.id, "Mine", job.row.request["profile_id"])


def test_a_question_that_is_stopped_ends_at_once_and_without_an_answer(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KEEL_MODEL", "openai:llama")
    begun = threading.Event()

    def asks(_model: Model, _asked: Asked, tick: Tick) -> object:
        begun.set()
        while True:
            tick()

    monkeypatch.setattr(asking, "ask", asks)
    job = proposals.ask_model(db, WANTED)
    assert begun.wait(20)
    assert jobs.cancel(db, job.row.id).id == job.row.id
    assert job.finished(within=20)
    assert (job.row.status, job.answer, job.error) == (Status.cancelled, None, None)
