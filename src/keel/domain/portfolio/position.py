"""A position: what is really held, as quantities."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """``frozen`` counts but is never traded; ``excluded`` lies outside the portfolio's value."""

    tradable = "tradable"
    frozen = "frozen"
    excluded = "excluded"


@dataclass(frozen=True, slots=True)
class Position:
    """Units of one symbol (of currency for ``CASH``); a ``price`` given here overrules the price series."""

    symbol: str
    quantity: float
    price: float | None = None
    role: Role = Role.tradable
