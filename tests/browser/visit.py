"""A visit: pages opened by their links, each in a session of its own, and how a test walks through their looks."""

from __future__ import annotations

import urllib.request
from collections.abc import Callable, Iterator

from playwright.sync_api import BrowserContext, ConsoleMessage, Error, Page, Request

Size = tuple[int, int]

WIDE, NARROW = (1280, 900), (400, 800)
LOOKS = ((WIDE, "light"), (NARROW, "dark"))  # each width and each theme once
PATIENCE = 30_000  # ms; the tests share the machine with others
COMPILED = 300_000  # ms; the first run after a change of the engine waits for the compiler
QUIET = 100  # ms without a change on the page
PROBES = ("_stcore/health", "_stcore/host-config")  # Streamlit asks for these beside a deep link and gets 404
MOST_LOADS = 3  # a load costs a second of both cores; a test that needs more is two tests, or could share a page


class Visit:
    """Called with a path, the page in a fresh session. ``worked`` is the query of the worked example's run.

    Pages are shown in tabs that stay for the next test: a tab that has shown the application once shows it again for a
    quarter to a half of the processor time, since its process keeps the compiled scripts. What a tab stores is cleared.
    """

    def __init__(self, profile: BrowserContext, server: str, worked: str, shared: dict[str, Page]) -> None:
        self.server, self.worked = server, worked
        self.troubles: list[str] = []
        self._profile = profile
        self._shared = shared
        self._idle = [page for page in profile.pages if page not in shared.values()]
        self._pages: list[Page] = []
        self._loads: list[str] = []

    def __call__(self, path: str, size: Size = WIDE, theme: str = "light") -> Page:
        """The page at ``path``, drawn to its end."""
        return self.again(self._attend(self._idle.pop() if self._idle else self._profile.new_page()), path, size, theme)

    def shared(self, path: str) -> Page:
        """The page opened at ``path``, wide and light, as the tests before this one left it.

        For tests that only press what can be pressed again, and whatever was chosen before.
        """
        if path in self._shared:
            settle(self._attend(self._shared[path]))
        else:
            self._shared[path] = self(path)
        return self._shared[path]

    def again(self, page: Page, path: str, size: Size = WIDE, theme: str = "light") -> Page:
        """Another path in an open page, as cold as in a new one."""
        if page.url.startswith(self.server):
            page.evaluate("() => sessionStorage.clear()")
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        page.goto(self.server + path)
        settle(page)
        return page

    def adopt(self, template: str) -> str:
        """The query of a framework made from a template over REST: a page's load is saved."""
        url = f"{self.server}/api/v1/allocation-frameworks?template={template}"
        with urllib.request.urlopen(urllib.request.Request(url, method="POST"), timeout=20) as answer:
            made = answer.headers["Location"].rpartition("/")[2]
        return f"framework={made}&version=1"

    def close(self) -> None:
        """Leaves what was opened; the next visit comes without cookies."""
        for page in self._pages:
            for event, listener in self._listeners().items():
                page.remove_listener(event, listener)
            if page not in self._shared.values():
                page.evaluate("() => sessionStorage.clear()")
                page.goto("about:blank")
        self._profile.clear_cookies()

    def require_few_loads(self) -> None:
        """Fails a test that loads more documents than a test may."""
        assert len(self._loads) <= MOST_LOADS, f"{len(self._loads)} loads, at most {MOST_LOADS}: {self._loads}"

    def _attend(self, page: Page) -> Page:
        """The page, with all that goes wrong in it noted until the visit ends."""
        self._pages.append(page)
        page.set_default_timeout(PATIENCE)
        for event, listener in self._listeners().items():
            page.on(event, listener)  # type: ignore[call-overload]
        return page

    def _listeners(self) -> dict[str, Callable[..., None]]:
        return {"console": self._listen, "pageerror": self._hear, "request": self._follow}

    def _listen(self, message: ConsoleMessage) -> None:
        place = str(message.location.get("url", ""))
        if message.type == "error" and not place.split("?")[0].endswith(PROBES):
            self.troubles.append(message.text)

    def _hear(self, error: Error) -> None:
        self.troubles.append(str(error))

    def _follow(self, request: Request) -> None:
        if not request.url.startswith(("http://localhost", "ws://localhost", "data:", "blob:")):
            self.troubles.append(f"left: {request.url}")
        if request.is_navigation_request():
            self._loads.append(request.url)


def settle(page: Page) -> None:
    """Waits until nothing has changed, the script has run, heading and charts are there, nothing fades or moves.

    Changes come first: they are known without a look at the page, which other questions would have laid out anew.
    """
    page.wait_for_function(
        """(quiet) => performance.now() - window.lastChange > quiet
        && document.querySelector('h1')
        && document.querySelector('[data-testid="stApp"]').dataset.testScriptState === 'notRunning'
        && !document.querySelector('[data-testid="stSkeleton"], [data-stale="true"]')
        && [...document.querySelectorAll('[data-testid="stPlotlyChart"]')].every((c) => c.querySelector('.main-svg'))
        && document.getAnimations().every((a) => a.playState !== 'running'
            || a.effect.getComputedTiming().iterations === Infinity)""",
        arg=QUIET,
        polling=40,  # ms; at every frame, as usual, the page would be drawn again and again
    )


def in_each_theme(visit: Visit, path: str) -> Iterator[Page]:
    """The page wide and light, then narrow and dark, each opened anew: a chart takes its colours when it is drawn."""
    page = visit(path, *LOOKS[0])
    yield page
    yield visit.again(page, path, *LOOKS[1])


def at_each_width(page: Page) -> Iterator[None]:
    """The open page at the other width, then at its own again: with ``in_each_theme`` that makes all four looks."""
    size = page.viewport_size
    assert size is not None
    own = (size["width"], size["height"])
    for width, height in (NARROW if own == WIDE else WIDE, own):
        page.set_viewport_size({"width": width, "height": height})
        settle(page)
        yield
