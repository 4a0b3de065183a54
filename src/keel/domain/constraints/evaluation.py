"""How exposures meet limits: one function for targets at design time, picks, live holdings and plans.

A limit scoped to a path looks at the exposures under it; its value stays a fraction of the whole portfolio.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import assert_never

from keel.domain.constraints.exposures import Exposure, of_targets
from keel.domain.constraints.types import BOUNDS, TYPES, ConstraintType, Observed, Side, Situation, Stage
from keel.domain.framework.choices import in_a_sentence
from keel.domain.framework.records import Constraint, Framework
from keel.domain.framework.tree import find, segments, within
from keel.domain.issue import Finding, Fix, Severity
from keel.domain.text import plain, shown
from keel.units import WEIGHT_TOLERANCE

MOST_NAMED = 5
_PER_FRACTION = {"percentage": 100.0, "fraction": 1.0, "bps": 10_000.0}


class Status(StrEnum):
    """``unknown`` when a fact it needs is missing."""

    passed = "pass"
    failed = "fail"
    unknown = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Restated(Fix):
    """One click: another constraint in the place of the one at ``place`` in the framework."""

    place: int
    constraint: Constraint


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a constraint stands, in fractions (``max_holdings``: counts), and who offends.

    ``observed`` is what is known, None where nothing is; ``observed_most`` what it is with all that is not known, None
    where nothing bounds that.
    """

    constraint: Constraint
    status: Status
    observed: float | None
    limit: float | None
    offenders: tuple[str, ...]
    message: str
    observed_most: float | None = None


def who(verdict: Verdict) -> str:
    """Who breaks a limit, the first few of them, as they are called; empty where nobody does.

    >>> who(Verdict(Constraint("max_region", 10), Status.failed, 0.2, 0.1, ("region:us", "region:emerging"), ""))
    'US, emerging markets'
    """
    some, more = verdict.offenders[:MOST_NAMED], len(verdict.offenders) - MOST_NAMED
    return plain(", ".join(map(_called, some)), 200) + (f" and {more} more" if more > 0 else "")


def _called(offender: str) -> str:
    """A tag as it is called; a symbol or a path is itself."""
    name, _, value = offender.partition(":")
    return in_a_sentence(name, value) if name in ("asset_class", "region", "sector") else offender


def in_full(verdict: Verdict) -> str:
    """The verdict's sentence with who breaks the limit."""
    names = who(verdict)
    return verdict.message.removesuffix(".") + (f" ({names})." if names else ".")


def as_fraction(constraint: Constraint, portfolio_value: float | None = None) -> float | None:
    """The limit as a fraction of the portfolio (``max_holdings``: a count); None when dollars lack a portfolio value.

    >>> as_fraction(Constraint("min_bonds", 40)), as_fraction(Constraint("max_sector", 500, "bps"))
    (0.4, 0.05)
    """
    kind = TYPES.get(constraint.type)
    if kind is not None and kind.counted:
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
    """How exposures meet a constraint of a known type, or a bound of a bucket; ``turnover`` is of one rebalance."""
    kind = TYPES.get(constraint.type) or BOUNDS[constraint.type]
    limit = as_fraction(constraint, portfolio_value)
    in_scope = tuple(e for e in exposures if not constraint.scope or within(e.path, constraint.scope))
    observed = kind.observe(Situation(in_scope, limit, turnover))
    if limit is None or observed.least is None:
        status = Status.unknown
    else:
        most = math.inf if observed.most is None else observed.most
        status = _judged(kind.side, limit, observed.least, most)
    message = _sentence(constraint, kind, observed, limit)
    offenders = observed.offenders if status is Status.failed else ()
    return Verdict(constraint, status, observed.least, limit, offenders, message, observed.most)


def _judged(side: Side, limit: float, least: float, most: float) -> Status:
    """The verdict on what lies between ``least`` and ``most``."""
    match side:
        case Side.least:
            return _status(limit - most, limit - least)
        case Side.most:
            return _status(least - limit, most - limit)
        case _:
            assert_never(side)


