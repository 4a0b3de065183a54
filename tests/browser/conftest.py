"""A real server and a real browser, one of each for all browser tests; and what every page must keep to."""

from __future__ import annotations

import itertools
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

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
]
WIDE, NARROW = (1280, 900), (400, 800)
LOOKS = [(size, theme) for size in (WIDE, NARROW) for theme in ("light", "dark")]
LOOK_NAMES = [f"{size[0]}-{theme}" for size, theme in LOOKS]
CLOSER = (LOOKS[0], LOOKS[3])  # each width and each theme once: what opens on a page is checked at these
PATIENCE = 30_000  # ms; the tests share the machine with others
PROBES = ("_stcore/health", "_stcore/host-config")  # Streamlit asks for these beside a deep link and gets 404


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here needs Chromium, and shares one server: one worker runs it all."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory, sample_file: Path) -> Iterator[str]:
    """The address of the server as people start it, on a database of its own."""
    folder, port = tmp_path_factory.mktemp("server"), free_port()
    database = folder / "keel.duckdb"
    database.write_bytes(sample_file.read_bytes())
    log = (folder / "server.log").open("wb")
    env = {**os.environ, "KEEL_DB": str(database), "PORT": str(port), "PYTHONPATH": str(ROOT / "src")}
    process = subprocess.Popen([sys.executable, str(ROOT / "app.py")], cwd=ROOT, env=env, stdout=log, stderr=log)
    address = f"http://localhost:{port}"
    try:
        _await(f"{address}/_stcore/health", process, folder / "server.log")
        yield address
    finally:
        process.terminate()
        process.wait(timeout=20)
        log.close()


def _await(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.1)  # the process is starting; there is nothing else to wait on
    raise AssertionError(f"the server did not start:\n{log.read_text(errors='replace')}")


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    """Chromium."""
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield found
        found.close()


@pytest.fixture
def visit(browser: Browser, server: str) -> Iterator[Callable[..., Page]]:
    """Opens a path in a fresh session; at the end of the test no page may have logged an error or left the machine."""
    contexts, troubles = [], []

    def visited(path: str, size: tuple[int, int] = WIDE, theme: str = "light") -> Page:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, color_scheme=theme, accept_downloads=True
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("console", lambda message: troubles.append(message.text) if _is_error(message) else None)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("request", lambda request: None if _is_ours(request.url) else troubles.append(f"left: {request.url}"))
        page.goto(server + path)
        settle(page)
        return page

    yield visited
    for context in contexts:
        context.close()
    assert not troubles


def _is_error(message: object) -> bool:
    place = str(getattr(message, "location", {}).get("url", ""))
    return getattr(message, "type", "") == "error" and not place.split("?")[0].endswith(PROBES)


def _is_ours(url: str) -> bool:
    return url.startswith(("http://localhost", "ws://localhost", "data:", "blob:"))


def settle(page: Page) -> None:
    """Waits until the script has run and the page has its heading."""
    page.wait_for_function(
        """() => document.querySelector('h1') &&
        document.querySelector('[data-testid="stApp"]').dataset.testScriptState !== 'running'"""
    )
    page.wait_for_timeout(300)  # charts and components draw after the script


def assert_accessible(page: Page) -> None:
    """axe finds nothing. Left out: the file uploader, whose drop zone is presentational and focusable at once."""
    found = Axe().run(page, context={"exclude": [["[data-testid=stFileUploader]"]]}).response["violations"]
    assert not found, "\n".join(
        f"{v['id']} ({v['impact']}): {node['target']} {node['failureSummary']}" for v in found for node in v["nodes"]
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
    assert wide <= 1
