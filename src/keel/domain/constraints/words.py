"""Limits in words, short enough to stand in a row."""

from __future__ import annotations

from keel.domain.constraints.evaluation import as_fraction
from keel.domain.constraints.types import TYPES, UNIT_WORDS
from keel.domain.framework.records import Constraint


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
    known, bound = TYPES.get(constraint.type), as_fraction(constraint)
    given = f"{constraint.value:,g}{UNIT_WORDS.get(constraint.unit, ' ' + constraint.unit)}"
    if known is None:
        return given
    return f"at {known.side} {given if bound is None else known.amount(bound)}"
