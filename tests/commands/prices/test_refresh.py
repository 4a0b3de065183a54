"""``keel prices refresh``: what comes, what fails and why, as JSON and as text."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.commands.conftest import Keel, refused
from tests.sources.yahoo.stand_in import Listing, Yahoo, weekdays

DAYS = weekdays(dt.date(2024, 1, 2), 6)
CLOSES = [100.0 + n for n in range(6)]


def test_a_refresh_names_what_came_what_failed_and_why(keel: Keel, yahoo: Yahoo) -> None:
    yahoo.listings["SPY"] = Listing(DAYS, CLOSES)
    done = keel("prices", "refresh", "--symbols", "spy,GONE", "--json")
    assert done.code == 0
    assert done.err == ""
    assert done.data == {
        "fetched": ["SPY"],
        "unchanged": [],
        "restated": [],
        "failed": [
            {
                "symbol": "GONE",
                "class": "delisted",
                "message": "Yahoo has no prices of GONE: it is delisted, or has another symbol there.",
            }
        ],
    }
    assert keel("prices", "refresh", "--symbols", "SPY").out == "1 up to date.\nUp to date: SPY\n"


def test_without_a_network_one_sentence_names_every_symbol(
    keel: Keel, yahoo: Yahoo, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    done = keel("prices", "refresh", "--symbols", "SPY,BND")
    assert done.code == 0
    assert done.out == (
        "2 failed.\ntimeout: Yahoo cannot be reached: there is no network here, or it is blocked. (SPY, BND)\n"
    )
    every = keel("prices", "refresh", "--json").data
    assert len(every["failed"]) > 100
    assert {failure["class"] for failure in every["failed"]} == {"timeout"}
    assert yahoo.asked == []


def test_what_is_no_symbol_is_refused(keel: Keel) -> None:
    refused(keel("prices", "refresh", "--symbols", "S P Y,<b>"), "'<B>'")
    refused(keel("prices", "refresh", "--symbols", ","), "No symbol is named")
