"""A position: units of one symbol, traded unless it is said otherwise."""

from __future__ import annotations

from keel.domain.portfolio.position import Position, Role


def test_a_position_is_tradable_and_takes_its_price_from_the_series_unless_said_otherwise() -> None:
    position = Position("VTI", 3.0)
    assert (position.price, position.role) == (None, Role.tradable)


def test_the_roles_are_those_a_file_of_holdings_may_name() -> None:
    assert [role.value for role in Role] == ["tradable", "frozen", "excluded"]
