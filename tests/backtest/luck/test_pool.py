"""What histories are drawn from: joint returns up to a day, and blocks that wrap."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from keel.backtest.luck.pool import blocks, pool
from keel.domain.market.prices import PriceMatrix

DATES = np.busday_offset(np.datetime64("2020-01-01", "D"), np.arange(40), roll="forward")
LAST = DATES[-1].astype(object)


def doubling(n: int = 40) -> PriceMatrix:
    return PriceMatrix(DATES[:n], ("AAA",), np.cumprod(np.full((n, 1), 1.01), axis=0))


def test_the_returns_are_those_up_to_the_day() -> None:
    found = pool(("AAA", "CASH", "AAA"), doubling(), DATES[30].astype(object))
    assert found.growth == pytest.approx(np.tile([1.01, 1.0, 1.01], (30, 1)))
    assert (found.lacking, found.notes) == ((), ())


def test_what_has_no_history_keeps_its_price_and_is_named() -> None:
    found = pool(("AAA", "BBB"), doubling(), LAST)
    assert (found.lacking, found.growth[:, 1].tolist()) == (("BBB",), [1.0] * 39)
    assert found.notes == ("BBB has too short a history: it is taken to keep its price.",)


@pytest.mark.parametrize(
    ("symbols", "sessions", "day", "why"),
    [("CASH", 40, LAST, "Only cash"), ("AAA", 20, LAST, "AAA has too short"), ("AAA", 40, date(2019, 1, 1), "AAA")],
)
def test_of_too_little_nothing_is_drawn_and_it_says_why(symbols: str, sessions: int, day: date, why: str) -> None:
    found = pool((symbols,), doubling(sessions), day)
    assert (found.window, len(found.growth)) == (None, 0)
    assert found.notes[0].startswith(why)


def test_blocks_run_on_and_wrap() -> None:
    rows = blocks(10, 4, (2_000, 50), 0)
    follows = (rows[:, 1:] - rows[:, :-1]) % 10 == 1
    assert (rows.min(), rows.max()) == (0, 9)
    assert follows.mean() == pytest.approx(0.75 + 0.25 * 0.1, abs=0.01)  # a new block may happen to run on
    assert np.bincount(rows.ravel()).std() / rows.size < 0.002
