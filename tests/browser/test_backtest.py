"""The backtest in a real browser."""

from __future__ import annotations

import time
from pathlib import Path
from statistics import median

import pytest
from playwright.sync_api import Page, expect
from tests.browser.conftest import BOX, TAB, assert_accessible, assert_headings, assert_sound
from tests.browser.visit import Visit, in_each_look, settle
from tests.browser.worked import at, await_change, choose, example, finding, limit

TABS = ("Years and months", "Rolling returns", "Deepest falls", "Weights", "Buckets", "Trades")
SECTIONS = {
    "Prices": "Extend short histories",
    "Trading": "Smallest order",
    "Money in and out": "Initial amount",
    "Fees and rates": "Risk-free rate",
}
TILES = "() => [...document.querySelectorAll('[data-testid=stMetricValue]')].map((e) => e.innerText).join()"


def shared_run(visit: Visit) -> Page:
    """The worked example's run, with what the tests before chose."""
    return visit.shared(f"/backtest?{visit.worked}")


def test_the_page_its_settings_and_its_tabs_are_accessible_and_fit(visit: Visit) -> None:
    page = shared_run(visit)
    for _ in in_each_look(page):
        assert_sound(page)
        page.get_by_role("button", name="More", exact=False).filter(has_text="tune").click()
        for name, control in SECTIONS.items():
            turn_to(page, name)
            settle(page)
            expect(page.get_by_label(control).first).to_be_visible()
            assert_accessible(page, BOX)
        page.keyboard.press("Escape")
        for tab in TABS[1:]:
            page.get_by_role("tab", name=tab).click()
            assert_accessible(page, TAB)
            assert_headings(page)


def test_a_link_shows_the_same_cold_and_settings_first_opened_after_a_change_are_those_of_the_run(visit: Visit) -> None:
    page = shared_run(visit)
    before = page.url
    choose(page, "50")
    page.wait_for_url(lambda url: url != before)
    settle(page)
    cold = visit.cold(at(page))
    assert finding(cold) == finding(page)
    expect(cold.get_by_test_id("stMetricValue")).to_have_count(page.get_by_test_id("stMetricValue").count())
    assert cold.evaluate(TILES) == page.evaluate(TILES)
    for cost in ("25", "0"):
        before = cold.url
        choose(cold, cost)
        cold.wait_for_url(lambda url, before=before: url != before)
        settle(cold)
        if cost == "25":
            more(cold)
            expect_settings(cold, "10000")
            cold.keyboard.press("Escape")
    assert finding(cold).startswith("Rebalancing ")


def test_the_download_says_that_results_are_hypothetical(visit: Visit) -> None:
    page = shared_run(visit)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download CSV").click()
    lines = Path(waiting.value.path()).read_text(encoding="utf-8").splitlines()
    assert lines[0] == "# Hypothetical results, not investment advice."
    said = [line for line in lines if line.startswith("# ")]
    assert any(line.startswith("# prices fingerprint: ") for line in said)
    assert lines[len(said)].startswith("date,Never,")
    assert len(lines) - len(said) > 300
    page.get_by_role("button", name="Client pack").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert_accessible(page, "[role=dialog]")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download PDF").click()
    assert waiting.value.suggested_filename == "global-6-pack.pdf"
    assert Path(waiting.value.path()).read_bytes().startswith(b"%PDF-")
    page.get_by_role("dialog").get_by_role("button", name="Close").click()
    expect(page.get_by_role("dialog")).to_be_hidden()


@pytest.mark.speed
def test_a_warm_change_of_cost_answers_within_300_ms_at_the_median(visit: Visit) -> None:
    page = example(visit)
    costs = ("0", "25", "50", "10")
    times = []
    for n in range(16):
        before = page.evaluate("() => location.search")
        started = time.perf_counter()
        choose(page, costs[n % 4])
        await_change(page, before, "() => location.search")
        times.append(time.perf_counter() - started)
        settle(page)
    assert median(times[4:]) < limit(0.3), times


def more(page: Page) -> None:
    """Opens or closes the box of further settings."""
    page.get_by_role("button", name="More", exact=False).filter(has_text="tune").click()
    settle(page)


def turn_to(page: Page, section: str) -> None:
    """Opens a section of the further settings."""
    page.get_by_role("tab", name=section, exact=True).click()


def expect_settings(page: Page, amount: str) -> None:
    """The open box shows the amount, no risk-free rate, proxies and the usual fill."""
    turn_to(page, "Money in and out")
    expect(page.get_by_role("spinbutton", name="Initial amount")).to_have_value(amount)
    turn_to(page, "Fees and rates")
    expect(page.get_by_role("spinbutton", name="Rate, % a year")).to_have_value("0")
    turn_to(page, "Prices")
    expect(page.get_by_role("switch", name="Extend short histories")).to_be_checked()
    turn_to(page, "Trading")
    expect(page.get_by_role("radio", name="Usual")).to_be_checked()


def test_settings_keep_an_edit_while_closed_and_over_a_visit_to_another_page(visit: Visit) -> None:
    page = shared_run(visit)
    more(page)
    turn_to(page, "Money in and out")
    before = page.url
    page.get_by_role("spinbutton", name="Initial amount").fill("50000")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url != before)
    settle(page)
    page.keyboard.press("Escape")
    settle(page)
    choose(page, "25")
    expect(page.get_by_role("heading", name="Growth of $50,000")).to_be_visible()
    settle(page)
    more(page)
    expect_settings(page, "50000")
    page.keyboard.press("Escape")
    settle(page)
    asked = page.url
    page.get_by_role("button", name="See the drift").click()
    page.wait_for_url("**/drift?**")
    settle(page)
    page.get_by_role("link", name="Back to the backtest").click()
    page.wait_for_url("**/backtest?**")
    settle(page)
    assert page.url == asked
    more(page)
    expect_settings(page, "50000")
    page.keyboard.press("Escape")


def test_a_crisis_is_one_click_a_date_one_enter_and_back_leads_out_of_all_of_them(visit: Visit) -> None:
    page = shared_run(visit)
    entries = page.evaluate("history.length")
    page.get_by_role("button", name="More", exact=False).filter(has_text="tune").click()
    turn_to(page, "Prices")
    page.get_by_role("button", name="Global financial crisis").click()
    expect(page.get_by_text("Oct 2007 – Mar 2009", exact=False).first).to_be_visible()
    page.get_by_role("button", name="All dates").click()
    expect(page.get_by_text("Dec 2000 – Jun 2026", exact=False).first).to_be_visible()
    settle(page)
    page.get_by_role("spinbutton", name="year, From").click()
    page.keyboard.type("20100131")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Jan 2010 – Jun 2026", exact=False).first).to_be_visible()
    assert page.evaluate("history.length") == entries
