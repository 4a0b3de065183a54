"""The backtest page: the finding, the numbers, and what they rest on."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date

import pytest
from tests.pages.conftest import Open, words
from tests.pages.opened import accepted, no_errors, ran, title

from keel import units
from keel.domain.policy.presets import PRESETS
from keel.domain.policy.records import Cadence, Contributions, FlowMode, RunSettings
from keel.domain.portfolio.records import Portfolio, by_path
from keel.domain.study.question import Question
from keel.services import design, mapping, study
from keel.services.market import benchmarks
from keel.services.work import shelf
from keel.store.connection import Database
from keel.ui.question import state


def test_a_new_portfolio_is_run_at_once_and_the_link_remembers_the_run(db: Database, open_page: Open) -> None:
    portfolio = accepted(db)
    at = open_page("backtest", portfolio=portfolio.id)
    assert no_errors(at)
    assert title(at).startswith("Rebalancing ")
    assert at.query_params["run"].startswith("run_")
    assert at.query_params["framework"] == portfolio.framework_id


def test_tiles_show_what_the_engine_computed(db: Database, open_page: Open) -> None:
    portfolio = accepted(db)
    run = ran(db, portfolio, "never", "annual")
    at = open_page("backtest", portfolio=portfolio.id, run=run.run_id)
    assert [m.label for m in at.metric] == ["Never", "Yearly"]
    assert [m.value for m in at.metric] == [units.pct2(r.metrics["cagr"]) for r in run.results]


def test_a_link_to_a_run_shows_the_same_question(db: Database, open_page: Open) -> None:
    portfolio = accepted(db)
    run = ran(db, portfolio, "annual", "edge_5pp", start=date(2010, 1, 31), benchmark="MSCI US")
    at = open_page("backtest", portfolio=portfolio.id, run=run.run_id)
    assert at.query_params["run"] == run.run_id
    assert [m.label for m in at.metric] == ["Yearly", "±5 pp to the edge", "MSCI US"]
    assert "2010" in words(at)


def test_no_policy_asks_for_one(db: Database, open_page: Open) -> None:
    portfolio = accepted(db)
    at = open_page("backtest", portfolio=portfolio.id)
    at.session_state["backtest-policies"] = []
    at.run()
    assert title(at) == "Pick a policy to compare"
    assert no_errors(at)


def test_a_run_of_an_old_version_says_that_a_newer_one_exists(db: Database, open_page: Open) -> None:
    portfolio = accepted(db)
    run = ran(db, portfolio, "never")
    assert "is newer" not in words(open_page("backtest", portfolio=portfolio.id, run=run.run_id))
    framework = design.get_framework(db, portfolio.framework_id)
    design.revise(db, framework.id, 1, replace(framework, name="Bolder"))
    at = open_page("backtest", portfolio=portfolio.id, run=run.run_id)
    assert "This run used version 1; version 2 of the allocation is newer." in words(at)


def test_dates_the_wrong_way_round_are_swapped_by_one_click(db: Database, open_page: Open) -> None:
    portfolio = accepted(db)
    at = open_page("backtest", portfolio=portfolio.id)
    at.session_state["backtest-start"], at.session_state["backtest-end"] = date(2014, 1, 31), date(2010, 1, 31)
    at.run()
    assert title(at) == "No result for this question yet"
    at.button(key="backtest-fix-order").click().run()
    assert no_errors(at)
    assert (at.session_state["backtest-start"], at.session_state["backtest-end"]) == (
        date(2010, 1, 31),
        date(2014, 1, 31),
    )


def test_a_fifth_policy_is_not_taken(db: Database, open_page: Open) -> None:
    portfolio = accepted(db)
    at = open_page("backtest", portfolio=portfolio.id)
    chosen = ["Never", "Yearly", "Quarterly", "Monthly", "Opportunistic"]
    at.pills(key="backtest-policies").set_value(chosen).run()
    assert [m.label for m in at.metric] == chosen[:4]
    assert "take one away" in words(at)


def test_costs_change_the_answer(db: Database, open_page: Open) -> None:
    portfolio = accepted(db)
    at = open_page("backtest", portfolio=portfolio.id)
    cheap = [m.value for m in at.metric]
    run = at.query_params["run"]
    at.segmented_control(key="backtest-cost").set_value(50).run()
    assert [m.value for m in at.metric] != cheap
    assert at.query_params["run"] != run


def test_settings_are_drawn_only_while_open_and_show_the_run(db: Database, open_page: Open) -> None:
    portfolio = accepted(db)
    at = open_page("backtest", portfolio=portfolio.id)
    at.segmented_control(key="backtest-cost").set_value(25).run()
    assert not at.number_input  # a control sent into a closed box would be told its value before the browser has it
    at.session_state["backtest-box"] = True
    at.run()
    shown = {n.key: n for n in at.number_input}
    assert shown["backtest-initial"].value == 10_000
    assert all(n.proto.set_value for n in shown.values() if n.value != n.proto.default)


def test_a_window_without_prices_says_why_and_one_click_helps(db: Database, open_page: Open) -> None:
    portfolio = accepted(db)
    at = open_page("backtest", portfolio=portfolio.id)
    at.session_state["backtest-start"] = date(2003, 1, 2)
    at.session_state["backtest-end"] = date(2003, 1, 20)
    at.run()
    assert not at.exception
    assert title(at) == "No result for this question yet"
    at.button(key="backtest-fix-dates").click().run()
    assert title(at).startswith("Rebalancing ")


def test_what_the_numbers_rest_on_is_said(db: Database, open_page: Open) -> None:
    portfolio = accepted(db)
    at = open_page("backtest", portfolio=portfolio.id)
    text = words(at)
    for part in ("Window", "Prices", "Fill", "Cost", "Data fingerprint", "represented by", "not investment advice"):
        assert part in text


def test_excluded_dividends_stand_in_the_grey_line(db: Database, open_page: Open) -> None:
    at = open_page("backtest", portfolio=accepted(db, "geographic").id)
    assert "dividends excluded" in at.caption[0].value


def test_every_tab_opens(db: Database, open_page: Open) -> None:
    portfolio = accepted(db)
    at = open_page("backtest", portfolio=portfolio.id)
    for tab in ("Rolling returns", "Deepest falls", "Weights", "Buckets", "Risk", "Trades", "X-ray"):
        at.session_state["backtest-tab"] = tab
        at.run()
        assert no_errors(at), tab
        assert tab != "Risk" or "Where the risk comes from" in words(at)
    assert "Held as targeted." in words(at)
    at.segmented_control(key="xray-by").set_value("Sector").run()
    assert "The sector of 60.0% is not known." in words(at)
    at.selectbox(key="xray-of").select("VT").run()
    assert "VT: nobody says what is in it: it counts as what its facts call it." in words(at)


def test_a_link_to_a_framework_takes_its_newest_portfolio(db: Database, open_page: Open) -> None:
    portfolio = accepted(db)
    at = open_page("backtest", framework=portfolio.framework_id, version=portfolio.framework_version)
    assert no_errors(at)
    assert at.query_params["portfolio"] == portfolio.id
    assert title(at).startswith("Rebalancing ")


@pytest.mark.parametrize("link", [{"framework": "nope"}, {"run": "nope"}])
def test_a_link_to_what_does_not_exist_says_so(open_page: Open, link: dict[str, str]) -> None:
    at = open_page("backtest", **link)
    assert title(at) == "This cannot be shown"
    assert "nope" in words(at)


def test_the_first_run_opens_the_drift_in_the_menu(db: Database, open_page: Open) -> None:
    at = open_page("backtest", portfolio=accepted(db).id)
    (drift,) = [link.proto for link in at.sidebar.get("page_link") if link.proto.label.endswith("Drift")]
    assert not drift.disabled
    assert at.query_params["run"] in str(drift.query_string)


def test_without_a_portfolio_the_step_says_what_it_needs(db: Database, open_page: Open) -> None:
    at = open_page("backtest")
    assert title(at) == "Backtest is not open yet"


def test_an_unknown_run_is_a_sentence_and_a_way_back(db: Database, open_page: Open) -> None:
    at = open_page("backtest", portfolio=accepted(db).id, run="run_nothing")
    assert not at.exception
    assert ":red-badge" in words(at)


ELSEWHERE = RunSettings(
    lag=3,
    cost_bps={"SPY": 5.0},
    fixed_fee=2.5,
    min_trade=75.0,
    charge_initial=True,
    contributions=Contributions(-12.34, Cadence.quarterly, 0.0123, FlowMode.steer),
    risk_free="US Treasuries",
)


def asked_elsewhere(db: Database, portfolio: Portfolio) -> Question:
    """A question as REST may put it: with settings that the pages' usual controls do not have."""
    framework = design.get_framework(db, portfolio.framework_id)
    settings = replace(ELSEWHERE, frozen=(framework.buckets[-1].label,))
    return Question(portfolio.id, {"Never": PRESETS["never"], "Yearly": PRESETS["annual"]}, settings)


