"""Drift in a real browser."""

from __future__ import annotations

import time
from statistics import median

import pytest
from playwright.sync_api import Page, expect
from tests.browser.conftest import assert_sound
from tests.browser.visit import Visit, in_each_look, settle
from tests.browser.worked import at, await_change, choose, example, finding, limit

DAY = "() => document.querySelector('[data-testid=stMain] h2').innerText"


def click_cell(page: Page, across: float) -> None:
    """Clicks the first row of the grid at a share of its width."""
    grid = page.locator(".js-plotly-plot .nsewdrag").first.bounding_box()
    assert grid is not None
    page.mouse.move(grid["x"] + grid["width"] * across, grid["y"] + 18)
    page.mouse.click(grid["x"] + grid["width"] * across, grid["y"] + 18)


def shared_drift(visit: Visit) -> Page:
    """The drift of the worked example's run, as the tests before left it."""
    return visit.shared(f"/drift?{visit.worked}")


def test_the_page_is_accessible_and_fits(visit: Visit) -> None:
    page = shared_drift(visit)
    for _ in in_each_look(page):
        assert_sound(page)


def test_a_link_shows_the_same_cold(visit: Visit) -> None:
    page = shared_drift(visit)
    cold = visit.cold(at(page))
    assert finding(cold) == finding(page)
    assert cold.evaluate(DAY) == page.evaluate(DAY)


def test_a_click_on_a_cell_shows_that_date_and_buttons_still_work_after_it(visit: Visit) -> None:
    page = shared_drift(visit)
    before = page.evaluate(DAY)
    click_cell(page, 0.3)
    await_change(page, before, DAY)
    clicked = page.evaluate(DAY)
    settle(page)
    page.get_by_role("button", name="Next breach").click()
    await_change(page, clicked, DAY)
    assert "outside the band" in page.evaluate(DAY)


def test_breaches_are_reached_by_keyboard(visit: Visit) -> None:
    page = shared_drift(visit)
    before = page.evaluate(DAY)
    page.get_by_role("button", name="Previous breach").focus()
    page.keyboard.press("Enter")
    await_change(page, before, DAY)


def test_classes_and_periods_change_the_picture(visit: Visit) -> None:
    page = shared_drift(visit)
    choose(page, "All")
    expect(page.get_by_role("heading", level=1)).to_contain_text("of 307 months")
    page.get_by_text("Show classes only").click()
    expect(page.locator(".ytick", has_text="Alternatives").first).to_be_visible()


@pytest.mark.speed
def test_a_warm_step_answers_within_300_ms_at_the_median(visit: Visit) -> None:
    page = example(visit, "drift")
    times = []
    for n in range(11):
        before = page.evaluate(DAY)
        started = time.perf_counter()
        page.get_by_role("button", name="Previous breach" if n % 2 == 0 else "Next breach").click()
        await_change(page, before, DAY)
        times.append(time.perf_counter() - started)
        settle(page)
    assert median(times) < limit(0.3), times
