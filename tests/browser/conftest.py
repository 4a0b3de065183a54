"""A real server and a real browser, one of each for every worker; and what every page must keep to."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect, sync_playwright
from tests.browser.visit import COMPILED, PATIENCE, WIDE, Visit, settle
from tests.server import await_answer, free_port

BOX, TAB = "[data-testid=stPopoverBody]", "[role=tabpanel]"
# axe decides nothing about colours in a chart, and would go through each of its marks: what is drawn is away meanwhile
JUDGE = """async (within) => {
    const drawn = [...document.querySelectorAll('.main-svg')].map((svg) => [svg, [...svg.childNodes]]);
    drawn.forEach(([svg]) => svg.replaceChildren());
    try {
        return (await axe.run(within, {resultTypes: ['violations'], selectors: false})).violations;
    } finally {
        drawn.forEach(([svg, marks]) => svg.replaceChildren(...marks));
    }
}"""
ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--process-per-site",  # a new tab finds the scripts compiled: half of a page's processor time
    # no page lives long enough to earn back the work of the compilers: a fifth of all processor time; what was compiled
    # for one page is there for the next; several threads that collect memory wait for each other where cores are few
    "--js-flags=--no-opt --invocation-count-for-maglev=1500 --no-flush-bytecode --single-threaded-gc "
    "--semi-space-growth-factor=4",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here needs Chromium."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory, sample_file: Path) -> Iterator[str]:
    """The address of the server as people start it, on a database of its own."""
    folder, port = tmp_path_factory.mktemp("server"), free_port()
    database = folder / "keel.duckdb"
    database.write_bytes(sample_file.read_bytes())
    log = (folder / "server.log").open("wb")
    env = {
        **os.environ,
        "KEEL_DB": str(database),
        "PORT": str(port),
        "PYTHONPATH": str(ROOT / "src"),
        "KEEL_WATCH": "0",
    }
    process = subprocess.Popen([sys.executable, str(ROOT / "app.py")], cwd=ROOT, env=env, stdout=log, stderr=log)
    address = f"http://localhost:{port}"
    try:
        await_answer(f"{address}/_stcore/health", process, folder / "server.log")
        yield address
    finally:
        process.terminate()
        process.wait(timeout=20)
        log.close()


@pytest.fixture(scope="session")
def profile(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserContext]:
    """Chromium, with what it keeps from one page to the next: the application's files, and on disk what it compiled."""
    expect.set_options(timeout=PATIENCE)
    folder = tmp_path_factory.mktemp("profile")
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            folder, executable_path=chromium, args=FLAGS, accept_downloads=True
        )
        context.add_init_script(path=HERE / "watch.js")
        yield context
        context.close()


@pytest.fixture(scope="session")
def worked(profile: BrowserContext, server: str) -> str:
    """The link of the worked example's run, made once a worker as a person makes it: a click on the start page."""
    page = profile.pages[0]
    page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})
    page.goto(server)
    settle(page)
    page.get_by_role("button", name="See a worked example").click()
    page.wait_for_url("**/backtest?**run=**", timeout=COMPILED)
    settle(page)
    return page.url.partition("?")[2]


@pytest.fixture(scope="module")
def shared() -> dict[str, Page]:
    """The pages that several tests of a file look at, by their paths."""
    return {}


@pytest.fixture
def visit(profile: BrowserContext, server: str, worked: str, shared: dict[str, Page]) -> Iterator[Visit]:
    """Opens links; at the end no page may have logged an error or left the machine."""
    visit = Visit(profile, server, worked, shared)
    yield visit
    visit.close()
    assert not visit.troubles
    visit.require_few_loads()


def assert_accessible(page: Page, within: str = "body") -> None:
    """axe finds nothing ``within`` a part of the page; what stood around it was judged before."""
    settle(page)
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(Axe().axe_script)
    found = page.evaluate(JUDGE, within)
    assert not found, "\n".join(
        f"{v['id']} ({v['impact']}): {node['html'][:200]} {node['failureSummary']}"
        for v in found
        for node in v["nodes"]
    )


def assert_headings(page: Page) -> None:
    """One h1, and no level is skipped on the page."""
    levels = page.evaluate(
        """() => [...document.querySelectorAll('[data-testid="stMain"] :is(h1,h2,h3,h4)')].map((h) => +h.tagName[1])"""
    )
    assert levels.count(1) == 1, levels
    assert all(b <= a + 1 for a, b in itertools.pairwise(levels)), levels


def assert_fits(page: Page) -> None:
    """Nothing makes the page scroll sideways."""
    wide = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 1, f"{wide} px too wide at {page.viewport_size}"


def assert_sound(page: Page) -> None:
    """Headings in order, nothing to scroll sideways, and axe finds nothing: what every page keeps to in every look."""
    assert_headings(page)
    assert_fits(page)
    assert_accessible(page)
