"""The policy lab in a real browser."""

from __future__ import annotations

import time
from pathlib import Path
from statistics import median

import pytest
from playwright.sync_api import Page, expect
from tests.browser.conftest import BOX, TAB, assert_accessible, assert_fits, assert_headings, assert_sound
from tests.browser.visit import COMPILED, Visit, in_each_look, settle
from tests.browser.worked import at, await_change, choose, example, finding, limit

TILES = "() => [...document.querySelectorAll('[data-testid=stMetricValue]')].map((e) => e.innerText).join()"
BAR = "() => document.querySelector('[data-testid=stPlotlyChart] .infolayer').textContent"  # ends of the colour scale
CHOSEN = "() => [...document.querySelectorAll('h2')][2].innerText"
USUAL = "&band=absolute"  # a link that says something of the lab: what an earlier test chose stays a draft
TABS = ("Another check day", "Another start date", "Picked from many")


def lab(visit: Visit, query: str = USUAL) -> Page:
    """The lab of the worked example with its policies run."""
    page = visit(f"/policy_lab?{visit.worked}{query}")
    ready(page)
    return page


def shared_lab(visit: Visit) -> Page:
    """The lab as the tests before left it, whatever policy is chosen."""
    page = visit.shared(f"/policy_lab?{visit.worked}{USUAL}")
    ready(page)
    return page


def ready(page: Page) -> None:
    """Waits until the policies were run and their axes tested: what ends in the background draws the page once more."""
    expect(page.get_by_role("button", name="Open as a backtest")).to_be_visible(timeout=COMPILED)
    expect(page.get_by_text("Testing on reshuffled histories")).to_have_count(0, timeout=COMPILED)
    settle(page)


def answered(page: Page) -> None:
    """Waits until nothing is being worked on."""
    expect(page.get_by_role("button", name="Stop")).to_have_count(0, timeout=COMPILED)
    settle(page)


def surface(page: Page) -> dict[str, float]:
    """Where the surface lies on the screen."""
    box = page.get_by_test_id("stPlotlyChart").first.locator(".nsewdrag").first.bounding_box()
    assert box is not None
    return {name: float(value) for name, value in box.items()}


def test_a_click_on_a_cell_chooses_its_policy_and_hover_says_it_in_words(visit: Visit) -> None:
    page = shared_lab(visit)
    box = surface(page)
    place = (box["x"] + box["width"] * 0.9 / 19, box["y"] + box["height"] * 0.95)
    page.mouse.move(*place)
    expect(page.locator(".hovertext").first).to_contain_text("±1 pp band, monthly look")
    before = page.evaluate(CHOSEN)
    page.mouse.click(*place)
    await_change(page, before, CHOSEN)
    assert page.evaluate(CHOSEN) == "±1 pp band, monthly look"


def test_a_click_on_a_dot_of_the_frontier_chooses_its_policy(visit: Visit) -> None:
    page = shared_lab(visit)
    chart = page.get_by_test_id("stPlotlyChart").nth(1)
    chart.scroll_into_view_if_needed()  # a mouse presses only what the window shows, and the chart lies below its edge
    dots = chart.locator(".points path.point")
    before = page.evaluate(CHOSEN)
    box = dots.nth(dots.count() - 3).bounding_box()  # the last two are the ring
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    await_change(page, before, CHOSEN)


def test_the_downloads_say_that_results_are_hypothetical(visit: Visit) -> None:
    page = shared_lab(visit)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download CSV").click()
    lines = Path(waiting.value.path()).read_text(encoding="utf-8").splitlines()
    assert lines[0] == "# Hypothetical results, not investment advice."
    said = [line for line in lines if line.startswith("# ")]
    assert any(line.startswith("# prices fingerprint: ") for line in said)
    assert len(lines) - len(said) == 1 + 114 * 4
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Parquet").click()
    assert Path(waiting.value.path()).read_bytes().startswith(b"PAR1")


def test_ten_thousand_policies_appear_while_one_watches(visit: Visit) -> None:
    page = shared_lab(visit)
    page.get_by_role("button", name="Axes").click()
    page.get_by_role("button", name="10,000 policies").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("10,000 policies differ by", timeout=COMPILED)
    settle(page)
    page.keyboard.press("Escape")
    box = surface(page)
    before = page.evaluate(CHOSEN)
    page.mouse.click(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.5)
    await_change(page, before, CHOSEN)
    assert page.evaluate(CHOSEN).startswith("±10")


def test_a_cold_link_shows_the_same(visit: Visit) -> None:
    page = lab(visit, "&widths=200-600x5&looks=monthly,annual&to=0,1")
    choose(page, "Deepest fall")
    choose(page, "50")
    page.wait_for_url("**cost=50**")
    expect(page.get_by_role("heading", level=1)).to_contain_text("matters here")  # said when resampled histories agree
    settle(page)
    cold = visit.cold(at(page))
    ready(cold)
    expect(cold.get_by_role("heading", level=1)).to_have_text(finding(page))
    assert cold.evaluate(TILES) == page.evaluate(TILES)


def test_the_page_its_axes_and_its_questions_are_accessible_and_fit(visit: Visit) -> None:
    page = lab(visit)
    assert "policies differ by" in finding(page)
    page.get_by_role("button", name="Is it luck?").click()
    expect(page.get_by_role("tab", name="Other histories")).to_be_visible()
    answered(page)
    for _ in in_each_look(page):
        assert_sound(page)
        page.get_by_role("button", name="Axes").click()
        settle(page)
        expect(page.get_by_role("button", name="10,000 policies")).to_be_visible()
        assert_accessible(page, BOX)
        page.keyboard.press("Escape")
        for tab in TABS:
            page.get_by_role("tab", name=tab).click()
            settle(page)
            answered(page)
            assert_headings(page)
            assert_fits(page)
            assert_accessible(page, TAB)


def test_the_chosen_policy_opens_as_a_backtest(visit: Visit) -> None:
    page = example(visit)
    page.get_by_role("button", name="Open in the policy lab").click()
    page.wait_for_url("**/policy_lab?**run=**")
    ready(page)
    page.get_by_role("button", name="Axes").click()
    page.get_by_role("button", name="Usual axes").click()  # and not what an earlier test left beside this run
    expect(page.get_by_role("heading", level=1)).to_contain_text("114 policies")
    expect(page.get_by_role("heading", name="±5 pp band, quarterly look")).to_be_visible()
    settle(page)
    page.keyboard.press("Escape")
    settle(page)
    shown = page.evaluate(TILES).split(",")[0]
    page.get_by_role("button", name="Open as a backtest").click()
    page.wait_for_url("**/backtest?**run=**")
    settle(page)
    expect(page.get_by_test_id("stMetric").filter(has_text="±5 pp quarterly")).to_contain_text(shown)


@pytest.mark.speed
def test_a_warm_change_of_cost_answers_within_300_ms_at_the_median(visit: Visit) -> None:
    page = lab(visit)
    costs = ("0", "25", "50", "10")
    times = []
    for n in range(16):
        before = page.evaluate(BAR)
        started = time.perf_counter()
        choose(page, costs[n % 4])
        await_change(page, before, BAR)
        times.append(time.perf_counter() - started)
        settle(page)
    assert median(times[4:]) < limit(0.3), times
