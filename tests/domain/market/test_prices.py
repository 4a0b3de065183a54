"""What the closes of a matrix are, in words."""

from __future__ import annotations

import numpy as np
import pytest

from keel.domain.market.prices import PriceMatrix, StandIn, kind_words, price_kind, stand_ins
from keel.errors import MarketDataError

DAYS = np.array(["2020-01-30", "2020-01-31"], dtype="datetime64[D]")
TWO = PriceMatrix(DAYS, ("TLT", "BONDS"), np.array([[1.0, 2], [3, 4]]), ("price_return", "total_return"))


def test_the_kind_of_prices_is_that_of_the_symbols_in_question() -> None:
    assert price_kind(TWO, ["TLT", "BONDS", "CASH"]) == "mixed"
    assert (price_kind(TWO, ["TLT"]), price_kind(TWO, ["CASH"])) == ("price_return", "")
    assert kind_words(TWO, ["TLT", "BONDS"]) == "1 of 2 series without dividends"


def test_rows_are_sorted_and_a_date_twice_is_refused() -> None:
    turned = PriceMatrix(DAYS[::-1], TWO.symbols, TWO.closes[::-1])
    assert turned.line("TLT")[1].tolist() == [1.0, 3.0]
    with pytest.raises(MarketDataError):
        PriceMatrix(DAYS[[0, 0]], TWO.symbols, TWO.closes)


def test_stand_ins_are_phrases() -> None:
    lent = PriceMatrix(DAYS, ("TLT",), TWO.closes[:, :1], proxied=(StandIn("TLT", "UST"),))
    assert stand_ins(lent, ["TLT", "SPY"]) == ("UST for TLT",)
    assert stand_ins(lent, ["SPY"]) == ()