def test_settings_made_elsewhere_are_named_and_kept_when_a_policy_is_added(db: Database, open_page: Open) -> None:
    portfolio = accepted(db)
    asked = asked_elsewhere(db, portfolio)
    run = study.run_backtest(db, asked)
    at = open_page("backtest", portfolio=portfolio.id, run=run.run_id)
    assert no_errors(at)
    line = next(c.value for c in at.main.caption if ":material/tune:" in c.value)
    for words_of_it in ("$12 taken out each quarter", "SPY 5", "Fee per order", "Smallest order", "Frozen buckets"):
        assert words_of_it in line
    at.pills(key="backtest-policies").set_value(["Never", "Yearly", "Monthly"]).run()
    assert no_errors(at), words(at)
    again = study.question_of(db, at.query_params["run"])
    assert again.settings == asked.settings
    assert list(again.policies) == ["Never", "Yearly", "Monthly"]


def test_the_box_shows_settings_made_elsewhere_and_opening_it_changes_nothing(db: Database, open_page: Open) -> None:
    portfolio = accepted(db)
    run = study.run_backtest(db, asked_elsewhere(db, portfolio))
    at = open_page("backtest", portfolio=portfolio.id, run=run.run_id)
    at.session_state["backtest-box"] = True
    at.run()
    assert no_errors(at)
    assert at.query_params["run"] == run.run_id
    assert at.number_input(key="backtest-fixed_fee").value == 2.5
    assert at.number_input(key="backtest-contributions-amount").value == 12.34
    assert at.number_input(key="backtest-cost-SPY").value == 5.0
    at.number_input(key="backtest-fixed_fee").set_value(4.0).run()
    changed = study.question_of(db, at.query_params["run"])
    assert changed.settings == replace(run.question.settings, fixed_fee=4.0)


