"""The worked example, and what a person does on its pages."""

from __future__ import annotations

import os

from playwright.sync_api import Page, expect
from tests.browser.visit import Visit, settle


def example(visit: Visit, step: str = "backtest") -> Page:
    """A step of the worked example, opened by its link."""
    return visit(f"/{step}?{visit.worked}")


def follow(page: Page, step: str) -> None:
    """Goes to a step by its link at the side: the application is not loaded anew."""
    page.get_by_test_id("stSidebar").get_by_role("link", name=step).click()
    page.wait_for_url(f"**/{step.lower().replace(' ', '_')}**")
    settle(page)


def finding(page: Page) -> str:
    """The title."""
    return page.get_by_role("heading", level=1).inner_text()


def choose(page: Page, name: str) -> None:
    """Presses one of a row of choices."""
    page.get_by_test_id("stButtonGroup").get_by_text(name, exact=True).first.click()


def await_change(page: Page, before: str, script: str) -> None:
    """Waits until ``script`` gives something else than before."""
    page.wait_for_function(f"(before) => ({script})() !== before", arg=before, polling=10)


def limit(seconds: float) -> float:
    """The time allowed: ``seconds`` where every process has a core, longer in proportion where they queue for one."""
    return seconds * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


def at(page: Page) -> str:
    """Path and query of the open page, to visit again in a fresh session."""
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    return "/" + page.url.split("/", 3)[3]
