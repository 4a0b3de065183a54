"""A lot: units that were bought together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Lot:
    """Units at one ``cost`` a unit, fees included, in the account's currency; ``acquired`` None where nobody knows."""

    quantity: float
    cost: float
    acquired: date | None = None
