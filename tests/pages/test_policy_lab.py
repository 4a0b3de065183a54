"""The policy lab page: the finding, what recolours, what is chosen, and what a link says."""

from __future__ import annotations

import re
from datetime import date

from streamlit.testing.v1 import AppTest
from tests.pages.conftest import Open, words
from tests.pages.opened import accepted, await_work, no_errors, ran, title

from keel import units
from keel.domain.policy.kinds import Absolute, Trigger
from keel.domain.policy.presets import PRESETS
from keel.domain.policy.records import Cadence, EverySessions, Policy, RunSettings
from keel.domain.study.question import Question
from keel.services import study
from keel.services.shared import jobs
from keel.store.connection import Database
from keel.ui.frame import root


def done(at: AppTest) -> AppTest:
    """The page once nothing is being worked on."""
    for _ in range(3):
        if any(button.label == "Stop" for button in at.button):
            await_work()
            at.run()
    return at


def asked(db: Database) -> int:
    """How many jobs were asked for."""
    with db.cursor() as cursor:
        return len(cursor.execute("select id from jobs where owner = getvariable('owner')").fetchall())


def link(at: AppTest) -> dict[str, str]:
    """The query of the page that is open."""
    return {name: value if isinstance(value, str) else value[0] for name, value in at.query_params.items()}


def tiles(at: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in at.metric}


def test_the_title_says_how_far_the_policies_lie_apart(db: Database, open_page: Open) -> None:
    at = done(open_page("policy_lab", portfolio=accepted(db).id))
    assert no_errors(at)
    assert re.fullmatch(r"114 policies differ by \d\.\d\spoints a year[^.]*", title(at))
    assert "monthly, total return" in at.main.caption[0].value
    assert "±5 pp band, quarterly look" in words(at)


def test_what_matters_is_claimed_only_once_it_is_tested(db: Database, open_page: Open) -> None:
    portfolio = accepted(db)
    at = done(open_page("policy_lab", portfolio=portfolio.id, widths="300-600x4", looks="quarterly,annual"))
    await_work()
    tested = at.run()
    assert "Testing on reshuffled histories" not in words(tested)
    assert re.fullmatch(
        r"8 policies differ by \d\.\d\spoints a year"
        r"(, and cannot be told apart here|; .* matters? (most |alike )?here)",
        title(tested),
    )
    assert "Measured here" not in words(tested)
    assert "matter" in words(tested) or "cannot be told apart here: luck alone" in words(tested)


def test_a_short_history_says_that_nothing_was_tested(db: Database, open_page: Open) -> None:
    portfolio = accepted(db)
    run = study.run_backtest(
        db, Question(portfolio.id, {"Never": PRESETS["never"]}, start=date(2015, 1, 31), end=date(2016, 1, 31))
    )
    at = done(open_page("policy_lab", portfolio=portfolio.id, run=run.run_id))
    await_work()
    assert "What matters was not tested. Resampling needs at least 24 returns" in words(at.run())
    assert "Measured here, in yearly return: " in words(at)
    assert no_errors(at)


def test_the_numbers_of_the_chosen_policy_are_those_of_a_backtest(db: Database, open_page: Open) -> None:
    portfolio = accepted(db)
    at = done(open_page("policy_lab", portfolio=portfolio.id))
    policy = Policy(Trigger.band, Cadence.quarterly, band=Absolute(500))
    alone = study.run_backtest(db, Question(portfolio.id, {"It": policy}, RunSettings(cost_bps=10))).results[0].metrics
    shown = tiles(at)
    assert shown["Return a year"] == units.pct2(float(str(alone["cagr"])))
    assert shown["Deepest fall"] == units.pct(float(str(alone["max_drawdown"])))
    assert shown["Rebalances"] == str(alone["rebalances"])


def test_cost_and_colour_need_no_new_sweep(db: Database, open_page: Open) -> None:
    at = done(open_page("policy_lab", portfolio=accepted(db).id))
    begun = asked(db)
    before = tiles(at)
    at.segmented_control(key="lab-cost").set_value(50.0).run()
    assert tiles(at)["Return a year"] != before["Return a year"]
    at.segmented_control(key="lab-colour").set_value("tracking_error").run()
    assert "Tracking error, by band width" in words(at)
    at.segmented_control(key="lab-colour").set_value("other").run()
    at.selectbox(key="lab-other").set_value("sortino").run()
    assert "Sortino ratio, by band width" in words(at)
    assert no_errors(at)
    assert asked(db) == begun


def test_the_keyboard_chooses_a_policy_and_the_link_remembers_it(db: Database, open_page: Open) -> None:
    portfolio = accepted(db)
    at = done(open_page("policy_lab", portfolio=portfolio.id))
    at.selectbox(key="lab-pick-4").set_value(18).run()
    at.selectbox(key="lab-pick-3").set_value(5).run()
    assert "±10 pp band, yearly look" in words(at)
    cold = done(open_page("policy_lab", **link(at)))
    assert "±10 pp band, yearly look" in words(cold)
    assert tiles(cold) == tiles(at)
    assert title(cold) == title(at)


def test_a_link_carries_other_axes(db: Database, open_page: Open) -> None:
    axes = {"band": "relative", "widths": "1000-3000x5", "looks": "monthly,annual", "to": "0,1", "lags": "0,1"}
    at = done(open_page("policy_lab", portfolio=accepted(db).id, **axes, cost=25, colour="max_drawdown"))
    assert no_errors(at)
    assert title(at).startswith("40 policies")
    assert "25 bps" in at.main.caption[0].value
    assert "Deepest fall, by band width" in words(at)
    assert {box.label for box in at.selectbox} >= {"Band", "Look", "Trades", "Trade at"}


