"""The backtest page: the finding, the numbers, and what they rest on."""

from __future__ import annotations

from datetime import date

import pytest
from tests.pages.conftest import Open, words
from tests.pages.opened import accepted, no_errors, ran, title

from keel import units
from keel.store.connection import Database


def test_a_new_portfolio_is_run_at_once_and_the_link_remembers_the_run(db: Database, open_page: Open) -> None:
    portfolio = accepted(db)
    at = open_page("backtest", portfolio=portfolio.id)
    assert no_errors(at)
    assert title(at).startswith("Rebalancing ")
    assert at.query_params["run"].startswith("run_")
    assert at.query_params["framework"] == portfolio.framework_id


def test_tiles_show_what_the_engine_computed(db: Database, open_page: Open) -> None:
    portfolio = accepted(db)
    study = ran(db, portfolio, "never", "annual")
    at = open_page("backtest", portfolio=portfolio.id, run=study.run_id)
    assert [m.label for m in at.metric] == ["Never", "Yearly"]
    assert [m.value for m in at.metric] == [units.pct2(r.metrics["cagr"]) for r in study.results]


def test_a_link_to_a_run_shows_the_same_question(db: Database, open_page: Open) -> None:
    portfolio = accepted(db)
    study = ran(db, portfolio, "annual", "edge_5pp", start=date(2010, 1, 31), benchmark="MSCI US")
    at = open_page("backtest", portfolio=portfolio.id, run=study.run_id)
    assert at.query_params["run"] == study.run_id
    assert [m.label for m in at.metric] == ["Yearly", "±5 pp to the edge", "MSCI US"]
    assert "2010" in words(at)


def test_no_policy_asks_for_one(db: Database, open_page: Open) -> None:
    portfolio = accepted(db)
    at = open_page("backtest", portfolio=portfolio.id)
    at.session_state["backtest-policies"] = []
    at.run()
    assert title(at) == "Pick a policy to compare"
    assert no_errors(at)


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
    for part in ("Window", "Prices", "Fill", "Cost", "Fingerprint", "represented by", "not investment advice"):
        assert part in text


def test_excluded_dividends_stand_in_the_grey_line(db: Database, open_page: Open) -> None:
    at = open_page("backtest", portfolio=accepted(db, "geographic").id)
    assert "dividends excluded" in at.caption[0].value


def test_every_tab_opens(db: Database, open_page: Open) -> None:
    portfolio = accepted(db)
    at = open_page("backtest", portfolio=portfolio.id)
    for tab in ("Rolling returns", "Deepest falls", "Weights", "Buckets", "Trades"):
        at.session_state["backtest-tab"] = tab
        at.run()
        assert no_errors(at), tab


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
