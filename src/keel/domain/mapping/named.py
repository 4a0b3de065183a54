"""Products that a file or a user named: kept whatever the rules say, and what is to be said of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from keel.domain.constraints.candidates import Limited
from keel.domain.constraints.types import TYPES
from keel.domain.framework.choices import in_words
from keel.domain.framework.contents import CHOSEN
from keel.domain.framework.records import Bucket, Framework
from keel.domain.framework.rules import Rules, combine
from keel.domain.framework.tree import leaves, line
from keel.domain.issue import Finding, Severity
from keel.domain.mapping.screening import eligible
from keel.domain.mapping.universe import Market
from keel.domain.text import plain, shown

MOST_NAMED = 5  # buckets
UNKNOWN_PRODUCT = "unknown_product"


def issues(framework: Framework, market: Market) -> Iterator[Finding]:
    """Warnings of named products: not known here, outside the rules that somebody wrote, more than a limit leaves them,
    or in several buckets.
    """
    places, limited = _places(framework, market), Limited(framework)
    rules = {bucket.path: bucket.rules for bucket in framework.buckets}
    for leaf in leaves(framework):
        yield from _unknown(leaf, places)
        yield from _outside(leaf, rules, places, market)
        yield from _beyond(limited, leaf, places, market)
    yield from _shared(framework)


def _places(framework: Framework, market: Market) -> dict[str, list[int]]:
    """Where in the universe the named symbols stand, looked for once for all buckets."""
    named = {holding.symbol for leaf in leaves(framework) for holding in leaf.holdings}
    places: dict[str, list[int]] = {}
    for place, instrument in enumerate(market.universe) if named else ():
        if instrument.symbol in named:
            places.setdefault(instrument.symbol, []).append(place)
    return places


def _unknown(leaf: Bucket, places: Mapping[str, Sequence[int]]) -> Iterator[Finding]:
    for holding in leaf.holdings:
        if holding.symbol not in places:
            message = f"{shown(holding.symbol)} is not known here. Nothing takes its place: its bucket stays in cash."
            fix = "Import its prices on the data page, or name a product that is known."
            yield Finding(UNKNOWN_PRODUCT, Severity.warning, leaf.path, message, fix)


def _outside(
    leaf: Bucket, rules: Mapping[str, Rules], places: Mapping[str, Sequence[int]], market: Market
) -> Iterator[Finding]:
    """Named products that written rules would turn away; a guess from a name is no rule for them."""
    if not leaf.holdings:
        return
    asked = combine((), [rules[path] for path in line(leaf.path) if path in rules])
    asked = replace(asked, include_tags=tuple(tag for tag in asked.include_tags if tag != CHOSEN))
    symbols = {holding.symbol for holding in leaf.holdings}
    for place in sorted(place for symbol in symbols for place in places.get(symbol, ())):
        instrument = market.universe[place]
        if not eligible(market.lines(instrument, asked)):
            words = in_words(asked.include_tags)
            broken = f"the rules of {plain(leaf.label)}{f' ({words})' if words else ''}"
            message = f"{shown(instrument.symbol)} is outside {broken}. It is kept, because it is named."
            yield Finding("outside_rules", Severity.warning, leaf.path, message, "Change the rules, or the product.")


def _beyond(limited: Limited, leaf: Bucket, places: Mapping[str, Sequence[int]], market: Market) -> Iterator[Finding]:
    """Named products that break a limit whatever the others are; how large one may be is said of any product."""
    for holding in leaf.holdings:
        products = [market.universe[place] for place in places.get(holding.symbol, ())]
        for ceiling in limited.ceilings(leaf.path, leaf.target_weight * holding.share):
            if ceiling.alone.fact == "weight" or not products or any(map(ceiling.admits, products)):
                continue
            seen, most = (ceiling.words(amount) for amount in (ceiling.seen(products[0]), ceiling.most))
            name = TYPES[ceiling.type].name
            message = f"{shown(holding.symbol)} alone breaks the limit on the {name}: {seen}, at most {most} fits here."
            yield Finding("breaks_limit", Severity.warning, leaf.path, message, "Change the limit, or the product.")


def _shared(framework: Framework) -> Iterator[Finding]:
    """One warning for each product that several buckets name."""
    buckets: dict[str, list[Bucket]] = {}
    for leaf in leaves(framework):
        for symbol in dict.fromkeys(holding.symbol for holding in leaf.holdings):
            buckets.setdefault(symbol, []).append(leaf)
    for symbol, several in buckets.items():
        if len(several) > 1:
            yield same_product(symbol, several[0].path, [leaf.label for leaf in several])


def same_product(symbol: str, subject: str, labels: Sequence[str]) -> Finding:
    """The warning that one product fills several buckets; of many the first few are named."""
    more = f" and {len(labels) - MOST_NAMED} more" if len(labels) > MOST_NAMED else ""
    where = ", ".join(plain(label) for label in labels[:MOST_NAMED]) + more
    message = f"{shown(symbol)} fills {len(labels)} buckets: {where}."
    fix = "Choose another product in one of them, or make them one bucket."
    return Finding("same_product", Severity.warning, subject, message, fix)
