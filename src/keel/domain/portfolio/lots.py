"""A lot: units that were bought together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Lot:
    """Units at one ``cost`` a unit, fees included; ``acquired`` None where nobody knows.

    ``currency`` is that of the cost, empty for the account's own. A cost of NaN is unknown.
    """

    quantity: float
    cost: float
    acquired: date | None = None
    currency: str = ""
