"""Unsaved work: whatever the editor can make comes back equal, by version, until it is dropped."""

from __future__ import annotations

from dataclasses import replace

import pytest

from keel import settings
from keel.domain.framework import editing
from keel.domain.framework.records import Framework
from keel.domain.framework.rules import Rules
from keel.domain.plan.ask import Ask
from keel.domain.plan.limits import Limits
from keel.domain.policy.presets import PRESETS
from keel.domain.policy.records import RunSettings
from keel.domain.portfolio.records import Pick
from keel.domain.portfolio.score_weights import ScoreWeights
from keel.domain.study.question import Question
from keel.services import design, example
from keel.services.work import drafts
from keel.store.connection import Database
from keel.store.work import drafts as stored


@pytest.fixture
def base(db: Database) -> Framework:
    return design.adopt_template(db, settings.load(), "core_satellite")


def test_an_edit_comes_back_equal_even_where_it_is_not_valid(db: Database, base: Framework) -> None:
    first = base.buckets[0]
    for now in (
        replace(base, name="Other", description="x"),
        replace(base, buckets=()),
        editing.replace_bucket(base, replace(first, target_weight=1 / 3, min_weight=0.9, max_weight=0.1)),
        editing.remove_bucket(base, first.path),
        editing.duplicate_bucket(base, first.path),
    ):
        at = drafts.keep_edit(db, base, now)
        edit = drafts.edit(db, base)
        assert edit is not None
        assert (edit.framework, edit.at) == (now, at)


def test_an_edit_that_ends_where_it_began_is_none(db: Database, base: Framework) -> None:
    drafts.keep_edit(db, base, replace(base, name="Other"))
    assert drafts.keep_edit(db, base, base) is None
    assert drafts.edit(db, base) is None


def test_each_version_has_an_edit_of_its_own(db: Database, base: Framework) -> None:
    newer = design.revise(db, base.id, 1, replace(base, description="second"))
    drafts.keep_edit(db, base, replace(base, name="Old"))
    drafts.keep_edit(db, newer, replace(newer, name="New"))
    assert drafts.edited_versions(db, base.id) == (2, 1)
    drafts.drop_edit(db, newer)
    assert drafts.edited_versions(db, base.id) == (1,)


def test_a_file_without_a_version_is_kept_under_its_id(db: Database, base: Framework) -> None:
    file = design.unsaved(base)
    drafts.keep_edit(db, replace(file, buckets=()), file)
    edit = drafts.edit_of_file(db, file.id)
    assert edit is not None
    assert edit.framework == file


def test_what_cannot_be_read_is_left_where_it_is(db: Database, base: Framework) -> None:
    stored.save(db, stored.Draft(drafts.FRAMEWORK, f"{base.id}@1", {"keel": 99}, 1))
    assert drafts.edit(db, base) is None
    assert stored.find(db, drafts.FRAMEWORK, f"{base.id}@1") is not None


def test_what_was_last_asked_of_a_portfolio_is_asked_of_its_next_version(db: Database) -> None:
    portfolio = example.open_example(db)
    asked = Question(
        portfolio.id, {"Yearly": PRESETS["annual"]}, RunSettings(cost_bps=25.0), dataset="monthly", portfolio_version=1
    )
    assert drafts.question(db, portfolio) is None
    drafts.keep_question(db, drafts.Asking(asked, "run_1", answered=True))
    last = drafts.question(db, replace(portfolio, version=2))
    assert last == drafts.Asking(replace(asked, portfolio_version=2), "run_1", answered=True)
    drafts.drop_question(db, portfolio.id)
    assert drafts.question(db, portfolio) is None


def test_choices_come_back_equal_and_a_new_version_goes_on_with_the_prices(db: Database, base: Framework) -> None:
    path = base.buckets[0].path
    choosing = drafts.Choosing(
        {path: (Pick(path, "id_1", "VT", 0.4, locked=True),)},
        frozenset({path}),
        "monthly",
        ScoreWeights(1),
        Rules(max_expense_ratio=0.01),
    )
    drafts.keep_picks(db, base, choosing)
    assert drafts.picks(db, base) == choosing
    assert drafts.picks(db, replace(base, version=2)) == drafts.Choosing(dataset="monthly", filters=choosing.filters)
    drafts.keep_picks(db, base, drafts.Choosing())
    assert drafts.picks(db, base) == drafts.Choosing()


def test_answers_come_back_until_none_is_left(db: Database) -> None:
    assert drafts.answers(db) == {}
    drafts.keep_answers(db, {"horizon": "Later"})
    assert drafts.answers(db) == {"horizon": "Later"}
    drafts.keep_answers(db, {})
    assert drafts.answers(db) == {}


def test_what_is_chosen_in_a_lab_is_kept_beside_its_run(db: Database) -> None:
    drafts.keep_lab(db, "pf_1", "run_1", {"looks": "annual"})
    drafts.keep_lab(db, "pf_1", "run_1", {"looks": "monthly", "ask": "{}"})
    assert drafts.lab(db, "pf_1", "run_1") == {"looks": "monthly", "ask": "{}"}
    assert drafts.lab(db, "pf_1", "") == {}


def test_what_is_asked_of_a_plan_comes_back_until_it_is_the_usual(db: Database) -> None:
    asked = Ask(deposit=500.0, limits=Limits(whole_shares=True, edits={("Main", "VTI"): -2.0}), account="Main")
    drafts.keep_ask(db, "pf_1", asked)
    assert drafts.ask(db, "pf_1") == asked
    drafts.keep_ask(db, "pf_1", Ask())
    assert drafts.ask(db, "pf_1") == Ask()


def test_typed_holdings_come_back_until_they_are_dropped(db: Database) -> None:
    typing = drafts.Typing(({"Product": "VTI", "Quantity": 3.0, "Bucket": None},), ())
    assert drafts.typing(db, "pf_1") is None
    drafts.keep_typing(db, "pf_1", typing)
    assert drafts.typing(db, "pf_1") == typing
    drafts.drop_typing(db, "pf_1")
    assert drafts.typing(db, "pf_1") is None
    stored.save(db, stored.Draft(drafts.HOLDINGS, "pf_1", {"rows": 3}))
    assert drafts.typing(db, "pf_1") is None
