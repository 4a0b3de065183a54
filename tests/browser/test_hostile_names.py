"""Every word of a person is shown as text: no link, picture, icon or mark comes of a name, on any page."""

from __future__ import annotations

import json
import urllib.request
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from tests.browser.visit import Visit, settle
from tests.browser.worked import follow

HOSTILE = (
    "![i](https://evil.example/p.png)",
    "[e](https://evil.example/md)",
    "https://evil.example/bare www.evil.example me@evil.example",
    ":material/skull: :smile: :red-badge[owned] <b>bold</b> &lt; -> **x** $y^2$",
)
FRAMEWORK = {
    "keel": 1,
    "name": " ".join(HOSTILE[2:]),
    "description": HOSTILE[0],
    "buckets": [
        {"path": f"AssetClass/{word}", "label": label, "target_weight": 0.5, "holdings": [{"symbol": s, "share": 1}]}
        for word, label, s in (("Equity", HOSTILE[2], "SPY"), ("Bonds", HOSTILE[3], "TLT"))
    ],
}
# What a page would hold if a name had been read as Markdown.
MADE = """() => {
  const main = document.querySelector('[data-testid="stMain"]');
  const foreign = /^https?:..(www.)?evil|^mailto/;
  const icons = [...main.querySelectorAll('[data-testid="stIconMaterial"]')].map((icon) => icon.textContent);
  return {
    links: [...document.querySelectorAll('a')].map((a) => a.href).filter((to) => foreign.test(to)),
    pictures: [...document.querySelectorAll('img')].map((img) => img.src).filter((src) => /evil/.test(src)),
    icons: icons.filter((icon) => icon === 'skull'),
    marks: [...main.querySelectorAll('b, .katex, .stMarkdownBadge')].filter((mark) =>
      /bold|owned|^[^a-z]*y[^a-z]*$/.test(mark.textContent) && mark.textContent.length < 12)
      .map((mark) => mark.outerHTML),
    emoji: /😄|→ \\*\\*/.test(main.textContent),
  };
}"""
NOTHING: dict[str, Any] = {"links": [], "pictures": [], "icons": [], "marks": [], "emoji": False}


def post(server: str, path: str, body: object) -> dict[str, Any]:
    """What REST answers to a body."""
    request = urllib.request.Request(
        f"{server}/api/v1{path}", json.dumps(body).encode(), {"Content-Type": "application/json"}, method="POST"
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        got: dict[str, Any] = json.load(answer)
        return got


@pytest.fixture(scope="module")
def link(server: str) -> str:
    """The link of a run whose framework, buckets and policies bear hostile names."""
    framework = post(server, "/allocation-frameworks", FRAMEWORK)
    ids = f"/allocation-frameworks/{framework['id']}"
    buckets = post(server, f"{ids}/map-products", {})["buckets"]
    picks = [
        {"path": b["path"], "instrument_id": s["id"], "symbol": s["symbol"], "share": 1.0}
        for b in buckets
        for s in b["suggestions"][:1]
    ]
    asked = {"framework_id": framework["id"], "framework_version": 1, "picks": picks, "name": HOSTILE[1]}
    portfolio = post(server, "/portfolios", asked)
    policies = dict(zip(HOSTILE, ("never", "annual", "quarterly", "monthly"), strict=True))
    run = post(server, "/backtest", {"portfolio_id": portfolio["id"], "policies": policies})["run_id"]
    return f"framework={framework['id']}&version=1&portfolio={portfolio['id']}&run={run}"


def assert_shown_as_text(page: Page) -> None:
    """Nothing on the page was made of a name, and the name stands there."""
    settle(page)
    assert page.evaluate(MADE) == NOTHING
    seen = page.get_by_test_id("stMain").inner_text().replace("\u2060", "")
    assert any(name in seen for name in HOSTILE), seen[:2_000]


def test_names_are_text_on_every_step(visit: Visit, link: str) -> None:
    page = visit.shared(f"/?{link}")
    assert_shown_as_text(page)
    for step in ("Mapping", "Backtest", "Drift"):
        follow(page, step)
        assert_shown_as_text(page)


def test_names_are_text_in_the_tables_and_tabs_of_a_backtest(visit: Visit, link: str) -> None:
    page = visit.shared(f"/?{link}")
    follow(page, "Backtest")
    for tab in ("Deepest falls", "Buckets", "Trades"):
        page.get_by_role("tab", name=tab).click()
        expect(page.get_by_role("tab", name=tab)).to_have_attribute("aria-selected", "true")
        assert_shown_as_text(page)


def test_names_are_text_in_the_allocation_and_its_dialogs(visit: Visit, link: str) -> None:
    page = visit.shared(f"/?{link}")
    follow(page, "Allocation")
    assert page.evaluate(MADE) == NOTHING
    page.get_by_role("button", name="More").click()
    page.get_by_role("button", name="Versions").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert_shown_as_text(page)
    expect(page.get_by_test_id("stDialog")).to_have_css("background-color", "rgba(8, 14, 20, 0.45)")
    page.keyboard.press("Escape")


def test_names_are_text_in_the_policy_lab_and_nothing_is_made_of_them_beside_the_way(visit: Visit, link: str) -> None:
    page = visit.shared(f"/?{link}")
    follow(page, "Policy lab")
    assert_shown_as_text(page)
    for step in ("Template", "Profile", "Data", "Learn"):  # the pages beside the way, with the same ids
        follow(page, step)
        assert page.evaluate(MADE) == NOTHING
