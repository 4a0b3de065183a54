"""Remedies: the single clicks that give a bucket without a usable product one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from functools import partial

from keel.domain.arrays import Mask
from keel.domain.framework.choices import in_a_sentence, kept_out
from keel.domain.framework.contents import UNKNOWN
from keel.domain.framework.records import Bucket, Framework
from keel.domain.framework.rules import ANY, Rules, combine, kind, path_tags
from keel.domain.framework.tree import levels, line
from keel.domain.issue import Fix
from keel.domain.mapping.screening import GEARED, canonical, dollars, percent, years_text
from keel.domain.mapping.universe import Limits, Market
from keel.domain.market.availability import describe

PLURALS = {"region": "regions", "sector": "sectors", "factor": "factors", "sleeve": "sleeves", "subclass": "subclasses"}
KEPT = ("asset_class",)  # a bond never stands in for equity

Admitted = Callable[[Rules], Mask]
Above = Mapping[str, Bucket]  # a leaf and the buckets over it, by path, the top one first


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedy(Fix):
    """One click: new ``rules`` for the bucket at ``path``, or another ``dataset``; ``admits`` usable products."""

    admits: int
    path: str = ""
    rules: Rules | None = None
    dataset: str = ""


def remedies(
    buckets: Mapping[str, Bucket], leaf: Bucket, market: Market, dataset: str, limits: Limits = ()
) -> tuple[Remedy, ...]:
    """What would give the leaf a usable product: other datasets first, then rules to drop, most admitted first.

    ``buckets`` are those of the framework by path; what alone breaks one of the ``limits`` is not admitted.
    """
    above = {path: buckets[path] for path in line(leaf.path) if path in buckets}
    admitted = partial(market.passing, limits=limits)
    return (*_datasets(above, leaf, market, dataset, admitted), *_rules(above, leaf, market, dataset, admitted))


def widened(framework: Framework, remedy: Remedy) -> Framework:
    """The framework with the bucket at the remedy's path asking what the remedy says."""
    rules = remedy.rules
    buckets = tuple(
        replace(bucket, rules=rules) if rules is not None and bucket.path == remedy.path else bucket
        for bucket in framework.buckets
    )
    return replace(framework, buckets=buckets)


def _asked(above: Above, leaf: Bucket) -> Rules:
    """What a leaf asks with everything it inherits."""
    return combine((), levels(leaf.path, {path: bucket.rules for path, bucket in above.items()}))


def _datasets(above: Above, leaf: Bucket, market: Market, dataset: str, admitted: Admitted) -> Iterator[Remedy]:
    passing = admitted(_asked(above, leaf))
    for span in market.spans:
        admits = int((passing & replace(market, named=span.dataset).usable(span.dataset)).sum())
        if span.dataset != dataset and admits:
            yield Remedy(label=f"Use prices {describe(span)}", admits=admits, dataset=span.dataset)


def _rules(above: Above, leaf: Bucket, market: Market, dataset: str, admitted: Admitted) -> list[Remedy]:
    before = admitted(_asked(above, leaf))
    wanted = market.usable(dataset) & ~before if market.spans else ~before
    found = []
    for label, path, rules in _edits(above, leaf):
        after = _asked({**above, path: replace(above[path], rules=rules)}, leaf)
        admits = int((admitted(after) & wanted).sum())
        if admits:
            found.append(Remedy(label=label, admits=admits, path=path, rules=rules))
    return sorted(found, key=lambda remedy: -remedy.admits)


def _edits(above: Above, leaf: Bucket) -> Iterator[tuple[str, str, Rules]]:
    """Each single rule that could be dropped: the words of its button, and the bucket and rules that drop it."""
    for path, bucket in reversed(tuple(above.items())):
        where = "" if path == leaf.path else f" for all of {bucket.label}"
        for words, rules in (*_dropped_tags(bucket.rules, path), *_dropped_facts(bucket.rules)):
            yield words + where, path, rules
    asked = _asked(above, leaf).include_tags
    for tag in path_tags(leaf.path):
        if kind(tag) not in KEPT and tag in asked:
            yield _allow(tag), leaf.path, _without_tag(leaf.rules, tag)


def _dropped_tags(rules: Rules, path: str) -> Iterator[tuple[str, Rules]]:
    for tag in rules.include_tags:
        if tag != UNKNOWN and kind(tag) not in KEPT and not tag.endswith(f":{ANY}") and tag not in path_tags(path):
            yield _allow(tag), _without_tag(rules, tag)
    for tag in rules.exclude_tags:
        if canonical(tag) not in GEARED:
            yield (
                f"Admit {kept_out(tag)}",
                replace(rules, exclude_tags=tuple(t for t in rules.exclude_tags if t != tag)),
            )


def _allow(tag: str) -> str:
    """What dropping a tag does, in words.

    >>> _allow("region:international"), _allow("what:gold"), _allow("esg")
    ('Allow other regions than international', 'Allow more than gold', 'Allow what is not esg')
    """
    of, _, value = tag.partition(":")
    if of in PLURALS:
        return f"Allow other {PLURALS[of]} than {value.replace('_', ' ')}"
    return f"Allow more than {in_a_sentence(of, value)}" if of != tag else f"Allow what is not {tag}"


def _without_tag(rules: Rules, tag: str) -> Rules:
    """The rules without a tag, and without the one the path implies in its place."""
    kept = tuple(t for t in rules.include_tags if t != tag)
    free = (f"{kind(tag)}:{ANY}",) if kind(tag) and not any(kind(t) == kind(tag) for t in kept) else ()
    return replace(rules, include_tags=(*kept, *free))


def _dropped_facts(rules: Rules) -> Iterator[tuple[str, Rules]]:
    empty = Rules()
    for field in fields(Rules):
        value = getattr(rules, field.name)
        if field.name not in ("include_tags", "exclude_tags") and value != getattr(empty, field.name):
            yield _words(field.name, rules), replace(rules, **{field.name: getattr(empty, field.name)})


def _words(rule: str, rules: Rules) -> str:
    match rule:
        case "max_expense_ratio":
            return f"Drop the fee limit of {percent(rules.max_expense_ratio or 0.0)}"
        case "min_adv_usd":
            return f"Drop the least trading volume of {dollars(rules.min_adv_usd or 0.0)} a day"
        case "min_aum_usd":
            return f"Drop the least fund size of {dollars(rules.min_aum_usd or 0.0)}"
        case "min_history_years":
            return f"Drop the least history of {years_text(rules.min_history_years or 0.0)}"
        case "allowed_types":
            return f"Admit other types than {', '.join(rules.allowed_types)}"
        case "currencies":
            return f"Admit other currencies than {', '.join(rules.currencies)}"
        case _:
            return f"Admit {', '.join(rules.exclude_symbols)} again"
