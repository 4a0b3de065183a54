"""The lab's question: settings made elsewhere are named, used and kept, and its own changes stand in the link."""

from __future__ import annotations

from dataclasses import replace

from tests.pages.conftest import Open, words
from tests.pages.opened import accepted, no_errors, title
from tests.pages.test_backtest import asked_elsewhere
from tests.pages.test_policy_lab import done, link, tiles

from keel import units
from keel.services import study
from keel.services.work import drafts
from keel.store.connection import Database


def test_a_run_s_settings_are_named_in_the_lab_and_kept_when_a_policy_is_opened(db: Database, open_page: Open) -> None:
    portfolio = accepted(db)
    asked = asked_elsewhere(db, portfolio)
    run = study.run_backtest(db, asked)
    at = done(open_page("policy_lab", portfolio=portfolio.id, run=run.run_id, widths="300-500x2", looks="annual"))
    assert no_errors(at), words(at)
    line = next(c.value for c in at.main.caption if ":material/tune:" in c.value)
    for part in ("taken out each quarter", "SPY 5", "Fee per order", "Smallest order", "Frozen buckets"):
        assert part in line
    shown = tiles(at)["Return a year"]
    at.button(key="lab-open").click().run()
    opened = study.get_run(db, link(at)["run"])
    assert opened.question.settings == asked.settings
    assert shown == units.pct2(float(str(opened.results[-1].metrics["cagr"])))


def test_a_change_of_the_form_is_run_and_stands_in_the_link(db: Database, open_page: Open) -> None:
    portfolio = accepted(db)
    at = done(open_page("policy_lab", portfolio=portfolio.id, widths="300-500x2", looks="annual"))
    before = tiles(at)
    at.session_state["lab-ask-box"] = True
    at.run()
    at.number_input(key="lab-ask-fee").set_value(100.0).run()
    done(at)
    assert no_errors(at), words(at)
    assert tiles(at)["Return a year"] != before["Return a year"]
    assert link(at)["ask"] == '{"settings":{"annual_fee_bps":100.0}}'
    cold = done(open_page("policy_lab", **link(at)))
    assert tiles(cold) == tiles(at)
    assert "Advisory fee" in words(cold)


def test_a_link_with_changes_that_make_no_sense_changes_nothing(db: Database, open_page: Open) -> None:
    portfolio = accepted(db)
    run = study.run_backtest(db, replace(asked_elsewhere(db, portfolio), dataset=""))
    for ask in ("{", "5", '{"settings":{"lag":-1}}', '{"settings":3}'):
        at = done(
            open_page("policy_lab", portfolio=portfolio.id, run=run.run_id, widths="300-300x1", looks="annual", ask=ask)
        )
        assert no_errors(at), ask


def test_another_session_goes_on_with_what_was_chosen_until_it_is_discarded(db: Database, open_page: Open) -> None:
    portfolio = accepted(db)
    at = done(open_page("policy_lab", portfolio=portfolio.id, widths="300-500x2", looks="annual"))
    assert drafts.lab(db, portfolio.id, "") == {}
    at.session_state["lab-ask-box"] = True
    at.run()
    at.number_input(key="lab-ask-fee").set_value(100.0).run()
    at.segmented_control(key="lab-cost").set_value(50.0).run()
    done(at)
    other = done(open_page("policy_lab", portfolio=portfolio.id))
    assert tiles(other) == tiles(at)
    assert "Unsaved settings" in words(other)
    other.button(key="lab-discard").click().run()
    done(other)
    assert "Unsaved settings" not in words(other)
    assert "Advisory fee" not in words(other)
    later = done(open_page("policy_lab", portfolio=portfolio.id))
    assert "Advisory fee" not in words(later)
    assert title(later).startswith("2 policies")


def test_what_was_chosen_beside_one_run_is_not_taken_beside_another(db: Database, open_page: Open) -> None:
    portfolio = accepted(db)
    run = study.run_backtest(db, replace(asked_elsewhere(db, portfolio), dataset=""))
    drafts.keep_lab(db, portfolio.id, "", {"widths": "300-500x2", "looks": "annual"})
    at = open_page("policy_lab", portfolio=portfolio.id, run=run.run_id, widths="300-300x1", looks="annual")
    assert title(done(at)).startswith("1 policy")
