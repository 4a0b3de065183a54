"""Limits in words: no name of ours, and their own unit."""

from __future__ import annotations

from keel.domain.constraints.types import TYPES
from keel.domain.constraints.words import limit_bound, limit_name
from keel.domain.framework.records import Constraint


def test_a_limit_is_said_in_its_own_unit() -> None:
    assert limit_bound(Constraint("max_sector", 500, "bps")) == "at most 5.0%"
    assert limit_bound(Constraint("max_holdings", 8, "count")) == "at most 8"
    assert limit_bound(Constraint("min_cash", 5_000, "dollars")) == "at least 5,000 dollars"
    assert limit_bound(Constraint("max_leverage", 100)) == "at most 1.00×"
    assert not any("_" in limit_name(Constraint(name, 1)) for name in TYPES)


def test_what_no_type_is_known_of_is_said_as_it_stands() -> None:
    assert (limit_name(Constraint("max_fun", 3)), limit_bound(Constraint("max_fun", 3))) == ("max_fun", "3%")
