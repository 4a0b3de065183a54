"""Where what is held lies: each account's part of the whole, and each holding's in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from keel.domain.market.prices import CASH
from keel.domain.portfolio.position import Position, Role


@dataclass(frozen=True, slots=True)
class Part:
    """A symbol's, or an account's, value and weight in the whole portfolio."""

    name: str
    value: float
    weight: float


@dataclass(frozen=True, slots=True)
class AccountPart:
    """One account: its part of the whole, and those of its holdings."""

    whole: Part
    holdings: tuple[Part, ...]


def by_account(positions: Sequence[Position], closes: Mapping[str, float], total: float) -> tuple[AccountPart, ...]:
    """The accounts in their order, of a portfolio worth ``total``; what is excluded or has no price is left out.

    >>> [one.whole.weight for one in by_account([Position("VTI", 1), Position("CASH", 50)], {"VTI": 150.0}, 200.0)]
    [1.0]
    """
    values: dict[str, dict[str, float]] = {}
    for position in positions:
        unit = 1.0 if position.symbol == CASH else position.price or closes.get(position.symbol)
        if unit is None or position.role is Role.excluded:
            continue
        own = values.setdefault(position.account, {})
        own[position.symbol] = own.get(position.symbol, 0.0) + position.quantity * unit
    return tuple(
        AccountPart(_part(name, sum(own.values()), total), tuple(_part(s, v, total) for s, v in own.items()))
        for name, own in values.items()
    )


def _part(name: str, value: float, total: float) -> Part:
    return Part(name, value, value / total)
