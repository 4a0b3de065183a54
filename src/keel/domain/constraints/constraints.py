"""Portfolio limits: what each means, whether it is well formed, and how exposures meet it.

One function, ``evaluate``, judges exposures of any origin: targets at design time, picks, live holdings, a plan. A
limit scoped to a path looks at the exposures under it; its value stays a fraction of the whole portfolio.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from keel.domain.framework.records import Constraint, Framework
from keel.domain.framework.rules import kind
from keel.domain.framework.tree import effective_rules, find, leaves, within
from keel.domain.issue import Issue, Severity
from keel.domain.market.prices import CASH
from keel.domain.text import plain, shown
from keel.units import WEIGHT_TOLERANCE, number, pct, times, weight

TYPES = {
    "max_single_name": "largest single name",
    "max_sector": "largest sector",
    "max_region": "largest region",
    "max_asset_class": "largest asset class",
    "min_bonds": "bonds",
    "min_cash": "cash",
    "max_alternatives": "alternatives",
    "max_leverage": "leverage",
    "max_expense_ratio": "weighted expense ratio",
    "max_holdings": "number of holdings",
    "max_turnover": "turnover of a rebalance",
}
UNITS = ("percentage", "fraction", "bps", "dollars")
COUNT = "count"
_PER_FRACTION = {"percentage": 100.0, "fraction": 1.0, "bps": 10_000.0}
_HIGHEST = {"max_leverage": 10.0}  # times; everything else is at most the whole
_BROAD = frozenset({"region:global", "sector:defensive", "sector:cyclical", "sector:growth"})  # several in one


class Status(StrEnum):
    """``unknown`` when a fact it needs is missing."""

    passed = "pass"
    failed = "fail"
    unknown = "unknown"


@dataclass(frozen=True, slots=True)
class Exposure:
    """One line of a portfolio. ``weight`` is a fraction of the whole; what is not known is None or empty.

    ``tags`` as products carry them (``asset_class:equity``); ``type`` as ``InstrumentType``; ``symbol`` empty while no
    product is chosen.
    """

    path: str
    label: str
    weight: float
    symbol: str = ""
    tags: frozenset[str] = frozenset()
    type: str = ""
    expense_ratio: float | None = None
    leverage: float | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a constraint stands: ``observed`` and ``limit`` (fractions; ``max_holdings``: counts), and who offends."""

    constraint: Constraint
    status: Status
    observed: float | None
    limit: float | None
    offenders: tuple[str, ...]
    message: str


def as_fraction(constraint: Constraint, portfolio_value: float | None = None) -> float | None:
    """The limit as a fraction of the portfolio (``max_holdings``: a count); None when dollars lack a portfolio value.

    >>> as_fraction(Constraint("min_bonds", 40)), as_fraction(Constraint("max_sector", 500, "bps"))
    (0.4, 0.05)
    """
    if constraint.type == "max_holdings":
        return constraint.value
    if constraint.unit == "dollars":
        return constraint.value / portfolio_value if portfolio_value else None
    per = _PER_FRACTION.get(constraint.unit)
    return None if per is None else constraint.value / per


def evaluate(
    constraint: Constraint,
    exposures: Iterable[Exposure],
    *,
    portfolio_value: float | None = None,
    turnover: float | None = None,
) -> Verdict:
    """How exposures meet a constraint. ``turnover`` is that of the rebalance in question, one-way."""
    limit = as_fraction(constraint, portfolio_value)
    held = [e for e in exposures if not constraint.scope or within(e.path, constraint.scope)]
    low, high, offenders = _observed(constraint.type, held, limit, turnover)
    if limit is None or low is None or high is None:
        status, seen = Status.unknown, low
    elif constraint.type.startswith("min_"):
        status, seen = _judged(limit - high, limit - low), high
    else:
        status, seen = _judged(low - limit, high - limit), low
    message = _sentence(constraint, status, seen, limit)
    return Verdict(constraint, status, seen, limit, offenders if status is Status.failed else (), message)


def _judged(best: float, worst: float) -> Status:
    """From the excess over the limit in the best and the worst case of what is not known."""
    if best > WEIGHT_TOLERANCE:
        return Status.failed
    return Status.passed if worst <= WEIGHT_TOLERANCE else Status.unknown


