"""A visit: pages opened by their links, in an open application or in a session of their own, and their looks."""

from __future__ import annotations

import urllib.request
from collections.abc import Callable, Iterator

from playwright.sync_api import BrowserContext, ConsoleMessage, Error, Page, Request

from keel import journey

Size = tuple[int, int]
Look = tuple[Size, str]

WIDE, NARROW = (1280, 900), (400, 800)
PATIENCE = 30_000  # ms; the tests share the machine with others
COMPILED = 300_000  # ms; the first run after a change of the engine waits for the compiler
QUIET = 100  # ms without a change on the page
TRIES = 3  # to open a path: what the charts of the page that is left ask for late, in a new theme, may lead back to it
PROBES = ("_stcore/health", "_stcore/host-config")  # Streamlit asks for these beside a deep link and gets 404
MOST_LOADS = 2  # a load costs a second of both cores; what need not be opened cold is opened in an application that is


class Visit:
    """Called with a path, its page. ``worked`` is the query of the worked example's run.

    Pages are shown in tabs that stay for the next test, with the application loaded.
    """

    def __init__(self, profile: BrowserContext, server: str, worked: str, shared: dict[str, Page]) -> None:
        self.server, self.worked = server, worked
        self.troubles: list[str] = []
        self._profile = profile
        self._shared = shared
        self._idle = [page for page in profile.pages if page not in shared.values()]
        self._pages: list[Page] = []
        self._loads: list[str] = []

    def __call__(self, path: str, size: Size = WIDE) -> Page:
        """The page at ``path``, light, drawn to its end: as by the back button where a tab has the application open."""
        page = self._tab()
        if not page.url.startswith(self.server):
            return self._load(page, path, size)
        dress(page, size)
        title = journey.find(path.partition("?")[0].strip("/") or journey.START).title
        for _ in range(TRIES):
            page.evaluate(
                "(path) => { history.pushState({}, '', path); dispatchEvent(new PopStateEvent('popstate')); }", path
            )
            settle(page)
            if page.title().startswith(title):
                return page
        raise AssertionError(f"{path} shows {page.title()}")

    def cold(self, path: str, size: Size = WIDE) -> Page:
        """The page at ``path``, light, in a new document and session, without cookies or what was stored."""
        page = self._tab()
        if page.url.startswith(self.server):
            page.evaluate("() => sessionStorage.clear()")
        self._profile.clear_cookies()
        return self._load(page, path, size)

    def shared(self, path: str) -> Page:
        """The page opened at ``path``, wide and light, as the tests of the file before this one left it.

        For tests that only press what can be pressed again, and whatever was chosen before.
        """
        if path in self._shared:
            dress(self._attend(self._shared[path]))
        else:
            self._shared[path] = self(path)
        return self._shared[path]

    def close(self) -> None:
        """Leaves what was opened."""
        for page in self._pages:
            for event, listener in self._listeners().items():
                page.remove_listener(event, listener)

    def require_few_loads(self) -> None:
        """Fails a test that loads more documents than a test may."""
        assert len(self._loads) <= MOST_LOADS, f"{len(self._loads)} loads, at most {MOST_LOADS}: {self._loads}"

    def _tab(self) -> Page:
        """A tab that no test has open."""
        return self._attend(self._idle.pop() if self._idle else self._profile.new_page())

    def _load(self, page: Page, path: str, size: Size) -> Page:
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.emulate_media(color_scheme="light")
        page.goto(self.server + path)
        settle(page)
        return page

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


def framework_of(server: str, template: str) -> str:
    """The query of a framework made from a template over REST: a page's load is saved."""
    url = f"{server}/api/v1/allocation-frameworks?template={template}"
    with urllib.request.urlopen(urllib.request.Request(url, method="POST"), timeout=20) as answer:
        made = answer.headers["Location"].rpartition("/")[2]
    return f"framework={made}&version=1"


def settle(page: Page) -> None:
    """Waits until the server has answered, the script has run, nothing has changed for a while, fades or moves."""
    page.wait_for_function("(quiet) => window.still(quiet)", arg=QUIET)


def dress(page: Page, size: Size = WIDE, theme: str = "light") -> None:
    """Shows the open page at a width and in a theme."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    settle(page)


def in_each_look(page: Page) -> Iterator[Look]:
    """The open page as it is, then at the other width in the other theme: each width and each theme once."""
    for look in (_look(page), _opposite(_look(page))):
        dress(page, *look)
        yield look


def in_every_look(page: Page) -> Iterator[Look]:
    """The open page at both widths in both themes, for what is shown, or coloured, at one width alone."""
    (own, theme), (other, opposite) = _look(page), _opposite(_look(page))
    for look in ((own, theme), (other, theme), (other, opposite), (own, opposite)):
        dress(page, *look)
        yield look


def at_each_width(page: Page) -> Iterator[None]:
    """The open page at the other width, then at its own again."""
    own, theme = _look(page)
    for size in (_opposite((own, theme))[0], own):
        dress(page, size, theme)
        yield


def _look(page: Page) -> Look:
    size = page.viewport_size
    assert size is not None
    return (size["width"], size["height"]), theme_of(page)


def theme_of(page: Page) -> str:
    """The theme that the open page is shown in."""
    return "dark" if page.evaluate("() => matchMedia('(prefers-color-scheme: dark)').matches") else "light"


def _opposite(look: Look) -> Look:
    return NARROW if look[0] == WIDE else WIDE, "dark" if look[1] == "light" else "light"
