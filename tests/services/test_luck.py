"""Luck through the store, on the worked example."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TypeVar

import numpy as np
import pytest
from tests.patience import PATIENCE

from keel.backtest.luck.answers.as_json import confidence_json, report_json
from keel.backtest.luck.answers.words import sentences
from keel.domain.policy.kinds import Absolute, Trigger
from keel.domain.policy.presets import PRESETS
from keel.domain.policy.records import Cadence, Policy, RunSettings
from keel.domain.study.candidate import Candidate
from keel.domain.study.question import Question
from keel.domain.study.resampling import Resampling
from keel.errors import InputError, RunNotFoundError
from keel.services import example, luck, study
from keel.services.shared import jobs
from keel.services.shared.job import Job
from keel.store.connection import Database

T = TypeVar("T")
COST = RunSettings(cost_bps=10.0)
POLICIES = {"Never": PRESETS["never"], "Quarterly": PRESETS["quarterly"]}


@pytest.fixture
def run(db: Database) -> study.Study:
    return study.run_backtest(
        db, Question(example.open_example(db).id, POLICIES, COST, start=date(2005, 1, 1), end=date(2015, 12, 31))
    )


def test_what_was_seen_is_the_difference_of_the_runs_own_metrics(db: Database, run: study.Study) -> None:
    found = luck.confidence(db, run.question, "Quarterly", "Never", Resampling(draws=20))
    never, quarterly = run.results
    for one in found.differences:
        wanted = quarterly.metrics[one.metric] - never.metrics[one.metric]  # type: ignore[operator]
        assert one.seen == pytest.approx(wanted, rel=1e-9), one.metric
    assert luck.words(found).endswith(".")


def test_policies_are_named_or_given(db: Database, run: study.Study) -> None:
    a, b = (Candidate(name, policy, COST) for name, policy in POLICIES.items())
    named = luck.confidence(db, run.question, "Never", "Quarterly", Resampling(draws=10))
    given = luck.confidence(db, replace(run.question, policies={}), a, b, Resampling(draws=10))
    assert named.of("cagr").draws.tolist() == given.of("cagr").draws.tolist()


def test_the_fan_holds_the_run_itself(db: Database, run: study.Study) -> None:
    found = luck.fan(db, run.question, "Quarterly")
    assert found.offsets.tolist() == [0, 1, 2]
    assert found.own.tolist() == run.results[1].wealth.tolist()
    assert "(3 months tried); in 3 tranches it is" in luck.words(found)


def test_a_policy_without_another_day_to_check_on_is_bought_on_others(db: Database, run: study.Study) -> None:
    found = luck.fan(db, run.question, "Never")
    assert found.bought is not None
    assert luck.words(found).startswith(f"Bought on any of {len(found.bought.sessions)} months the yearly return")
    band = Candidate("Band", Policy(Trigger.band, Cadence.monthly, band=Absolute(500)), COST)
    assert "With bands a tenth narrower to a tenth wider: " in luck.words(luck.fan(db, run.question, band))


def test_a_cost_on_the_same_trades_is_certain_and_small(db: Database, run: study.Study) -> None:
    free, dear = (
        Candidate(name, PRESETS["quarterly"], RunSettings(cost_bps=cost))
        for name, cost in (("Free", 0.0), ("Dear", 30.0))
    )
    words = luck.words(luck.confidence(db, run.question, free, dear, Resampling(draws=100)))
    assert words.startswith("Free beat Dear by ")
    assert "\u00a0bp a year here; in none of 100 reshuffled histories" in words
    assert words.endswith("certain, but small.")


def test_rolling_starts_say_who_was_ahead(db: Database, run: study.Study) -> None:
    five, ten, to_end = luck.rolling_starts(db, run.question, "Quarterly", "Never")
    assert (five.horizon, ten.horizon, to_end.horizon) == (5, 10, None)
    assert "stretches of 5 years" in luck.words(five)


def test_skill_weighs_the_best_against_the_number_tried(db: Database, run: study.Study) -> None:
    bands = [
        Candidate(f"±{w} bps", Policy(Trigger.band, Cadence.monthly, band=Absolute(w)), COST)
        for w in range(100, 900, 100)
    ]
    seen: list[tuple[int, int]] = []
    found = luck.skill(
        db,
        run.question,
        bands,
        "Quarterly",
        Resampling(draws=100, level=0.1),
        of=10_000,
        progress=lambda *done: seen.append(done),
    )
    assert found is not None
    assert found.of == 10_000
    assert found.reference == "Quarterly"
    assert seen[-1] == (9, 9)
    assert luck.words(found).startswith(f"The best of 10,000, {found.best}, beat Quarterly by")
    assert luck.skill(db, run.question, bands, "Quarterly", cancel=lambda: True) is None


def test_a_risk_free_rate_can_be_a_series(db: Database, run: study.Study) -> None:
    one, other = (Candidate(n, PRESETS[n], RunSettings(risk_free="Global Bonds")) for n in ("annual", "never"))
    found = luck.confidence(db, run.question, one, other, Resampling(draws=10))
    plain = luck.confidence(db, run.question, "Quarterly", "Never", Resampling(draws=10))
    assert found.of("sharpe").defined == 10
    assert found.of("sharpe").seen != plain.of("sharpe").seen


def test_nonsense_gets_a_sentence(db: Database, run: study.Study) -> None:
    with pytest.raises(RunNotFoundError, match="no policy Weekly; it has Never, Quarterly"):
        luck.confidence(db, run.question, "Weekly", "Never")
    twice = [Candidate("X", PRESETS["annual"])] * 2
    with pytest.raises(InputError, match="the same name"):
        luck.skill(db, run.question, twice, "Never")
    many = [Candidate(str(i), PRESETS["annual"]) for i in range(201)]
    with pytest.raises(InputError, match="At most 200"):
        luck.skill(db, run.question, many, "Never")


def ended(job: Job[T]) -> T:
    """The answer of background work."""
    assert job.finished(PATIENCE)
    assert job.answer is not None, job.error
    return job.answer


def test_in_the_background_the_answers_are_the_same(db: Database, run: study.Study) -> None:
    question = run.question
    a, b = (Candidate(name, policy, COST) for name, policy in POLICIES.items())
    how = Resampling(draws=10, seed=3)
    confidence = ended(luck.ask_confidence(db, question, a, b, how))
    assert confidence.of("cagr").draws.tolist() == luck.confidence(db, question, a, b, how).of("cagr").draws.tolist()
    fan = ended(luck.ask_fan(db, question, b))
    assert fan.own.tolist() == luck.fan(db, question, b).own.tolist()
    rolling = ended(luck.ask_rolling(db, question, a, b))
    seen = [luck.words(one) for one in luck.rolling_starts(db, question, a, b)]
    assert [luck.words(one) for one in rolling] == seen
    skill = ended(luck.ask_skill(db, question, [b], a, 10, 3))
    assert skill is not None
    direct = luck.skill(db, question, [b], a, replace(luck.MANY, seed=3), of=10)
    assert direct is not None
    assert luck.words(skill) == luck.words(direct)


def test_a_comparison_is_one_whatever_else_its_question_asks(db: Database, run: study.Study) -> None:
    a, b = (Candidate(name, policy, COST) for name, policy in POLICIES.items())
    job = luck.ask_rolling(db, run.question, a, b)
    assert luck.ask_rolling(db, replace(run.question, policies={}, benchmark="SPY"), a, b) is job
    assert luck.ask_rolling(db, run.question, b, a) is not job
    words = [luck.words(one) for one in ended(job)]
    result = jobs.get(db, job.row.id).result
    assert result is not None
    assert [one["words"] for one in result["starts"]] == words
    again = jobs.again(db, job.row.id)
    assert again is not job
    assert [luck.words(one) for one in ended(again)] == words


def test_the_report_on_a_run_says_what_the_single_questions_say(db: Database, run: study.Study) -> None:
    job = luck.ask_report(db, run.run_id, Resampling(draws=5, seed=2))
    answer = ended(job)
    said = dict(sentences(answer))
    assert said["Quarterly"] == luck.words(luck.fan(db, run.question, "Quarterly"))
    found = luck.confidence(db, run.question, "Never", "Quarterly", Resampling(draws=5, seed=2))
    (one,) = report_json(answer)["against"]  # type: ignore[misc, call-overload]
    assert one["histories"] == confidence_json(found)
    assert jobs.get(db, job.row.id).result == report_json(answer)
    with pytest.raises(RunNotFoundError):
        luck.ask_report(db, "none", Resampling())
    with pytest.raises(InputError, match="draws"):
        luck.ask_report(db, run.run_id, Resampling(draws=0))


def test_of_many_the_best_and_an_even_sample_are_compared() -> None:
    few = np.array([0.1, np.nan, 0.3])
    assert luck.comparable(few).tolist() == [0, 2]
    many = np.arange(1000.0)
    rows = luck.comparable(many)
    assert len(rows) == 200
    assert set(range(900, 1000)) <= set(rows.tolist())
