"""Lines that can be traded: by account and product, what of each, and the cash beside them."""

from __future__ import annotations

import numpy as np
import pytest
from tests.domain.plan.desks import desk, held

from keel.domain.plan.tradable import place_of
from keel.domain.portfolio.account import Account, AccountKind
from keel.domain.portfolio.lots import Lot
from keel.domain.portfolio.position import Position, Role
from keel.errors import InputError


def test_every_product_of_the_book_has_a_line_in_every_account() -> None:
    positions = [Position("A", 6, account="T"), Position("X", 2, account="I"), Position("CASH", 9, account="I")]
    lines = desk({"A": 0.5, "B": 0.5}, positions, accounts=[Account("I", AccountKind.deferred)])
    keys = [(lines.accounts[a].name, s) for a, s in zip(lines.account, lines.symbols, strict=True)]
    assert set(keys) == {("T", "A"), ("I", "X"), ("T", "B"), ("I", "A"), ("I", "B")}
    assert dict(zip([a.name for a in lines.accounts], lines.cash.tolist(), strict=True)) == {"T": 0.0, "I": 9.0}
    assert dict(zip(keys, lines.buy.tolist(), strict=True))[("I", "X")] is False
    assert dict(zip(keys, lines.taxable.tolist(), strict=True))[("I", "X")] is False


def test_what_is_frozen_excluded_or_forbidden_is_left_out() -> None:
    positions = [
        Position("A", 6, role=Role.frozen),
        Position("B", 4, no_sell=True),
        Position("B", 1, lots=(Lot(1, 0.5),)),
        Position("C", 3, role=Role.excluded),
        Position("CASH", 5, role=Role.frozen),
        Position("CASH", 7),
    ]
    lines = desk({"A": 0.5, "B": 0.25, "C": 0.25}, positions)
    row = {s: n for n, s in enumerate(lines.symbols)}
    assert lines.quantity[[row["A"], row["B"], row["C"]]].tolist() == [0.0, 5.0, 0.0]
    assert lines.buy[[row["A"], row["B"]]].tolist() == [False, True]
    assert lines.sell[[row["A"], row["B"]]].tolist() == [False, False]
    assert [s.gain for s in lines.slices[row["B"]]] == [0.5, None]
    assert lines.cash.tolist() == [7.0]


def test_a_price_of_its_own_wins_and_what_has_none_has_no_line() -> None:
    lines = desk({"A": 0.5, "B": 0.5}, [Position("A", 2, 7.0), Position("B", 1, 3.0)], {"A": 1.0})
    assert dict(zip(lines.symbols, lines.value.tolist(), strict=True)) == {"A": 14.0, "B": 3.0}
    none = desk({"A": 0.5, "B": 0.5}, held({"A": 1}), {"B": np.nan})
    assert "B" not in none.symbols


def test_an_account_is_found_by_its_name() -> None:
    lines = desk({"A": 1.0}, held({"A": 1}))
    assert place_of(lines, "Main") == 0
    with pytest.raises(InputError, match="no account IRA"):
        place_of(lines, "IRA")