def test_another_portfolio_begins_with_its_own_axes(db: Database, open_page: Open) -> None:
    at = done(open_page("policy_lab", portfolio=accepted(db).id, widths="200-400x3"))
    assert title(at).startswith("18 policies")
    at.session_state["lab-axes-box"] = True
    at.run()
    at.number_input(key="lab-axis-count").set_value(5).run()
    assert title(done(at)).startswith("30 policies")
    at.query_params["portfolio"] = accepted(db, "sector_risk_band").id
    assert title(done(at.run())).startswith("133 policies")
    at.number_input(key="lab-axis-count").set_value(18).run()
    assert title(done(at)).startswith("126 policies")


def test_axes_without_sense_say_so_and_one_click_helps(db: Database, open_page: Open) -> None:
    at = open_page("policy_lab", portfolio=accepted(db).id, widths="900-100x5")
    assert title(at) == "No policies to compare yet"
    assert "must rise" in words(at)
    at.button(key="lab-fix-axes").click().run()
    assert title(done(at)).startswith("114 policies")


def test_too_many_policies_name_the_limit_and_the_way_round(db: Database, open_page: Open) -> None:
    at = open_page("policy_lab", portfolio=accepted(db).id, widths="1-1000x1000", looks="1-100")
    text = words(at)
    assert "100,000 policies" in text
    assert "50,000" in text
    assert "keel sweep" in text


def test_the_chosen_policy_opens_as_a_backtest_of_its_own(db: Database, open_page: Open) -> None:
    portfolio = accepted(db)
    run = ran(db, portfolio, "never", "annual")
    at = done(open_page("policy_lab", portfolio=portfolio.id, run=run.run_id, looks="2", widths="300-300x1"))
    at.button(key="lab-open").click().run()
    assert not at.exception
    opened = study.get_run(db, link(at)["run"])
    assert [result.name for result in opened.results] == ["Never", "Yearly", "±3 pp every 2 months"]
    assert opened.results[-1].policy == Policy(Trigger.band, EverySessions(2), band=Absolute(300))


def test_a_daily_portfolio_is_looked_at_by_sessions(db: Database, open_page: Open) -> None:
    at = done(open_page("policy_lab", portfolio=accepted(db, "sector_risk_band").id))
    assert no_errors(at)
    assert title(at).startswith("133 policies")
    assert "dividends excluded" in at.main.caption[0].value
    assert "next close" in at.main.caption[0].value


def test_luck_answers_each_question_once_it_is_opened(db: Database, open_page: Open) -> None:
    at = done(open_page("policy_lab", portfolio=accepted(db).id, widths="300-600x4", looks="quarterly,annual"))
    assert "Is it luck?" not in [header.value for header in at.header]
    at.button(key="lab-luck-open").click().run()
    assert "reshuffled histories" in words(done(at))
    assert {"Seen", "Middle history"} <= {name for table in at.table for name in table.value.columns}
    at.number_input(key="lab-block").set_value(5).run()
    assert "blocks of 5 months on average, as set" in words(done(at))
    for tab, said in (
        ("Another check day", "The day of the check alone"),
        ("Another start date", "stretches of 5 years"),
        ("Picked from many", "distinct policies of 8 compared with Never over 318 months. 1,000 histories"),
    ):
        at.session_state["lab-tab"] = tab
        at.run()
        assert said in words(done(at)), tab
        assert no_errors(at), tab
    assert "seed 0" in words(at)


def interrupt(db: Database, kind: str) -> None:
    """Makes the newest job of a kind one that a restart ended halfway, as another start of the server finds it."""
    with db.write() as cursor:
        newest = f"id = (select id from jobs where kind = '{kind}' order by created_at desc limit 1)"
        cursor.execute(f"update jobs set status = 'interrupted', done = 57, total = 114 where {newest}")


def restarted(db: Database) -> Database:
    """The same file, opened by a process that remembers nothing."""
    await_work()
    db.close()
    return Database.open(db.path).of(db.owner)


def test_what_a_restart_ended_says_so_and_can_be_started_again(alone: Database, open_page: Open) -> None:
    portfolio = accepted(alone)
    done(open_page("policy_lab", portfolio=portfolio.id))
    interrupt(alone, "sweep")
    later = restarted(alone)
    with root.using(later):
        at = open_page("policy_lab", portfolio=portfolio.id)
        assert no_errors(at)
        assert title(at) == "114 policies to try"
        assert "Keel was restarted when 57 of 114 policies were done." in words(at)
        at.button(key="lab-again").click().run()
        assert title(done(at)).startswith("114 policies differ")
        assert "restarted" not in words(at)
    jobs.close(later)
    later.close()


def test_a_question_about_luck_that_a_restart_ended_can_be_asked_again(alone: Database, open_page: Open) -> None:
    link = {"portfolio": accepted(alone).id, "widths": "300-600x4", "looks": "quarterly,annual", "luck": "1"}
    done(open_page("policy_lab", **link))
    interrupt(alone, "confidence")
    later = restarted(alone)
    with root.using(later):
        at = done(open_page("policy_lab", **link))
        assert "Keel was restarted when 57 of 114 histories were done." in words(at)
        at.button(key="lab-histories-again").click().run()
        assert "reshuffled histories" in words(done(at))
    jobs.close(later)
    later.close()


def test_without_a_portfolio_the_step_says_what_it_needs(db: Database, open_page: Open) -> None:
    assert title(open_page("policy_lab")) == "Policy lab is not open yet"


def test_an_unknown_portfolio_is_a_sentence_and_a_way_on(db: Database, open_page: Open) -> None:
    at = open_page("policy_lab", portfolio="pf_nothing")
    assert not at.exception
    assert ":red-badge" in words(at)
    assert title(at) == "No policies to compare yet"
