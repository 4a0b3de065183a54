"""The allocation page's draft: kept over reloads and tabs, compared, discarded, and run beside the tree."""

from __future__ import annotations

from dataclasses import replace

from tests.domain.profile.answered import answered
from tests.pages.conftest import Open, words
from tests.pages.opened import accepted
from tests.pages.tree import EQUITY, write

from keel.domain.framework import editing
from keel.domain.framework.records import Framework
from keel.domain.policy.presets import PRESETS
from keel.domain.profile.record import assessed
from keel.domain.study.question import Question
from keel.services import design, mapping
from keel.services.guided import profiles
from keel.services.work import drafts, shelf
from keel.store.connection import Database


def test_an_edit_is_marked_as_unsaved_until_it_is_saved(open_page: Open, balanced: Framework) -> None:
    page = open_page("allocation", framework=balanced.id)
    assert "Unsaved changes" not in words(page)
    page = write(page, EQUITY, "min_weight", "50")
    assert "Unsaved changes" in words(page)
    page.button(key="save").click().run()
    assert "Unsaved changes" not in words(page)


def test_a_reload_goes_on_with_what_was_not_saved(open_page: Open, balanced: Framework) -> None:
    write(open_page("allocation", framework=balanced.id), EQUITY, "min_weight", "50")
    again = open_page("allocation", framework=balanced.id)
    assert "Unsaved changes" in words(again)
    assert not again.button(key="save").disabled
    again.button(key="undo").click().run()
    assert "Unsaved changes" not in words(again)
    assert "Unsaved changes" not in words(open_page("allocation", framework=balanced.id))


def test_saving_and_discarding_end_the_draft_for_every_session(
    open_page: Open, balanced: Framework, db: Database
) -> None:
    page = write(open_page("allocation", framework=balanced.id), EQUITY, "min_weight", "50")
    next(b for b in page.button if b.label == "Discard changes").click().run()
    assert "Unsaved changes" not in words(open_page("allocation", framework=balanced.id))
    write(page, EQUITY, "min_weight", "40").button(key="save").click().run()
    assert drafts.edited_versions(db, balanced.id) == ()
    assert design.get_framework(db, balanced.id).buckets[0].min_weight == 0.4


def test_changes_are_proposed_with_their_reasons_and_saved_as_a_version_or_edited_first(
    open_page: Open, balanced: Framework, db: Database
) -> None:
    page = open_page("allocation", framework=balanced.id)
    page.button(key="propose-changes").click().run()
    assert "answer five questions and save them first" in words(page)
    profiles.save(db, assessed("Ann", answered(0)))
    page.run()
    assert "changes proposed for Ann" in words(page)
    assert "**Equity** target 60.0% → 10.0%" in words(page)
    page.button(key="edit-changes").click().run()
    assert "Unsaved changes" in words(page)
    assert design.get_framework(db, balanced.id).version == 1
    page.button(key="propose-changes").click().run()
    assert page.button(key="accept-changes").disabled
    assert "Save or discard your own changes first." in words(page)
    page.button(key="undo").click().run()
    page.button(key="accept-changes").click().run()
    assert page.query_params["version"] == "2"
    saved = design.get_framework(db, balanced.id)
    assert (saved.method, saved.name, saved.buckets[0].target_weight) == ("generated", "Balanced", 0.1)
    assert "changes proposed" not in words(page)


def test_two_tabs_work_on_one_draft(open_page: Open, balanced: Framework) -> None:
    one, other = (open_page("allocation", framework=balanced.id) for _ in range(2))
    write(one, EQUITY, "min_weight", "50")
    assert "Unsaved changes" in words(other.run())
    write(other, EQUITY, "max_weight", "70")
    one.run()
    one.button(key="save").click().run()
    assert one.query_params["version"] == "2"
    assert "Unsaved changes" not in words(other.run())


def test_what_is_not_saved_is_listed(open_page: Open, balanced: Framework) -> None:
    page = write(open_page("allocation", framework=balanced.id), EQUITY, "min_weight", "50")
    page.session_state["allocation-unsaved"] = True
    assert "Equity: minimum" in words(page.run())