def test_each_setting_and_each_field_of_the_question_has_a_control(db: Database, open_page: Open) -> None:
    at = open_page("backtest", portfolio=accepted(db).id)
    at.session_state["backtest-box"] = True
    at.run()
    keys = {getattr(element, "key", None) for element in at.main}
    for field in fields(RunSettings):
        assert state.key("backtest", field.name) in keys, field.name
    for field in fields(Question):
        if field.name not in ("portfolio_id", "portfolio_version", "settings"):  # the link says which portfolio
            assert state.key("backtest", field.name) in keys, field.name


def test_a_link_without_a_run_goes_on_with_the_last_settings(db: Database, open_page: Open) -> None:
    portfolio = accepted(db)
    at = open_page("backtest", portfolio=portfolio.id)
    at.segmented_control(key="backtest-cost").set_value(50).run()
    assert open_page("backtest", portfolio=portfolio.id).query_params["run"] == at.query_params["run"]
    moved = mapping.accept(db, portfolio.framework_id, 1, by_path(portfolio.picks), "Renamed", began=portfolio)
    again = open_page("backtest", portfolio=moved.id)
    assert again.segmented_control(key="backtest-cost").value == 50
    assert again.query_params["run"] != at.query_params["run"] or moved.version == portfolio.version


def test_a_question_without_an_answer_survives_a_reload_and_can_be_discarded(db: Database, open_page: Open) -> None:
    portfolio = accepted(db)
    at = open_page("backtest", portfolio=portfolio.id)
    before, run = at.session_state["backtest-policies"], at.query_params["run"]
    at.session_state["backtest-policies"] = []
    at.run()
    assert "Unsaved settings" in words(at)
    again = open_page("backtest", portfolio=portfolio.id, run=run)
    assert title(again) == "Pick a policy to compare"
    again.button(key="backtest-discard").click().run()
    assert again.session_state["backtest-policies"] == before
    assert no_errors(open_page("backtest", portfolio=portfolio.id, run=run))


def test_what_weighs_on_the_numbers_stands_under_the_title(db: Database, open_page: Open) -> None:
    portfolio = accepted(db)
    run = ran(db, portfolio, "never", "annual")
    fee = replace(run.question, settings=replace(run.question.settings, annual_fee_bps=100))
    study_of_fee = study.run_backtest(db, fee)
    at = open_page("backtest", portfolio=portfolio.id, run=study_of_fee.run_id)
    assert "An advisory fee of 1.00% a year is taken from every policy" in words(at)


def test_a_run_is_renamed_duplicated_and_archived_after_a_question(db: Database, open_page: Open) -> None:
    portfolio = accepted(db)
    run = ran(db, portfolio, "never")
    at = open_page("backtest", portfolio=portfolio.id, run=run.run_id)
    at.session_state["backtest-runs"] = True
    at.run()
    next(box for box in at.text_input if box.label == "Name").set_value("For the meeting").run()
    at.button(key="shelf-run-rename").click().run()
    at.button(key="shelf-run-duplicate").click().run()
    assert [e.name for e in shelf.runs_of(db, portfolio.id)] == ["For the meeting copy", "For the meeting"]
    copy = at.query_params["run"]
    assert copy != run.run_id
    at.session_state["backtest-runs"] = True
    at.run()
    at.button(key="shelf-run-archive").click().run()
    at.button(key="archive-run").click().run()
    assert copy not in [e.id for e in shelf.runs_of(db, portfolio.id)]


def test_a_blend_is_made_in_its_dialog_and_becomes_the_benchmark(db: Database, open_page: Open) -> None:
    portfolio = accepted(db)
    at = open_page("backtest", portfolio=portfolio.id)
    at.session_state["dialog"] = "blends"
    at.run()
    at.multiselect(key="blend-parts").set_value(["MSCI US", "Global Bonds"]).run()
    at.text_input(key="blend-name").set_value("60/40").run()
    at.button(key="blend-save").click().run()
    assert no_errors(at)
    assert [m.label for m in at.metric][-1] == "60/40"
    assert at.session_state["backtest-benchmark"] == benchmarks.blends(db)[0]
    benchmarks.delete(db, "60/40")