def _status(best: float, worst: float) -> Status:
    """From the excess over the limit in the best and the worst case of what is not known."""
    if best > WEIGHT_TOLERANCE:
        return Status.failed
    return Status.passed if worst <= WEIGHT_TOLERANCE else Status.unknown


def sound(framework: Framework) -> tuple[Constraint, ...]:
    """The well-formed constraints of a framework."""
    return tuple(c for c in framework.constraints if not any(_form_issues(framework, c, "")))


def evaluate_all(
    framework: Framework,
    exposures: Sequence[Exposure],
    stage: Stage,
    *,
    portfolio_value: float | None = None,
    turnover: float | None = None,
) -> tuple[Verdict, ...]:
    """Every well-formed constraint of a framework that is judged at a stage; ``turnover`` is that of a plan."""
    return tuple(
        evaluate(c, exposures, portfolio_value=portfolio_value, turnover=turnover)
        for c in sound(framework)
        if stage in TYPES[c.type].stages
    )


def each_at_design(framework: Framework) -> tuple[Verdict | None, ...]:
    """How the targets alone meet each limit, in their order; None for one that is malformed or judged later.

    While a target is no number, nothing is judged.
    """
    exposures = of_targets(framework) if framework.constraints else ()
    if not all(math.isfinite(e.weight) for e in exposures):
        return (None,) * len(framework.constraints)
    judged = {c for c in sound(framework) if Stage.design in TYPES[c.type].stages}
    return tuple(evaluate(c, exposures) if c in judged else None for c in framework.constraints)


def at_design(framework: Framework) -> tuple[Verdict, ...]:
    """How the targets alone meet the limits that they can be held to."""
    return tuple(verdict for verdict in each_at_design(framework) if verdict is not None)


def judge(
    framework: Framework,
    exposures: Sequence[Exposure],
    stage: Stage,
    *,
    portfolio_value: float | None = None,
    turnover: float | None = None,
) -> tuple[Verdict, ...]:
    """``evaluate_all``, and how what is held keeps to the minimum and maximum of each bucket that has one."""
    verdicts = evaluate_all(framework, exposures, stage, portfolio_value=portfolio_value, turnover=turnover)
    return (*verdicts, *(evaluate(bound, exposures) for bound in _bounds(framework)))


def _bounds(framework: Framework) -> Iterator[Constraint]:
    for bucket in framework.buckets:
        if bucket.min_weight is not None:
            yield Constraint("min_weight", bucket.min_weight, "fraction", bucket.path)
        if bucket.max_weight is not None:
            yield Constraint("max_weight", bucket.max_weight, "fraction", bucket.path)


def _sentence(constraint: Constraint, kind: ConstraintType, observed: Observed, limit: float | None) -> str:
    at = f" in {plain(segments(constraint.scope)[-1])}" if constraint.scope else ""
    most = kind.rough(limit) if constraint.unit == "dollars" else kind.amount(limit)
    bound = f"must be at {kind.side} {most}" if limit is not None else "needs a portfolio value"
    return f"{kind.name.capitalize()}{at} {bound}; {_now(kind, observed, limit)}."


def _now(kind: ConstraintType, observed: Observed, limit: float | None) -> str:
    """What is seen in words: a number, or what is known and what it may be at most."""
    if observed.least is None:
        return "what is held is not known well enough to tell"
    known = _in_words(kind, observed.least, limit)
    if observed.most is None:
        return f"now {known} at least, the rest is not known"
    most = _in_words(kind, observed.most, limit)
    return f"now {known}" if most == known else f"now {known} known, {most} at most"


def _in_words(kind: ConstraintType, seen: float, limit: float | None) -> str:
    """An amount as it is read, in full where that would hide on which side of the limit it is."""
    rough = kind.rough(seen)
    return kind.amount(seen) if rough == kind.rough(limit) else rough


