"""Masks: what rules say of every product at once, the same as ``screening`` says of one in words."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from keel.domain.arrays import Mask
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


Judged = tuple[str, Hashable, Callable[[Columns, Any], Verdict]]  # a rule, what it asks, and the judge of that


def verdicts(columns: Columns, rules: Rules) -> tuple[Verdict, ...]:
    """One for each rule asked, in the order of the lines in words, and always one on gearing; do not change them."""
    judged = (*_of_tags(rules), *_of_facts(rules))
    return tuple(columns.recall((rule, asked), partial(judge, columns, asked)) for rule, asked, judge in judged)


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


def _of_tags(rules: Rules) -> Iterator[Judged]:
    wanted = tuple(canonical(tag) for tag in rules.include_tags)
    if wanted:
        yield "include_tags", wanted, _include
    if rules.exclude_tags:
        yield "exclude_tags", tuple(canonical(tag) for tag in rules.exclude_tags), _exclude


def _of_facts(rules: Rules) -> Iterator[Judged]:
    if rules.allowed_types:
        yield "allowed_types", tuple(name.lower() for name in rules.allowed_types), _types
    if rules.max_expense_ratio is not None:
        yield "max_expense_ratio", rules.max_expense_ratio, _dearest
    for rule, fact, least in (
        ("min_adv_usd", "adv_usd", rules.min_adv_usd),
        ("min_aum_usd", "aum_usd", rules.min_aum_usd),
        ("min_history_years", "years", rules.min_history_years),
    ):
        if least is not None:
            yield rule, least, partial(_least, rule, fact)
    if rules.currencies:
        yield "currencies", tuple(name.lower() for name in rules.currencies), _currencies
    if rules.exclude_symbols:
        yield "exclude_symbols", tuple(symbol.upper() for symbol in rules.exclude_symbols), _symbols
    wanted = {canonical(tag) for tag in rules.include_tags}
    yield "leveraged", tuple(tag for tag in GEARED if tag not in wanted), _gearing


def _types(columns: Columns, allowed: Sequence[str]) -> Verdict:
    return Verdict("allowed_types", ~columns.where(columns.types, allowed), columns.nowhere())


def _currencies(columns: Columns, allowed: Sequence[str]) -> Verdict:
    unknown = columns.where(columns.currencies, [""])
    return Verdict("currencies", unknown | ~columns.where(columns.currencies, allowed), unknown)


def _symbols(columns: Columns, excluded: Sequence[str]) -> Verdict:
    return Verdict("exclude_symbols", columns.where(columns.symbols, excluded), columns.nowhere())


def _dearest(columns: Columns, most: float) -> Verdict:
    fees = columns.facts["expense_ratio"]
    return Verdict("max_expense_ratio", ~(fees <= most), columns.missing("expense_ratio"))


def _least(rule: str, fact: str, columns: Columns, least: float) -> Verdict:
    facts = columns.facts[fact]
    return Verdict(rule, ~(facts >= least), columns.missing(fact))


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


def _gearing(columns: Columns, unwanted: Sequence[str]) -> Verdict:
    """A leveraged or inverse product passes only when the rules include each such tag it carries."""
    failing = columns.nowhere()
    for tag in unwanted:
        failing |= columns.tagged(tag)
    return Verdict("leveraged", failing, columns.nowhere(), final=True)


FACTS = {"expense_ratio": "fee", "leverage": "leverage"}  # by what a limit looks at


def limit_verdicts(columns: Columns, ceilings: Sequence[Ceiling]) -> Iterator[Verdict]:
    """One for each limit that a product alone can break; a fact that is not known breaks none."""
    for ceiling in ceilings:
        fact = ceiling.alone.fact
        seen = np.full(len(columns.universe), ceiling.weight) if fact == "weight" else columns.facts[FACTS[fact]]
        yield Verdict(ceiling.type, seen > ceiling.most + WEIGHT_TOLERANCE, columns.nowhere(), final=True)
