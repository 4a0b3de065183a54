"""The tape: orders in shares, worked out from goals and wealth at the fills."""

from __future__ import annotations

import numpy as np
import pytest
from tests.audit.runs import BOOK, DEAR, PRICES, SESSIONS, results
from tests.oracles import book_of

from keel.audit.orders import tape
from keel.backtest.run import run
from keel.backtest.window import align
from keel.domain.market.prices import PriceMatrix
from keel.domain.policy.kinds import Trigger
from keel.domain.policy.presets import PRESETS
from keel.domain.policy.records import Cadence, Contributions, Policy, RunSettings

DAYS = np.array(["2024-01-30", "2024-01-31", "2024-02-01"], dtype="datetime64[D]")
TWO = PriceMatrix(DAYS, ("A", "B"), np.array([[10.0, 20.0], [20.0, 20.0], [20.0, 40.0]]))
EVEN = book_of({"A": 0.5, "B": 0.5})


def test_orders_are_signed_shares_at_closes() -> None:
    settings = RunSettings(lag=0, initial_value=20_000.0)
    result = run(TWO, EVEN, {"": Policy(Trigger.calendar, Cadence.monthly)}, settings)[0]
    made = tape(result, align(TWO, ("A", "B")))
    # 1,000 A and 500 B; A doubles, so 30,000 at the end of January is halved: 750 each.
    assert made.orders["session"].tolist() == [0, 0, 1, 1]
    assert made.orders["shares"].tolist() == pytest.approx([1000.0, 500.0, -250.0, 250.0])
    assert made.cash.tolist() == [20_000.0]


def test_the_purchase_is_free_unless_it_is_charged() -> None:
    window = align(TWO, ("A", "B"))
    for charged, rate in ((False, 0.0), (True, 0.001)):
        settings = RunSettings(cost_bps=10.0, charge_initial=charged, fixed_fee=3.0)
        made = tape(run(TWO, EVEN, {"": PRESETS["never"]}, settings)[0], window)
        assert made.orders["rate"].tolist() == [rate, rate]
        assert made.orders["fee"].sum() == pytest.approx(6.0 if charged else 0.0)


def test_little_money_is_scaled_up_with_its_fees() -> None:
    settings = RunSettings(charge_initial=True, fixed_fee=0.001, initial_value=1.0)
    made = tape(run(TWO, EVEN, {"": PRESETS["never"]}, settings)[0], align(TWO, ("A", "B")))
    assert made.cash.tolist() == [10_000.0]
    assert made.orders["fee"].sum() == pytest.approx(20.0)


def test_an_instrument_of_two_buckets_is_one_order() -> None:
    made = tape(results(DEAR, "daily")[0], align(PRICES, BOOK.symbols))
    assert made.closes.shape[1] == len(set(BOOK.symbols))
    pairs = set(zip(made.orders["session"].tolist(), made.orders["column"].tolist(), strict=True))
    assert len(pairs) == len(made.orders)


def test_a_flow_is_money_in_and_orders_that_invest_it() -> None:
    contributions = Contributions(600.0, Cadence.monthly)
    settings = RunSettings(lag=0, cost_bps=100.0, initial_value=20_000.0, contributions=contributions)
    made = tape(run(TWO, EVEN, {"": PRESETS["never"]}, settings)[0], align(TWO, ("A", "B")))
    assert made.flows.tolist() == [0.0, 600.0, 0.0]
    invested = made.orders[made.orders["fill"] == 0]
    spent = invested["shares"] * TWO.closes[1]
    assert (spent * (1.0 + invested["rate"])).sum() == pytest.approx(600.0)
    assert spent.tolist() == pytest.approx([spent[1] * 2, spent[1]])  # 20,000 of A and 10,000 of B are held


def test_every_sleeve_has_a_ledger_and_the_advisory_fee_is_a_rate() -> None:
    made = tape(results(DEAR, "sleeves")[0], align(PRICES, BOOK.symbols))
    assert made.cash.tolist() == pytest.approx([10_000.0 / 3] * 3)
    assert set(made.orders["ledger"].tolist()) == {0, 1, 2}
    assert made.advisory == pytest.approx(0.009 / 252)
    assert made.orders["session"].max() < SESSIONS - 1


def test_cash_bears_no_cost() -> None:
    made = tape(results(DEAR, "daily")[0], align(PRICES, BOOK.symbols))
    cash = made.orders["column"] == list(dict.fromkeys(BOOK.symbols)).index("CASH")
    assert cash.any()
    assert made.orders["rate"][cash].max() == 0.0
