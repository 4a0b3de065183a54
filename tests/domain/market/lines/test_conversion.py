"""Closes in another currency: by hand, there and back again, and as pandas has them."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keel.domain.arrays import Days
from keel.domain.issue import Severity
from keel.domain.market.instrument import Coverage
from keel.domain.market.lines.conversion import (
    Converted,
    Leg,
    Money,
    converted,
    foreign,
    in_words,
    is_behind,
    lacking_rate,
)

DAYS: Days = np.array(["2020-01-02", "2020-01-03", "2020-01-06", "2020-01-07"], dtype="datetime64[D]")
EURUSD = np.array([1.10, 1.20, 1.25, 1.00])


def test_by_hand_a_dollar_fund_in_euro() -> None:
    dates, closes = converted((DAYS, np.array([110.0, 120.0, 125.0, 150.0])), [((DAYS, EURUSD), "daily", True)])
    assert closes.tolist() == pytest.approx([100.0, 100.0, 100.0, 150.0])
    assert dates.tolist() == DAYS.tolist()


def test_through_the_dollar_the_rates_are_multiplied() -> None:
    yen = np.array([110.0, 120.0, 100.0, 100.0])
    legs = [((DAYS, yen), "daily", True), ((DAYS, EURUSD), "daily", True)]
    assert converted((DAYS, np.full(4, 1320.0)), legs)[1][0] == pytest.approx(1320 / 110 / 1.1)


def test_a_rate_is_carried_for_a_week_and_what_has_none_is_left_out() -> None:
    days = np.array(["2020-01-01", "2020-01-02", "2020-01-09", "2020-01-10"], dtype="datetime64[D]")
    rate = (np.array(["2020-01-02"], dtype="datetime64[D]"), np.array([2.0]))
    dates, closes = converted((days, np.ones(4)), [(rate, "daily", False)])
    assert dates.astype(str).tolist() == ["2020-01-02", "2020-01-09"]
    assert closes.tolist() == [2.0, 2.0]
    none = (np.empty(0, "datetime64[D]"), np.empty(0))
    assert len(converted((days, np.ones(4)), [(none, "daily", False)])[0]) == 0


def test_a_monthly_rate_serves_its_month_and_the_next() -> None:
    months = np.array(["2020-01-31", "2020-02-28", "2020-03-31"], dtype="datetime64[D]")
    rate = (np.array(["2020-01-30"], dtype="datetime64[D]"), np.array([2.0]))
    assert len(converted((months, np.ones(3)), [(rate, "monthly", False)])[0]) == 2


def test_a_way_is_found_direct_inverse_or_through_the_dollar() -> None:
    money = Money("EUR", frozenset({"EURUSD", "USDJPY", "GBPEUR"}))
    assert money.route("EUR") == money.route("") == ()
    assert money.route("GBP") == (Leg("GBPEUR"),)
    assert money.route("USD") == (Leg("EURUSD", inverse=True),)
    assert money.route("JPY") == (Leg("USDJPY", inverse=True), Leg("EURUSD", inverse=True))
    assert money.route("CHF") is None
    assert not money.reaches("CHF")


def test_a_rate_is_behind_another_where_that_goes_on_after_it_is_carried() -> None:
    def rate(last: date, frequency: str = "daily") -> Coverage:
        return Coverage("EURUSD", date(2000, 1, 3), last, 99, frequency, "", "currencies")

    newest = rate(date(2020, 1, 31))
    assert not is_behind(rate(date(2020, 1, 24)), newest)
    assert is_behind(rate(date(2020, 1, 23)), newest)
    assert not is_behind(rate(date(2019, 11, 30), "monthly"), newest)
    assert not is_behind(newest, rate(date(2019, 1, 1)))


def test_what_lacks_a_rate_says_which_to_bring() -> None:
    (finding,) = foreign([("VT", "USD"), ("CSSMI", "CHF")], Money("CHF"))
    assert (finding.severity, finding.subject) == (Severity.error, "VT")
    assert finding.message == "VT is in USD, the study in CHF, and there is no exchange rate."
    assert finding.fix == lacking_rate("USD", "CHF") == "Refresh USDCHF, or import it into the dataset currencies."


def test_what_was_converted_is_said_once_a_currency() -> None:
    many = [
        Converted("VT", "USD", ("EURUSD",)),
        Converted("EWJ", "JPY", ("USDJPY", "EURUSD")),
        Converted("VT", "USD", ("EURUSD",)),
    ]
    assert in_words(many) == (
        "Converted from USD by EURUSD: VT.",
        "Converted from JPY by USDJPY and EURUSD: EWJ.",
    )


lines = st.lists(st.tuples(st.floats(0.1, 100), st.floats(0.1, 10)), min_size=1, max_size=40)


@given(lines)
def test_there_and_back_again_is_where_one_was(pairs: list[tuple[float, float]]) -> None:
    dates = np.datetime64("2020-01-01", "D") + np.arange(len(pairs))
    closes, rate = (np.array(column) for column in zip(*pairs, strict=True))
    there = converted((dates, closes), [((dates, rate), "daily", True)])
    back = converted(there, [((dates, rate), "daily", False)])
    np.testing.assert_allclose(back[1], closes, rtol=1e-12)


@given(lines, st.integers(0, 2**20))
def test_as_pandas_has_it(pairs: list[tuple[float, float]], seed: int) -> None:
    random = np.random.default_rng(seed)
    dates = np.datetime64("2020-01-01", "D") + np.sort(random.choice(400, len(pairs), replace=False))
    known = np.datetime64("2020-01-01", "D") + np.sort(random.choice(400, len(pairs), replace=False))
    closes, rate = (np.array(column) for column in zip(*pairs, strict=True))
    found = converted((dates, closes), [((known, rate), "daily", False)])
    left = pd.DataFrame({"date": pd.DatetimeIndex(dates), "close": closes})
    right = pd.DataFrame({"date": pd.DatetimeIndex(known), "rate": rate})
    oracle = pd.merge_asof(left, right, on="date", tolerance=pd.Timedelta(days=7)).dropna()
    np.testing.assert_array_equal(found[0], oracle.date.to_numpy(dtype="datetime64[D]"))
    np.testing.assert_allclose(found[1], (oracle.close * oracle.rate).to_numpy(), rtol=1e-12)