def evaluate_all(
    framework: Framework, exposures: Sequence[Exposure] | None = None, *, portfolio_value: float | None = None
) -> tuple[Verdict, ...]:
    """Every well-formed constraint of a framework, against its targets unless exposures are given."""
    lines = design_exposures(framework) if exposures is None else exposures
    sound = [c for c in framework.constraints if not any(_form_issues(framework, c, ""))]
    return tuple(evaluate(c, lines, portfolio_value=portfolio_value) for c in sound)


def design_exposures(framework: Framework) -> tuple[Exposure, ...]:
    """What the targets alone say: a line per leaf, or per product of a leaf that names some, with inherited tags."""
    lines: list[Exposure] = []
    for leaf in leaves(framework):
        rules = effective_rules(framework, leaf.path)
        tags = frozenset(rules.include_tags)
        type_ = rules.allowed_types[0] if len(rules.allowed_types) == 1 else ""
        if not leaf.holdings:
            lines.append(Exposure(leaf.path, leaf.label, leaf.target_weight, tags=tags, type=type_))
        for h in leaf.holdings:
            lines.append(Exposure(leaf.path, leaf.label, leaf.target_weight * h.share, h.symbol, tags, type_))
    return tuple(lines)


Observed = tuple[float | None, float | None, tuple[str, ...]]  # at least, at most, offenders


def _observed(type_: str, held: Sequence[Exposure], limit: float | None, turnover: float | None) -> Observed:
    match type_:
        case "min_bonds":
            return _class_weight(held, "bonds")
        case "min_cash":
            return _class_weight(held, "cash")
        case "max_alternatives":
            return _class_weight(held, "alternatives")
        case "max_asset_class" | "max_region" | "max_sector":
            return _largest_group(held, type_.removeprefix("max_"), limit)
        case "max_single_name":
            return _largest_name(held, limit)
        case "max_holdings":
            count = float(len({e.symbol for e in held if e.symbol and e.symbol != CASH}))
            return count, None if any(not e.symbol for e in held) else count, ()
        case "max_leverage":
            return (*_weighted([(e.weight, e.leverage) for e in held], absolute=True), ())
        case "max_expense_ratio":
            return (*_weighted([(e.weight, e.expense_ratio) for e in held]), ())
        case _:
            return turnover, turnover, ()


def _values(exposure: Exposure, name: str) -> set[str]:
    return {t for t in exposure.tags if kind(t) == name and t not in _BROAD}


def _class_weight(held: Sequence[Exposure], name: str) -> Observed:
    def of(e: Exposure) -> bool:
        return f"asset_class:{name}" in e.tags or (name == "cash" and e.symbol == CASH)

    sure = math.fsum(e.weight for e in held if of(e))
    open_ = math.fsum(e.weight for e in held if not _values(e, "asset_class") and e.symbol != CASH)
    above = () if name != "alternatives" else tuple(dict.fromkeys(e.symbol or e.label for e in held if of(e)))
    return sure, sure + open_, above


def _largest_group(held: Sequence[Exposure], name: str, limit: float | None) -> Observed:
    sums: dict[str, list[float]] = {}
    for e in held:
        for tag in _values(e, name):
            sums.setdefault(tag, []).append(e.weight)
    totals = {tag: math.fsum(parts) for tag, parts in sums.items()}
    open_ = math.fsum(e.weight for e in held if not _values(e, name) and e.symbol != CASH)
    largest = max(totals.values(), default=0.0)
    over = [tag for tag, total in sorted(totals.items()) if limit is not None and total > limit + WEIGHT_TOLERANCE]
    return largest, largest + open_, tuple(over)


def _largest_name(held: Sequence[Exposure], limit: float | None) -> Observed:
    """A fund holds many names, so only a product known to be a stock is one; what is not known may be."""
    names: dict[str, float] = {}
    maybe: dict[str, float] = {}
    for e in held:
        if e.symbol == CASH or e.type in ("ETF", "Fund", "Index", "Cash"):
            continue
        sums = names if e.type == "Stock" and e.symbol else maybe
        key = e.symbol or e.path
        sums[key] = sums.get(key, 0.0) + e.weight
    sure = max(names.values(), default=0.0)
    over = [s for s, total in sorted(names.items()) if limit is not None and total > limit + WEIGHT_TOLERANCE]
    return sure, max([sure, *maybe.values()]), tuple(over)


