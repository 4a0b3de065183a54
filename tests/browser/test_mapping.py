"""Mapping in a real browser."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect
from tests.browser.conftest import BOX, assert_accessible, assert_sound
from tests.browser.visit import NARROW, Visit, framework_of, in_each_look, settle
from tests.browser.worked import example, finding


def mapped(visit: Visit, template: str) -> Page:
    """The mapping page of a framework just made."""
    return visit(f"/mapping?{framework_of(visit.server, template)}")


def open_row(page: Page, number: int = 0) -> None:
    """Opens what stands behind a row, if it is not open: a session keeps that."""
    row = page.locator('[class*="st-key-open-"] button').nth(number)
    if "chevron_right" in row.inner_text():
        row.click()
        settle(page)


def test_the_page_and_its_choices_are_accessible_and_fit(visit: Visit) -> None:
    page = mapped(visit, "balanced")
    open_row(page)
    page.get_by_text("Screening, near misses and scoring").click()
    expect(page.get_by_role("heading", name="How a score is made")).to_be_visible()
    for _ in in_each_look(page):
        assert_sound(page)
        for choice in ("Replace", "Split", "Why", "More"):
            page.get_by_role("button", name=choice).first.click()
            settle(page)
            expect(page.get_by_test_id("stPopoverBody")).to_be_visible()
            assert_accessible(page, BOX)
            page.keyboard.press("Escape")
            settle(page)  # closed it runs the page, which fades meanwhile
            expect(page.get_by_test_id("stPopoverBody")).to_have_count(0)


def test_accept_all_leads_to_the_backtest(visit: Visit) -> None:
    page = mapped(visit, "balanced")
    page.get_by_role("button", name="Accept all").click()
    page.wait_for_url("**/backtest?**run=**")
    assert "a year" in finding(page)


def test_a_product_is_replaced_and_the_choice_is_kept_in_the_link(visit: Visit) -> None:
    page = mapped(visit, "balanced")
    open_row(page)
    page.get_by_role("button", name="Replace").first.click()
    other = page.get_by_role("button", name=re.compile(r"· score \d+ · fee \S+$")).first
    symbol = other.inner_text().split(" ")[0]
    other.click()
    expect(page.locator("strong", has_text=symbol).first).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Accept all").click()
    page.wait_for_url("**/backtest?**run=**")
    cold = visit.cold("/mapping?" + page.url.split("?")[1])
    expect(cold.locator("strong", has_text=symbol).first).to_be_visible()
    expect(cold.get_by_role("button", name="Run the backtest")).to_be_visible()


def test_a_gap_is_named_and_one_click_fills_it(visit: Visit) -> None:
    page = mapped(visit, "geographic")
    page.get_by_role("combobox", name="Prices").press("ArrowDown")
    page.get_by_role("option", name=re.compile("^Monthly")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("1 suggestion to check, 2 buckets without a product")
    expect(page.get_by_text("30.0% stays in cash").first).to_be_visible()
    page.get_by_role("button", name=re.compile("Use prices daily")).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("3 suggestions to check")


def test_the_worked_example_shows_its_own_products(visit: Visit) -> None:
    page = example(visit, "mapping")
    expect(page.get_by_role("heading", level=1)).to_have_text("All 6 buckets have a product")
    row = [page.get_by_role("button", name="US equity"), page.get_by_text("Accepted").first]
    tops = [part.evaluate("(part) => part.getBoundingClientRect().top") for part in row]
    assert abs(tops[0] - tops[1]) < 20  # one line a bucket
    expect(page.locator("strong", has_text="VTI").first).to_be_visible()


def test_a_box_that_does_not_fit_becomes_a_dialog(visit: Visit) -> None:
    page = visit.cold(f"/mapping?{framework_of(visit.server, 'balanced')}", NARROW)  # and no other row open
    open_row(page, 1)
    page.get_by_role("button", name="Split").click()
    box = page.get_by_test_id("stPopoverBody")
    expect(box.get_by_role("button", name="Use this split")).to_be_in_viewport()
    page.wait_for_function(
        """() => { const box = document.querySelector('[data-testid="stPopoverBody"]');
        return box.clientHeight >= Math.min(box.scrollHeight - 4, 320); }"""
    )
    assert_accessible(page)
    page.keyboard.press("Escape")
    expect(box).to_have_count(0)


def test_the_holdings_page_and_its_dialog_are_accessible_and_fit(visit: Visit) -> None:
    page = example(visit, "holdings")
    for _ in in_each_look(page):
        assert_sound(page)
        page.get_by_role("button", name="Paste rows").click()
        settle(page)
        expect(page.get_by_role("dialog")).to_be_visible()
        assert_accessible(page)
        page.keyboard.press("Escape")
        settle(page)
        expect(page.get_by_role("dialog")).to_have_count(0)
