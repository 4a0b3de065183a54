"""From the start page to a client's paper and an accepted plan by keyboard alone, in a real browser."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect
from tests.browser.conftest import assert_accessible, assert_sound
from tests.browser.visit import Visit, at_each_width, dress, in_each_look, settle

DIALOG = "[role=dialog]"  # what stands behind was judged before it opened


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
        for _ in in_each_look(page):  # the next step is opened in the look in which this one was left
            assert_sound(page)
    drawn = "document.querySelector('.js-plotly-plot').layout.meta?.dark === true"
    page.wait_for_function(drawn)  # charts take the colours of the theme that is switched to
    dress(page, theme="dark")
    _present(page)
    _hand_over(page)
    page.emulate_media(color_scheme="light", media="print")
    expect(page.get_by_test_id("stSidebar")).to_be_hidden()
    expect(page.get_by_role("button", name="Client pack")).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.emulate_media(media="screen")
    settle(page)
    press(page, "button", "Accept this plan")
    expect(page.get_by_role("heading", level=1)).to_contain_text("accepted orders")
    page.go_back()
    page.wait_for_url("**/drift?**")
    settle(page)  # a dialog opened before would close when the page is drawn
    _share(page)
    page.go_back()
    page.wait_for_url("**/holdings?**")
    settle(page)
    press(page, "button", "Remove the example")
    expect(page.get_by_role("button", name="See a worked client")).to_be_visible()


def _present(page: Page) -> None:
    """Shows the plan as a client sees it: no room for a menu, each word below its heading. Then comes back."""
    press(page, "button", "Present")
    expect(page.get_by_role("button", name="Leave the presentation")).to_be_visible()
    settle(page)
    expect(page.get_by_test_id("stSidebar")).to_be_hidden()
    edges = page.get_by_test_id("stTable").first.evaluate(
        "(table) => [...table.querySelectorAll('tr > :nth-child(2) p')].map((p) => p.getBoundingClientRect().left)"
    )
    assert len(edges) > 1
    assert max(edges) - min(edges) < 1.0
    press(page, "button", "Leave the presentation")
    expect(page.get_by_test_id("stSidebar")).to_be_visible()
    settle(page)


def _share(page: Page) -> None:
    """Makes a link, looks at what whoever has it sees, and comes back."""
    press(page, "button", "Share a link")
    press(page, "button", "Make a link")
    expect(page.get_by_text("Copy it now")).to_be_visible()
    for _ in at_each_width(page):
        assert_accessible(page, DIALOG)
    page.goto(page.get_by_test_id("stCode").inner_text().strip())
    expect(page.get_by_role("heading", name="What is held")).to_be_visible()
    for _ in in_each_look(page):
        assert_sound(page)
        fits = "(every) => every.every((table) => table.querySelector('table').scrollWidth <= table.clientWidth)"
        assert page.get_by_test_id("stTable").evaluate_all(fits)
    expect(page.get_by_test_id("stSidebar")).to_be_hidden()
    page.go_back()
    page.wait_for_url("**/drift?**")
    settle(page)


def _hand_over(page: Page) -> None:
    """Opens the pack, says for whom it is, and takes the paper along."""
    press(page, "button", "Client pack")
    expect(page.get_by_role("textbox", name="For")).to_be_visible()
    settle(page)
    for _ in at_each_width(page):
        assert_accessible(page, DIALOG)
    page.get_by_role("textbox", name="For").focus()
    page.keyboard.type("The Okafors")
    page.keyboard.press("Enter")
    settle(page)
    with page.expect_download() as download:
        press(page, "button", "Download PDF")
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF-1.7")
    expect(page.get_by_role("dialog")).to_be_focused()  # its button was disabled for that long
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