def constraint_issues(framework: Framework) -> Iterator[Finding]:
    """Constraints that are malformed, look like a fraction, or that the targets contradict."""
    exposures = of_targets(framework) if framework.constraints else ()
    finite = all(math.isfinite(e.weight) for e in exposures)
    for n, constraint in enumerate(framework.constraints):
        subject = f"constraints[{n}]"
        wrong = tuple(_form_issues(framework, constraint, subject))
        yield from wrong
        if wrong:
            continue
        kind = TYPES[constraint.type]
        yield from _fraction_issues(n, constraint, kind)
        if finite and Stage.design in kind.stages:
            yield from _contradictions(evaluate(constraint, exposures))


def _contradictions(verdict: Verdict) -> Iterator[Finding]:
    if verdict.status is Status.failed:
        message = in_full(verdict)
        fix = "Change the targets or the limit."
        yield Finding("contradicted", Severity.error, verdict.constraint.type, message, fix)


def _form_issues(framework: Framework, constraint: Constraint, subject: str) -> Iterator[Finding]:
    def wrong(code: str, message: str, fix: str) -> Finding:
        return Finding(code, Severity.error, subject, message, fix)

    type_, unit = constraint.type, constraint.unit
    kind = TYPES.get(type_)
    if kind is None:
        yield wrong("unknown_constraint", f"{shown(type_)} is not a constraint.", f"Use one of {', '.join(TYPES)}.")
        return
    if unit not in kind.units:
        units = ", ".join(kind.units)
        yield wrong("constraint_unit", f"The unit {shown(unit)} of {type_} is not known.", f"Use {units}.")
        return
    amiss = _value_amiss(constraint, kind)
    if amiss:
        yield wrong("constraint_value", *amiss)
    if constraint.scope and find(framework, constraint.scope) is None:
        message = f"{type_} is scoped to {shown(constraint.scope)}, which is no bucket."
        yield wrong("unknown_scope", message, "Use the path of a bucket, or none for the whole portfolio.")


def highest(kind: ConstraintType, unit: str) -> float:
    """The highest value of a type in a unit; in dollars there is none.

    >>> highest(TYPES["max_sector"], "bps"), highest(TYPES["max_leverage"], "percentage")
    (10000.0, 1000.0)
    """
    per = _PER_FRACTION.get(unit)
    return math.inf if per is None else per * kind.highest


def _value_amiss(constraint: Constraint, kind: ConstraintType) -> tuple[str, str] | None:
    """What is wrong with a value and what to do; None when it is within the bounds of its type."""
    type_, unit, value = constraint.type, constraint.unit, constraint.value
    if kind.counted:
        whole = math.isfinite(value) and value >= 1 and value == int(value)
        return None if whole else (f"{type_} is {value:g}; it must be a whole number from 1.", "Correct it.")
    high = highest(kind, unit)
    if math.isfinite(value) and 0.0 <= value <= high:
        return None
    bounds = "be at least 0" if math.isinf(high) else f"lie between 0 and {high:g}"
    return f"{type_} is {value:g} with unit {unit}; it must {bounds}.", "Correct the value."


def _fraction_issues(n: int, constraint: Constraint, kind: ConstraintType) -> Iterator[Finding]:
    """Percent values that were probably meant as fractions."""
    high, value = kind.looks_like_a_fraction_to, constraint.value
    if kind.counted or constraint.unit != "percentage" or not 0.0 < value <= high:
        return
    message = f"The limit on the {kind.name} ({constraint.type}) is {value:g}, which means {value:g}%."
    fix = f"Write {100 * value:g}, or use the unit fraction, if {100 * value:g}% was meant."
    meant = replace(constraint, value=round(100 * value, 9))
    remedy = Restated(label=f"Make it {meant.value:g}%", place=n, constraint=meant)
    code, subject = "looks_like_a_fraction", f"constraints[{n}]"
    yield Finding(code, Severity.warning, subject, message, fix, fixes=(remedy,))
