"""A symbol's days: as they were traded, fit to be stored, and told otherwise later."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keel.domain.arrays import Floats
from keel.domain.market.public import bars as public
from keel.domain.market.public.bars import Bars


def bars(closes: list[float], splits: dict[int, float] | None = None, **about: str) -> Bars:
    n = len(closes)
    given = np.zeros(n)
    for at, ratio in (splits or {}).items():
        given[at] = ratio
    dates = np.datetime64("2024-01-01") + np.arange(n)
    values: Floats = np.array(closes, dtype=np.float64)
    return Bars("A", dates, values, values.copy(), np.full(n, 100.0), np.zeros(n), given, about)


@given(st.lists(st.sampled_from([0.0, 0.5, 2.0, 3.0]), min_size=2, max_size=30))
def test_what_was_traded_on_a_day_does_not_depend_on_splits(ratios: list[float]) -> None:
    given = bars([10.0] * len(ratios), {n: ratio for n, ratio in enumerate(ratios) if ratio})
    traded = public.as_traded(given)
    np.testing.assert_allclose(traded.closes * traded.volumes, given.closes * given.volumes)
    assert traded.closes[-1] == 10.0
    for n, ratio in enumerate(ratios[1:], 1):
        assert traded.closes[n - 1] == pytest.approx(traded.closes[n] * (ratio or 1.0))


def test_two_splits_multiply_before_the_first() -> None:
    assert public.as_traded(bars([1.0] * 4, {1: 2.0, 3: 5.0})).closes.tolist() == [10.0, 5.0, 5.0, 1.0]


def test_a_day_that_is_not_over_and_one_without_a_close_are_no_days() -> None:
    given = bars([1.0, np.nan, 3.0, 4.0])
    assert public.settled(given).closes.tolist() == [1.0, 3.0, 4.0]
    assert public.settled(given, date(2024, 1, 4)).closes.tolist() == [1.0, 3.0]
    assert public.settled(replace(given, adjusted=np.array([1.0, 1.0, 1.0, np.nan]))).closes.tolist() == [1.0, 3.0]


def test_what_cannot_be_stored_is_named() -> None:
    good = bars([1.0, 2.0])
    assert public.flaw(good) == ""
    assert public.flaw(bars([1.0, 0.0])) == "the price of 2024-01-02 is 0"
    assert public.flaw(bars([1.0, np.inf])) == "the price of 2024-01-02 is inf"
    assert public.flaw(replace(good, dates=good.dates[::-1])) == "its days are not in order"
    assert public.flaw(replace(good, splits=np.array([0.0, np.inf]))) == "a split is not a ratio"
    assert public.flaw(replace(good, dividends=np.array([0.0, np.nan]))) == "a dividend is not a number"


def test_another_close_or_another_day_is_a_restatement_and_rounding_is_none() -> None:
    stored = bars([1.0, 2.0, 3.0])
    fresh = bars([1.0, 2.0, 3.0, 4.0])
    assert not public.restated(stored, fresh)
    assert not public.restated(stored, replace(fresh, adjusted=fresh.adjusted * (1 + 1e-6)))
    assert public.restated(stored, replace(fresh, adjusted=fresh.adjusted * (1 - 1e-3)))
    assert public.restated(stored, replace(fresh, closes=fresh.closes * np.array([1, 1.01, 1, 1])))
    assert public.restated(stored, fresh.where(np.array([True, False, True, True])))
    assert not public.restated(stored, replace(fresh, volumes=fresh.volumes * 2))
    unknown = replace(stored, closes=np.full(3, np.nan))
    assert public.restated(unknown, fresh)


def test_pence_become_pounds_and_other_currencies_stay() -> None:
    pounds = public.in_major_units(bars([150.0], currency="GBp"))
    assert (pounds.currency, pounds.closes[0], pounds.adjusted[0]) == ("GBP", 1.5, 1.5)
    euros = bars([150.0], currency="EUR")
    assert public.in_major_units(euros) is euros


def test_the_dollar_volume_is_the_median_of_the_last_quarter() -> None:
    closes, volumes = np.ones(70), np.arange(70.0)
    assert public.dollar_volume(closes, volumes) == float(np.median(np.arange(7.0, 70.0)))
    assert public.dollar_volume(closes[:62], volumes[:62]) is None
    assert public.dollar_volume(closes, np.full(70, np.nan)) is None
    assert public.dollar_volume(closes, np.zeros(70)) is None
