"""What is said of a schedule of deposits."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from keel.domain.plan.deposits.prospect import (
    Drawn,
    Prospect,
    Spread,
    after,
    finding,
    prospect_json,
    reached,
    sentences,
)
from keel.domain.plan.deposits.schedule import Schedule
from keel.domain.policy.records import Cadence

DRAWN = Drawn("daily", date(2008, 1, 31), date(2016, 7, 1), 2_000, 13, 1_000, 0)
PARTS = reached(np.array([4, 5, 6, 7, 7, 8, 9, 10, 14, 61]), 60)
SPREAD = Spread(after(PARTS, 0.1), after(PARTS, 0.5), after(PARTS, 0.9), PARTS, 811.2, DRAWN)
SEVEN = Prospect(Schedule(500.0), "USD", in_band=False, flat=6, flat_in_a_year=300.0, away=(), spread=SPREAD, notes=())


def test_the_answer_the_spread_and_what_would_do_it_in_a_year() -> None:
    assert finding(SEVEN) == "$500 a month: in band again in about 7 months"
    assert sentences(SEVEN)[:3] == (
        "8 in 10 resampled histories take 4 to 14 months; 10% are not in band within 5 years.",
        "If prices stayed as they are: 6 months.",
        "$812 a month would do it within a year in half of the histories.",
    )
    assert "1,000 histories" in sentences(SEVEN)[3]


def test_without_histories_it_says_what_prices_that_stay_would_bring() -> None:
    flat = replace(SEVEN, spread=None, schedule=replace(SEVEN.schedule, amount=250.5), notes=("Too short.",))
    assert finding(flat) == "$250.50 a month: in band again in 6 months"
    assert sentences(flat) == (
        "If prices stayed as they are: 6 months.",
        "$300 a month would do it within a year if prices stayed as they are.",
        "Too short.",
    )


def test_where_most_histories_never_get_there_the_answer_is_how_many() -> None:
    rare = replace(SPREAD, low=41, median=None, high=None, reached=(0.0,) * 40 + (0.2,) * 20, in_a_year=None)
    found = replace(SEVEN, spread=rare, flat=None, away=("Gold",))
    assert finding(found) == "$500 a month: not in band within 5 years in 80% of histories"
    assert sentences(found)[:2] == (
        "If prices stayed as they are, Gold would be out of band after 5 years.",
        "No deposit brings it into band within a year.",
    )
    none = replace(found, spread=replace(rare, low=None, reached=(0.0,) * 24))
    assert finding(none) == "$500 a month: not in band within 24 months"


@pytest.mark.parametrize(
    ("spread", "said"),
    [
        (replace(SPREAD, high=None), "1 in 10 resampled histories takes 4 months or less; 10% are not in band within"),
        (replace(SPREAD, low=7, median=7, high=7), "8 in 10 resampled histories take 7 months; 10% are not"),
    ],
)
def test_a_spread_says_no_more_than_it_knows(spread: Spread, said: str) -> None:
    assert sentences(replace(SEVEN, spread=spread))[0].startswith(said)


def test_what_is_in_band_needs_nothing() -> None:
    done = replace(SEVEN, in_band=True, flat=0, spread=None, schedule=Schedule(500.0, Cadence.annual))
    assert (finding(done), sentences(done)) == ("$500 a year: every bucket is in band already", ())


def test_the_document_has_all_of_it() -> None:
    told = prospect_json(SEVEN)
    assert told["finding"] == finding(SEVEN)
    spread = told["spread"]
    assert isinstance(spread, dict)
    assert (spread["low"], spread["median"], spread["high"], spread["horizon"]) == (4, 7, 14, 60)
    assert (spread["never"], spread["reached"][-1]) == (pytest.approx(0.1), pytest.approx(0.9))
    assert prospect_json(replace(SEVEN, spread=None))["spread"] is None
