"""From the start page to an accepted plan by keyboard alone, in a real browser."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect
from tests.browser.conftest import assert_sound
from tests.browser.visit import Visit, at_each_width, settle


def press(page: Page, role: str, name: str) -> None:
    found = page.get_by_role(role, name=name).first  # type: ignore[arg-type]
    found.focus()
    page.keyboard.press("Enter")


def test_a_client_is_opened_judged_and_planned_by_keyboard(visit: Visit) -> None:
    page = visit("/")
    press(page, "button", "See a worked client")
    ways = (("", "", "holdings"), ("link", "See the drift", "drift"), ("button", "Plan the trades", "rebalance"))
    for role, way, address in ways:
        if way:
            press(page, role, way)
        page.wait_for_url(f"**/{address}?**")
        settle(page)
        for _ in at_each_width(page):
            assert_sound(page)
    press(page, "button", "Accept this plan")
    expect(page.get_by_text(re.compile("^Accepted")).first).to_be_visible()
    page.go_back()
    page.go_back()
    page.wait_for_url("**/holdings?**")
    press(page, "button", "Remove the example")
    expect(page.get_by_role("button", name="See a worked client")).to_be_visible()
