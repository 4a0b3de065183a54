"""Masks: what rules say of every product at once, the same as ``screening`` says of one in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from keel.domain.arrays import Floats, Mask
from keel.domain.constraints.candidates import Ceiling
from keel.domain.framework.rules import Rules
from keel.domain.mapping.columns import Columns
from keel.domain.mapping.screening import GEARED, canonical
from keel.units import WEIGHT_TOLERANCE


@dataclass(frozen=True, slots=True, eq=False)
class Verdict:
    """Where a rule is not passed (n,), and where of these because the fact is not known.

    ``final``: no change of the rules admits what fails, so nothing is near that fails it alone.
    """

    rule: str
    failing: Mask
    unknown: Mask
    final: bool = False


def verdicts(columns: Columns, rules: Rules) -> tuple[Verdict, ...]:
    """One for each rule asked, in the order of the lines in words, and always one on gearing."""
    return (*_of_tags(columns, rules), *_of_facts(columns, rules), _gearing(columns, rules))


def passing(columns: Columns, each: Sequence[Verdict]) -> Mask:
    """Where no rule fails."""
    mask = ~columns.nowhere()
    for verdict in each:
        mask &= ~verdict.failing
    return mask


def once(each: Sequence[Verdict]) -> Mask:
    """Where exactly one rule fails, and that is neither gearing nor a limit of the framework."""
    some, beyond = np.zeros_like(each[0].failing), np.zeros_like(each[0].failing)
    for verdict in each:
        beyond |= verdict.failing if verdict.final else some & verdict.failing
        some |= verdict.failing
    return some & ~beyond


def counts(each: Sequence[Verdict]) -> tuple[Mapping[str, int], Mapping[str, int]]:
    """How many products fail each rule, and how many lack its fact, in the order of the rules' names.

    A rule that is asked twice counts a product once, as one that lacks the fact only where neither is known to fail.
    """
    rejected: dict[str, int] = {}
    unknown: dict[str, int] = {}
    for rule in sorted({verdict.rule for verdict in each}):
        failing, certain = _together([verdict for verdict in each if verdict.rule == rule])
        rejected[rule], unknown[rule] = certain, failing - certain
    return _present(rejected), _present(unknown)


def _together(same: Sequence[Verdict]) -> tuple[int, int]:
    """How many products fail any of the verdicts, and how many of them for certain."""
    first, *others = same
    failing, certain = first.failing, first.failing & ~first.unknown
    for verdict in others:
        failing = failing | verdict.failing
        certain |= verdict.failing & ~verdict.unknown
    return int(np.count_nonzero(failing)), int(np.count_nonzero(certain))


def _present(count: Mapping[str, int]) -> Mapping[str, int]:
    return {rule: n for rule, n in count.items() if n}


def _of_tags(columns: Columns, rules: Rules) -> Iterator[Verdict]:
    if rules.include_tags:
        yield _include(columns, [canonical(tag) for tag in rules.include_tags])
    if rules.exclude_tags:
        yield _exclude(columns, [canonical(tag) for tag in rules.exclude_tags])


def _of_facts(columns: Columns, rules: Rules) -> Iterator[Verdict]:
    facts = columns.facts
    if rules.allowed_types:
        allowed = columns.where(columns.types, (name.lower() for name in rules.allowed_types))
        yield Verdict("allowed_types", ~allowed, columns.nowhere())
    if rules.max_expense_ratio is not None:
        yield _limit("max_expense_ratio", facts["expense_ratio"], ~(facts["expense_ratio"] <= rules.max_expense_ratio))
    if rules.min_adv_usd is not None:
        yield _limit("min_adv_usd", facts["adv_usd"], ~(facts["adv_usd"] >= rules.min_adv_usd))
    if rules.min_aum_usd is not None:
        yield _limit("min_aum_usd", facts["aum_usd"], ~(facts["aum_usd"] >= rules.min_aum_usd))
    if rules.min_history_years is not None:
        yield _limit("min_history_years", facts["years"], ~(facts["years"] >= rules.min_history_years))
    if rules.currencies:
        unknown = columns.where(columns.currencies, [""])
        allowed = columns.where(columns.currencies, (name.lower() for name in rules.currencies))
        yield Verdict("currencies", unknown | ~allowed, unknown)
    if rules.exclude_symbols:
        excluded = columns.where(columns.symbols, (symbol.upper() for symbol in rules.exclude_symbols))
        yield Verdict("exclude_symbols", excluded, columns.nowhere())


def _limit(rule: str, facts: Floats, failing: Mask) -> Verdict:
    return Verdict(rule, failing, np.isnan(facts))


def _include(columns: Columns, asked: Sequence[str]) -> Verdict:
    """All of the tags; where every missing one is of a kind that is not known, so is the verdict."""
    missing, certain = columns.nowhere(), columns.nowhere()
    for tag in asked:
        lacking = ~columns.tagged(tag)
        missing |= lacking
        certain |= lacking & ~columns.unknown(tag)
    return Verdict("include_tags", missing, missing & ~certain)


def _exclude(columns: Columns, asked: Sequence[str]) -> Verdict:
    present, unknown = columns.nowhere(), columns.nowhere()
    for tag in asked:
        present |= columns.tagged(tag)
        unknown |= columns.unknown(tag)
    return Verdict("exclude_tags", present | unknown, unknown & ~present)


def _gearing(columns: Columns, rules: Rules) -> Verdict:
    """A leveraged or inverse product passes only when the rules include each such tag it carries."""
    wanted = {canonical(tag) for tag in rules.include_tags}
    failing = columns.nowhere()
    for tag in GEARED:
        if tag not in wanted:
            failing |= columns.tagged(tag)
    return Verdict("leveraged", failing, columns.nowhere(), final=True)


FACTS = {"expense_ratio": "fee", "leverage": "leverage"}  # by what a limit looks at


def limit_verdicts(columns: Columns, ceilings: Sequence[Ceiling]) -> Iterator[Verdict]:
    """One for each limit that a product alone can break; a fact that is not known breaks none."""
    for ceiling in ceilings:
        fact = ceiling.alone.fact
        seen = np.full(len(columns.universe), ceiling.weight) if fact == "weight" else columns.facts[FACTS[fact]]
        yield Verdict(ceiling.type, seen > ceiling.most + WEIGHT_TOLERANCE, columns.nowhere(), final=True)
