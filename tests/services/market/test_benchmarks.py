"""What can stand beside a study."""

from __future__ import annotations

import pytest

from keel.domain.framework.records import Holding
from keel.domain.study.blend import Blend
from keel.errors import BenchmarkNotFoundError, InputError
from keel.services.market.benchmarks import benchmarks, blends, delete, get, listed, save
from keel.services.shared.blends import named
from keel.store.connection import Database

SIXTY = Blend("60/40", (Holding("MSCI US", 0.6), Holding("BND", 0.4)))


def test_benchmarks_are_series_then_funds_with_prices_and_no_single_stock(db: Database) -> None:
    found = benchmarks(db)
    assert found.index("MSCI US") < found.index("SPY")
    assert "AAPL" not in found
    assert "VTI" not in found


def test_a_blend_is_saved_under_its_name_once_and_read_by_name_or_id(db: Database) -> None:
    first = save(db, SIXTY)
    again = save(db, Blend("60/40", (Holding("SPY", 1.0),)))
    assert listed(db) == (again,)
    assert again.id == first.id
    assert get(db, "60/40") == get(db, first.id) == again
    assert named(db, "60/40") == again.blend
    assert (named(db, "SPY"), named(db, SIXTY), named(db, "")) == ("SPY", SIXTY, "")
    assert delete(db, "60/40") == again
    assert blends(db) == ()


def test_a_blend_may_hold_cash(db: Database) -> None:
    half = Blend("Half", (Holding("SPY", 0.5), Holding("CASH", 0.5)))
    assert get(db, save(db, half).id).blend == half


def test_what_cannot_be_a_blend_is_refused_in_a_sentence(db: Database) -> None:
    with pytest.raises(InputError, match="NOBODY is not known here"):
        save(db, Blend("Odd", (Holding("NOBODY", 1.0),)))
    with pytest.raises(InputError, match="SPY is a product's symbol"):
        save(db, Blend("SPY", SIXTY.parts))
    one, other = save(db, SIXTY), save(db, Blend("Other", SIXTY.parts))
    with pytest.raises(InputError, match="60/40 already"):
        save(db, Blend("60/40", SIXTY.parts), other.id)
    for each in (one, other):
        delete(db, each.id)
    with pytest.raises(BenchmarkNotFoundError, match="nothing") as caught:
        delete(db, "nothing")
    assert caught.value.hint == "There are: none yet."
