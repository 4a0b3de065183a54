"""What a rule would have to say to admit a product that just misses it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from keel.domain.framework.records import Bucket
from keel.domain.framework.rules import Rules
from keel.domain.mapping.remedies import Remedy
from keel.domain.mapping.screening import percent, years_text
from keel.domain.market.instrument import Instrument

BASIS_POINT, TENTH = 1e4, 10.0


def fact_of(rule: str, instrument: Instrument, years: float | None) -> float | None:
    """The number of a product that a rule looks at; None where it is not known or the rule looks at none."""
    facts = {
        "max_expense_ratio": instrument.expense_ratio,
        "min_adv_usd": instrument.adv_usd,
        "min_aum_usd": instrument.aum_usd,
        "min_history_years": years,
    }
    return facts.get(rule)


def loosened(rule: str, fact: float | None) -> float | None:
    """The round limit nearest to a fact that admits it: a basis point, a tenth of a year, two digits of an amount.

    >>> loosened("min_adv_usd", 4_137_211.0), loosened("max_expense_ratio", 0.00123), loosened("currencies", None)
    (4100000.0, 0.0013, None)
    """
    if fact is None:
        return None
    match rule:
        case "max_expense_ratio":
            return max(fact, math.ceil(fact * BASIS_POINT - 1e-6) / BASIS_POINT)
        case "min_history_years":
            return min(fact, math.floor(fact * TENTH) / TENTH)
        case _:
            step = 10.0 ** (math.floor(math.log10(fact)) - 1) if fact >= 1 else 1.0
            return min(fact, math.floor(fact / step) * step)


def admitting(above: Sequence[Bucket], rule: str, instrument: Instrument, limit: float | None) -> Remedy | None:
    """The click that lets a leaf take the product: the rule as far as it takes, in the bucket that states it.

    ``above`` are the leaf and the buckets over it, the leaf first. None where no limit of a bucket stands in the way,
    such as one of the filters.
    """
    stated = next((bucket for bucket in above if getattr(bucket.rules, rule, None) not in (None, ())), None)
    rules = None if stated is None else _admits(stated.rules, rule, instrument, limit)
    if stated is None or rules is None:
        return None
    where = "" if stated is above[0] else f" for all of {stated.label}"
    label = f"Admit {instrument.symbol}: {_words(rule, instrument, limit)}{where}"
    return Remedy(label=label, admits=1, path=stated.path, rules=rules)


def _admits(rules: Rules, rule: str, instrument: Instrument, limit: float | None) -> Rules | None:
    """The rules asking only for what the product has; None where they ask for no more already."""
    match rule:
        case "allowed_types":
            return _unless_there(rules, rule, str(instrument.type))
        case "currencies":
            return _unless_there(rules, rule, instrument.currency)
        case "max_expense_ratio":
            asks_more = limit is not None and limit > getattr(rules, rule)
        case "min_adv_usd" | "min_aum_usd" | "min_history_years":
            asks_more = limit is not None and limit < getattr(rules, rule)
        case _:
            return None
    return _with(rules, rule, limit) if asks_more else None


def _unless_there(rules: Rules, rule: str, value: str) -> Rules | None:
    allowed: tuple[str, ...] = getattr(rules, rule)
    there = value.lower() in {other.lower() for other in allowed}
    return None if there or not value else _with(rules, rule, (*allowed, value))


def _with(rules: Rules, rule: str, value: object) -> Rules:
    changed: dict[str, Any] = {rule: value}
    return replace(rules, **changed)


def _words(rule: str, instrument: Instrument, limit: float | None) -> str:
    amount = limit or 0.0
    match rule:
        case "max_expense_ratio":
            return f"fees up to {percent(amount)}"
        case "min_adv_usd":
            return f"{_dollars(amount)} traded a day"
        case "min_aum_usd":
            return f"{_dollars(amount)} in size"
        case "min_history_years":
            return f"{years_text(amount)} of history"
        case "allowed_types":
            return f"type {instrument.type}"
        case _:
            return f"currency {instrument.currency}"


def _dollars(amount: float) -> str:
    """A limit of two digits as it is, not rounded again."""
    sizes = ((1e9, "billion"), (1e6, "million"))
    return next((f"${amount / size:g} {word}" for size, word in sizes if amount >= size), f"${amount:,.0f}")
