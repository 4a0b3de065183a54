"""Deposits that come again into a stored portfolio."""

# ruff: noqa: F811 (fixtures of another room)

from __future__ import annotations

from datetime import date

import pytest
from tests.services.holdings.conftest import db, known, portfolio  # noqa: F401

from keel.domain.plan.deposits.schedule import Schedule
from keel.domain.policy.presets import PRESETS
from keel.domain.portfolio.account import Account
from keel.domain.portfolio.position import Position
from keel.domain.portfolio.records import Portfolio
from keel.errors import InputError
from keel.services.holdings import table
from keel.services.live.schedule import regular
from keel.store.connection import Database

TODAY = date(2026, 1, 8)
FIVE_PP = PRESETS["abs_5pp"]


def test_what_is_held_is_what_deposits_come_to(db: Database, portfolio: Portfolio) -> None:
    # 1,200 of VTI and 300 of BND against 60/40: 35 % of BND take 346 more, VTI is at 65 % with as many
    table.put(db, portfolio.id, (Position("VTI", 8), Position("BND", 4)), TODAY, [Account("Main")])
    found = regular(db, portfolio.id, Schedule(100.0), TODAY, FIVE_PP)
    assert (found.flat, found.currency, found.in_band) == (4, "USD", False)
    assert found.spread is None
    assert any("too short a history" in note for note in found.notes)
    assert regular(db, portfolio.id, Schedule(100.0), TODAY, FIVE_PP) is found
    table.put(db, portfolio.id, (Position("VTI", 8), Position("BND", 8)), TODAY, [Account("Main")])
    assert regular(db, portfolio.id, Schedule(100.0), TODAY, FIVE_PP).flat == 1


def test_it_needs_holdings_and_an_amount(db: Database, portfolio: Portfolio) -> None:
    with pytest.raises(InputError, match="holds nothing yet"):
        regular(db, portfolio.id, Schedule(100.0), TODAY)
    with pytest.raises(InputError, match="above 0"):
        regular(db, portfolio.id, Schedule(0.0), TODAY)