def _weighted(
    pairs: Sequence[tuple[float, float | None]], *, absolute: bool = False
) -> tuple[float | None, float | None]:
    if any(value is None for _, value in pairs):
        return None, None
    total = math.fsum(w * (abs(v) if absolute else v) for w, v in pairs if v is not None)
    return total, total


def _sentence(constraint: Constraint, status: Status, seen: float | None, limit: float | None) -> str:
    name = TYPES[constraint.type].capitalize()
    at = f" in {plain(constraint.scope)}" if constraint.scope else ""
    side = "least" if constraint.type.startswith("min_") else "most"
    bound = f"must be at {side} {_amount(constraint.type, limit)}" if limit is not None else "needs a portfolio value"
    if status is Status.unknown:
        return f"{name}{at} {bound}; what is held is not known well enough to tell."
    return f"{name}{at} {bound}; now {_amount(constraint.type, seen)}."


def _amount(type_: str, value: float | None) -> str:
    if type_ == "max_holdings":
        return number(value, 0)
    if type_ == "max_leverage":
        return times(value)
    return pct(value, 2) if type_ == "max_expense_ratio" else weight(value)


def constraint_issues(framework: Framework) -> Iterator[Issue]:
    """Constraints that are malformed, look like a fraction, or that the targets contradict."""
    exposures = design_exposures(framework) if framework.constraints else ()
    finite = all(math.isfinite(e.weight) for e in exposures)
    for n, constraint in enumerate(framework.constraints):
        subject = f"constraints[{n}]"
        wrong = tuple(_form_issues(framework, constraint, subject))
        yield from wrong
        if wrong:
            continue
        yield from _fraction_issues(constraint, subject)
        verdict = evaluate(constraint, exposures) if finite else None
        if verdict is not None and verdict.status is Status.failed:
            who = f" ({plain(', '.join(verdict.offenders[:5]), 200)})" if verdict.offenders else ""
            fix = "Change the targets or the limit."
            message = verdict.message.removesuffix(".") + f"{who}."
            yield Issue("contradicted", Severity.error, constraint.type, message, fix)


def _form_issues(framework: Framework, constraint: Constraint, subject: str) -> Iterator[Issue]:
    def wrong(code: str, message: str, fix: str) -> Issue:
        return Issue(code, Severity.error, subject, message, fix)

    type_, unit, value = constraint.type, constraint.unit, constraint.value
    if type_ not in TYPES:
        yield wrong("unknown_constraint", f"{shown(type_)} is not a constraint.", f"Use one of {', '.join(TYPES)}.")
        return
    if unit not in UNITS and not (unit == COUNT and type_ == "max_holdings"):
        yield wrong("constraint_unit", f"The unit {shown(unit)} of {type_} is not known.", f"Use {', '.join(UNITS)}.")
        return
    if type_ == "max_holdings":
        if not (math.isfinite(value) and value >= 1 and value == int(value)):
            yield wrong(
                "constraint_value", f"max_holdings is {value:g}; it must be a whole number from 1.", "Correct it."
            )
    else:
        per = _PER_FRACTION.get(unit)
        high = math.inf if per is None else per * _HIGHEST.get(type_, 1.0)
        if not (math.isfinite(value) and 0.0 <= value <= high):
            most = "" if math.isinf(high) else f" and {high:g}"
            message = f"{type_} is {value:g} with unit {unit}; it must lie between 0{most}."
            yield wrong("constraint_value", message.replace("lie between 0.", "be at least 0."), "Correct the value.")
    if constraint.scope and find(framework, constraint.scope) is None:
        message = f"{type_} is scoped to {shown(constraint.scope)}, which is no bucket."
        yield wrong("unknown_scope", message, "Use the path of a bucket, or none for the whole portfolio.")


def _fraction_issues(constraint: Constraint, subject: str) -> Iterator[Issue]:
    """Percent values that were probably meant as fractions; leverage is looked at up to 10 (1.5 for 1.5 times)."""
    high = 10.0 if constraint.type == "max_leverage" else 1.0
    if constraint.type == "max_holdings" or constraint.unit != "percentage" or not 0.0 < constraint.value <= high:
        return
    value = constraint.value
    message = f"{constraint.type} is {value:g} with unit percentage, which means {value:g}%."
    fix = f"Write {100 * value:g}, or use the unit fraction, if {100 * value:g}% was meant."
    yield Issue("looks_like_a_fraction", Severity.warning, subject, message, fix)
