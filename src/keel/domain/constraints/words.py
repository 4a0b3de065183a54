"""Limits in words, short enough to stand in a row."""

from __future__ import annotations

from keel.domain.constraints.types import TYPES, UNIT_WORDS
from keel.domain.framework.records import Constraint

_PER_FRACTION = {"percentage": 100.0, "fraction": 1.0, "bps": 10_000.0}


def limit_name(constraint: Constraint) -> str:
    """What a limit is called.

    >>> limit_name(Constraint("max_sector", 25, scope="AssetClass/Equity"))
    'largest sector in AssetClass/Equity'
    """
    known = TYPES.get(constraint.type)
    name = constraint.type if known is None else known.name
    return f"{name} in {constraint.scope}" if constraint.scope else name


def limit_bound(constraint: Constraint) -> str:
    """What a limit asks.

    >>> limit_bound(Constraint("min_bonds", 20)), limit_bound(Constraint("max_leverage", 100))
    ('at least 20.0%', 'at most 1.00×')
    """
    known, per = TYPES.get(constraint.type), _PER_FRACTION.get(constraint.unit)
    if known is None or (per is None and not known.counted):
        value = f"{constraint.value:,g}{UNIT_WORDS.get(constraint.unit, ' ' + constraint.unit)}"
        return value if known is None else f"at {known.side} {value}"
    return f"at {known.side} {known.amount(constraint.value if known.counted else constraint.value / (per or 1.0))}"
