"""A position: what is really held, as quantities."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from keel.domain.portfolio.lots import Lot

MAIN = "Main"  # the account of a holding that names none


class Role(StrEnum):
    """``frozen`` counts but is never traded; ``excluded`` lies outside the portfolio's value."""

    tradable = "tradable"
    frozen = "frozen"
    excluded = "excluded"


@dataclass(frozen=True, slots=True)
class Position:
    """Units of one symbol (of currency for ``CASH``) in one account; a ``price`` given here overrules the price series.

    ``bucket`` is the path that a person assigned it to, empty for the framework's own. ``lots`` are those whose cost is
    known: units beyond them have an unknown cost. ``currency`` is that of cash and of a given price, empty for the
    portfolio's own.
    """

    symbol: str
    quantity: float
    price: float | None = None
    role: Role = Role.tradable
    account: str = MAIN
    no_buy: bool = False
    no_sell: bool = False
    bucket: str = ""
    lots: tuple[Lot, ...] = ()
    currency: str = ""
