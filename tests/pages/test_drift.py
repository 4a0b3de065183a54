"""The drift page: when buckets left their bands, one date in detail, and the way from breach to breach."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest
from tests.pages.conftest import Open, words
from tests.pages.opened import accepted, no_errors, ran, title

from keel.domain.policy.words import preset_name
from keel.services import design, history
from keel.services.study import Study
from keel.store.connection import Database


def opened(db: Database, open_page: Open, *presets: str, template: str = "balanced") -> tuple[Study, AppTest]:
    portfolio = accepted(db, template)
    run = ran(db, portfolio, *presets)
    ids = {"framework": portfolio.framework_id, "version": portfolio.framework_version, "portfolio": portfolio.id}
    return run, open_page("drift", **ids, run=run.run_id)


def test_the_title_counts_the_periods_out_of_band(db: Database, open_page: Open) -> None:
    run, at = opened(db, open_page, "never", "annual")
    grid = history.drift(run, "Yearly")
    assert no_errors(at)
    at.segmented_control(key="drift-period").set_value("All").run()
    count = int(grid.breach.any(axis=0).sum())
    assert title(at).startswith(f"Out of band in {count} of {len(grid.dates)} months")


def test_it_opens_on_the_last_breach_and_steps_back(db: Database, open_page: Open) -> None:
    _, at = opened(db, open_page, "annual")
    first = at.header[0].value
    assert "outside the band" in first
    assert at.button(key="drift-chevron_right").disabled
    at.button(key="drift-chevron_left").click().run()
    assert at.header[0].value != first
    assert not at.button(key="drift-chevron_right").disabled


def test_a_link_remembers_policy_period_and_date(db: Database, open_page: Open) -> None:
    run, at = opened(db, open_page, "never", "annual", "monthly")
    at.segmented_control(key="drift-policy").set_value("Never")
    at.segmented_control(key="drift-period").set_value("All").run()
    at.button(key="drift-chevron_left").click().run()
    link = dict(at.query_params)
    again = open_page("drift", **{name: value if isinstance(value, str) else value[0] for name, value in link.items()})
    assert again.segmented_control(key="drift-policy").value == "Never"
    assert again.segmented_control(key="drift-period").value == "All"
    assert again.header[0].value == at.header[0].value
    assert title(again) == title(at)
    assert link["run"] in (run.run_id, [run.run_id])


def test_it_opens_on_the_policy_of_the_framework(db: Database, open_page: Open) -> None:
    portfolio = accepted(db)
    own = design.get_framework(db, portfolio.framework_id).rebalancing
    run = ran(db, portfolio, "never", preset_name(own) or "annual", "monthly")
    at = open_page("drift", portfolio=portfolio.id, run=run.run_id)
    assert at.segmented_control(key="drift-policy").value == run.results[1].name


def test_a_date_in_band_says_so(db: Database, open_page: Open) -> None:
    _, at = opened(db, open_page, "annual")
    at.session_state["drift-date"] = "2025-01-31"
    at.run()
    assert "every bucket in band" in at.header[0].value or "outside the band" in at.header[0].value
    assert at.header[0].value.startswith("Jan 2025")


def test_a_policy_without_bands_is_judged_by_the_usual_ones_and_says_so(db: Database, open_page: Open) -> None:
    _, at = opened(db, open_page, "never", "annual")
    assert "judged against 5/25 bands" in at.caption[0].value


def test_what_the_policy_trades_is_said(db: Database, open_page: Open) -> None:
    _, at = opened(db, open_page, "five_twenty_five")
    at.button(key="drift-chevron_left").click().run()
    assert "5/25 band trades" in words(at)


def test_long_daily_runs_are_sampled_and_say_so(db: Database, open_page: Open) -> None:
    _, at = opened(db, open_page, "never", template="geographic")
    assert no_errors(at)
    assert "Each column is the day of the week with the largest drift" in words(at)


def test_without_a_run_the_step_says_what_it_needs(db: Database, open_page: Open) -> None:
    at = open_page("drift")
    assert title(at) == "Drift is not open yet"


def test_an_unknown_run_is_a_sentence_and_a_way_back(db: Database, open_page: Open) -> None:
    at = open_page("drift", run="run_nothing")
    assert not at.exception
    assert ":red-badge" in words(at)