def test_a_draft_on_an_older_version_says_so_and_can_be_compared(
    open_page: Open, balanced: Framework, db: Database
) -> None:
    write(open_page("allocation", framework=balanced.id), EQUITY, "min_weight", "50")
    design.revise(db, balanced.id, 1, replace(balanced, description="second"))
    old = open_page("allocation", framework=balanced.id, version=1)
    assert "These changes began from version 1; version 2 is newer." in words(old)
    new = open_page("allocation", framework=balanced.id)
    assert new.query_params["version"] == "2"
    assert "Version 1 has unsaved changes." in words(new)
    new.button(key="drop-1").click().run()
    assert "unsaved changes" not in words(new)
    assert "Unsaved changes" not in words(open_page("allocation", framework=balanced.id, version=1))


def test_a_file_that_is_mended_survives_a_reload_before_its_first_version(
    open_page: Open, balanced: Framework, db: Database
) -> None:
    file = design.unsaved(editing.remove_bucket(balanced, "AssetClass/Bonds"))
    drafts.keep_edit(db, replace(file, buckets=()), file)
    page = open_page("allocation", framework=file.id)
    assert "65.0% placed, 35.0% to go" in words(page)
    assert "Not saved yet" in words(page)


def test_the_draft_is_run_beside_the_tree_and_nothing_is_stored(open_page: Open, db: Database) -> None:
    portfolio = accepted(db)
    page = open_page("allocation", framework=portfolio.framework_id)
    assert not page.button(key="run-draft").disabled
    write(page, EQUITY, "target_weight", "50")
    assert page.button(key="run-draft").disabled
    write(page, "AssetClass/Bonds", "target_weight", "45").button(key="run-draft").click().run()
    assert "These targets: " in words(page)
    assert "Version 1: " in words(page)
    page.session_state["draft-whole"] = True
    page.run()
    assert not page.exception
    assert {"Never", "Yearly"} <= {metric.label for metric in page.metric}
    assert {"What each policy did", "A closer look", "What this rests on"} <= {head.value for head in page.header}
    assert "Unsaved targets" in words(page)
    assert design.get_framework(db, portfolio.framework_id).version == 1
    assert shelf.runs_of(db, portfolio.id) == ()
    page.button(key="undo").click().run()
    assert "Before the last change." in words(page)


def test_a_draft_needs_products_before_it_can_be_run(open_page: Open, balanced: Framework) -> None:
    assert open_page("allocation", framework=balanced.id).button(key="run-draft").disabled


def test_a_new_version_carries_the_products_and_the_settings_of_the_last_run(open_page: Open, db: Database) -> None:
    portfolio = accepted(db)
    asked = Question(portfolio.id, {"Yearly": PRESETS["annual"]}, dataset="monthly", portfolio_version=1)
    drafts.keep_question(db, drafts.Asking(asked, "", answered=True))
    page = write(open_page("allocation", framework=portfolio.framework_id), EQUITY, "min_weight", "50")
    page.button(key="save").click().run()
    moved = mapping.get_portfolio(db, portfolio.id)
    assert (moved.version, moved.framework_version, moved.picks) == (2, 2, portfolio.picks)
    assert page.query_params["portfolio"] == portfolio.id
    page.button(key="to-backtest").click().run()
    assert page.session_state["backtest-dataset"] == "monthly"
    assert [metric.label for metric in page.metric] == ["Yearly"]


def test_a_new_bucket_asks_for_its_product_before_the_backtest(open_page: Open, db: Database) -> None:
    portfolio = accepted(db)
    framework = design.get_framework(db, portfolio.framework_id)
    page = open_page("allocation", framework=framework.id)
    duplicate = editing.duplicate_bucket(framework, "AssetClass/Bonds")
    drafts.keep_edit(
        db,
        framework,
        replace(
            duplicate,
            buckets=tuple(
                replace(b, target_weight=0.175) if b.path.startswith("AssetClass/Bonds") else b
                for b in duplicate.buckets
            ),
        ),
    )
    page.run().button(key="save").click().run()
    assert page.query_params["version"] == "2"
    assert "portfolio" not in page.query_params
    assert mapping.get_portfolio(db, portfolio.id).version == 1
