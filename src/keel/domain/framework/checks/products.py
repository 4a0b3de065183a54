"""Issues of rules and products: rule values, unknown tags, leaves without a product, short histories, concentration."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from keel.domain.constraints.evaluation import as_fraction
from keel.domain.framework.choices import KINDS, in_words
from keel.domain.framework.contents import UNKNOWN
from keel.domain.framework.editing import MAX_PATH
from keel.domain.framework.records import Bucket, Framework
from keel.domain.framework.rules import ANY, kind, path_tags
from keel.domain.framework.tree import leaf_rules, leaves
from keel.domain.issue import Finding, Severity
from keel.domain.market.instrument import InstrumentType
from keel.domain.text import plain, shown
from keel.units import number, pct, weight

GUESSED = frozenset({*KINDS, "contents", "slice"}) - {"region", "sector", "factor", "sleeve", "asset_class"}
CONCENTRATED = 0.5  # of the whole portfolio in one product

_TYPES = frozenset(t.value for t in InstrumentType)


def rule_issues(framework: Framework) -> Iterator[Finding]:
    """Rule values out of range (errors) and product types that do not exist (warnings)."""
    for bucket in framework.buckets:
        rules = bucket.rules
        limits = (
            ("min_adv_usd", rules.min_adv_usd, math.inf),
            ("max_expense_ratio", rules.max_expense_ratio, 1.0),
            ("min_history_years", rules.min_history_years, 200.0),
            ("min_aum_usd", rules.min_aum_usd, math.inf),
        )
        for name, value, high in limits:
            if value is not None and not (math.isfinite(value) and 0.0 <= value <= high):
                seen = number(value, 4) if math.isfinite(value) else "not a number"
                most = "" if math.isinf(high) else f" and at most {high:g}"
                message = f"The rule {name} is {seen}; it must be at least 0{most}."
                yield Finding(
                    "rule_out_of_range", Severity.error, plain(bucket.path, MAX_PATH), message, f"Correct {name}."
                )
        for word in rules.allowed_types:
            if word not in _TYPES:
                message = f"The rule allowed_types names {shown(word)}, which is no type of product."
                fix = f"Use {', '.join(t.value for t in InstrumentType)}."
                yield Finding("unknown_type", Severity.warning, plain(bucket.path, MAX_PATH), message, fix)


def tag_issues(framework: Framework, known: frozenset[str]) -> Iterator[Finding]:
    """A warning per tag that no product carries, asked for by a bucket's own rules or implied by a leaf's path."""
    for bucket in framework.buckets:
        subject = plain(bucket.path, MAX_PATH)
        for tag in dict.fromkeys((*bucket.rules.include_tags, *bucket.rules.exclude_tags)):
            if tag not in known and tag.partition(":")[2] != ANY and kind(tag) not in GUESSED:
                message = f"No product carries the tag {shown(tag)}."
                yield Finding("unknown_tag", Severity.warning, subject, message, "Correct the tag or remove it.")
    asked = leaf_rules(framework)
    for leaf in leaves(framework):
        implied = path_tags(leaf.path)
        for tag in asked[leaf.path].include_tags:
            if tag in implied and tag not in known:
                message = f"The path of {plain(leaf.label)} asks for the tag {shown(tag)}, which no product carries."
                fix = f"Ask for another tag of its kind, or for {kind(tag)}:{ANY}, in its rules."
                yield Finding("unknown_tag", Severity.warning, plain(leaf.path, MAX_PATH), message, fix)


def coverage_issues(
    framework: Framework, eligible: Mapping[str, int], history_years: Mapping[str, float], least_years: float
) -> Iterator[Finding]:
    """Warnings per leaf: nothing eligible, products with a short history, too much in one product."""
    asked = leaf_rules(framework)
    for leaf in leaves(framework):
        if not leaf.holdings and eligible.get(leaf.path) == 0:
            yield _without_product(leaf, asked[leaf.path].include_tags)
        for holding in leaf.holdings:
            years = history_years.get(holding.symbol)
            if years is not None and years < least_years:
                message = f"{shown(holding.symbol)} has {number(years, 1)} years of prices, less than {least_years:g}."
                yield Finding(
                    "short_history",
                    Severity.warning,
                    plain(leaf.path, MAX_PATH),
                    message,
                    "Choose an older product or a proxy.",
                )
    yield from _concentration_issues(framework)


def _without_product(leaf: Bucket, asked: Sequence[str]) -> Finding:
    """The warning of a leaf that nothing can fill: what it is to hold, or that nobody said so."""
    where, name = plain(leaf.path, MAX_PATH), plain(leaf.label)
    if UNKNOWN in asked:
        message = f"The name {shown(leaf.label)} does not say what belongs in it."
        return Finding(
            "contents_unknown", Severity.warning, where, message, "Say what it holds; until then it is cash."
        )
    words = plain(in_words(asked) or ", ".join(asked) or "its rules")
    message = f"No product meets the rules of {name} ({words})."
    return Finding("no_product", Severity.warning, where, message, "Widen the rules; until then it stays in cash.")


def _concentration_issues(framework: Framework) -> Iterator[Finding]:
    asked = leaf_rules(framework)
    for leaf in leaves(framework):
        limit = _largest_alone(framework, of_shares=asked[leaf.path].allowed_types == (InstrumentType.stock,))
        for holding in leaf.holdings:
            held = leaf.target_weight * holding.share
            if held > limit + 1e-9:
                message = (
                    f"{shown(holding.symbol)} alone makes {weight(held)} of the portfolio, more than {pct(limit)}."
                )
                yield Finding(
                    "concentrated",
                    Severity.warning,
                    plain(leaf.path, MAX_PATH),
                    message,
                    "Split the bucket over several products.",
                )


def _largest_alone(framework: Framework, *, of_shares: bool) -> float:
    """What one product may make of the whole; a limit on single companies is one on a product that is a company."""
    types = ("max_single_product", "max_single_name") if of_shares else ("max_single_product",)
    caps = [as_fraction(c) for c in framework.constraints if c.type in types and not c.scope]
    return min([CONCENTRATED, *(cap for cap in caps if cap is not None)])
