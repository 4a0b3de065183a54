"""Live drift in words."""

from __future__ import annotations

from datetime import date

from tests.domain.drift.test_report import live, of

from keel.domain.drift.forecast import Chances, Forecast
from keel.domain.drift.words import ahead_words, basis_words, finding
from keel.domain.portfolio.position import Position


def told(*of_any: float | None, returns: int = 300) -> Forecast:
    first, last = (date(2020, 1, 2), date(2021, 3, 1)) if returns else (None, None)
    chances: Chances = of_any
    return Forecast({}, chances, (21, 63, 252), "daily", first, last, returns, 7, 2_000, 0, ())


def test_the_finding_names_the_bucket_that_is_furthest_out() -> None:
    assert finding(live(*of(40, 60, 37.5))) == "2 buckets out of band: Equity 10.0\xa0pp over"
    assert finding(live(*of(30, 60, 50))) == "Every bucket is in band"


def test_what_lies_outside_is_out_but_idle_cash_is_not() -> None:
    gold = finding(live(*of(30, 60, 50), Position("GLD", 1)))
    assert gold == "1 bucket out of band: Outside the framework 2.0% without a target"
    assert finding(live(*of(30, 60, 50), Position("CASH", 100))) == "Every bucket is in band"


def test_the_chances_of_any_bucket() -> None:
    assert ahead_words(told(0.02, 0.1, None)) == (
        "Chance that a bucket leaves its band: 2% within 21 sessions, 10% within 63 sessions."
    )
    assert ahead_words(told(1.0, 1.0, 1.0)) == ahead_words(told(None, None, None)) == ""


def test_what_they_rest_on() -> None:
    assert basis_words(told(0.1, 0.2, 0.3)) == (
        "From 2,000 resampled histories of what is held, daily prices Jan 2020 – Mar 2021, nothing traded."
    )
    assert basis_words(told(None, None, None, returns=0)) == ""
