"""Matching: for each leaf of a framework the products that pass its rules, best first, and what is missing.

Order of the suggestions: funds with a usable price series, then single stocks, then series (type Index: they cannot be
bought and stand in only where no product has prices), then the same without prices; within each by score, ties by
symbol. A product whose proxy has a series is usable, and says that it is represented by it. A series in another
currency than the framework is not usable.

The dataset matters: products whose prices lie in different datasets make a poor study (daily with monthly, dividends
with none). So the prices judged are those of one dataset, by default the best one that serves every bucket (see
``choose_dataset``); naming another shows what it would lack.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from keel.domain.framework.contents import UNKNOWN
from keel.domain.framework.groups import members
from keel.domain.framework.records import Bucket, Framework
from keel.domain.framework.rules import Rules, kind
from keel.domain.framework.tree import leaf_rules, leaves
from keel.domain.issue import Finding, Severity
from keel.domain.mapping.remedies import Remedy, remedies
from keel.domain.mapping.scoring import DEFAULT, Parts, parts, score
from keel.domain.mapping.screening import RuleLine, canonical, eligible, failing, tags_of
from keel.domain.mapping.universe import Market, fits, market_of
from keel.domain.market.availability import Availability
from keel.domain.market.choice import choose_dataset, tier
from keel.domain.market.health import check
from keel.domain.market.instrument import Coverage, Instrument
from keel.domain.portfolio.records import Pick
from keel.units import SHORT_YEARS, weight

TOP = 5


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An eligible product: its score, the parts (None: fact not known), a line per rule, and its prices.

    ``usable`` is whether a study can use it, ``price_note`` the sentence about it.
    """

    instrument: Instrument
    score: float
    parts: Parts
    rules: tuple[RuleLine, ...]
    health: tuple[Finding, ...]
    usable: bool
    price_note: str


@dataclass(frozen=True, slots=True)
class Priced:
    """What prices a product has, whoever chose it: whether a study can use it, a sentence, and their health."""

    usable: bool
    price_note: str
    health: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A product of the right asset class that fails exactly one rule, and that rule."""

    instrument: Instrument
    line: RuleLine
    usable: bool


@dataclass(frozen=True, slots=True)
class BucketSuggestions:
    """The result for one leaf.

    ``rejected`` and ``unknown`` count, rule by rule, products that fail it and products that lack its fact; one product
    may count under several rules. ``gaps`` say what the bucket lacks (``contents_unknown``, ``nothing_eligible``,
    ``no_prices``, ``short_history``), each with its remedies. ``dataset`` is the one whose prices were judged (``*``
    all, empty none there). ``members`` are the best of each member of a group, such as the defensive sectors, where at
    least two have one.
    """

    path: str
    label: str
    target: float
    considered: int
    rejected: Mapping[str, int]
    unknown: Mapping[str, int]
    suggestions: tuple[Suggestion, ...]
    near_misses: tuple[NearMiss, ...]
    gaps: tuple[Finding, ...]
    rules: Rules = field(default_factory=Rules)
    eligible: int = 0
    dataset: str = ""
    members: tuple[Suggestion, ...] = ()

    @property
    def remedies(self) -> tuple[Remedy, ...]:
        """What would give the bucket a product it can use, the best first."""
        return tuple(fix for gap in self.gaps for fix in gap.fixes if isinstance(fix, Remedy))


def rank(
    framework: Framework,
    universe: Sequence[Instrument],
    coverage: Sequence[Coverage],
    filters: Rules | None = None,
    weights: Mapping[str, float] = DEFAULT,
    *,
    dataset: str = "",
    as_of: date | None = None,
) -> tuple[BucketSuggestions, ...]:
    """The suggestions for each leaf in tree order.

    ``filters`` narrow every bucket; ``weights`` are those of the score's parts; ``dataset`` empty chooses the best one,
    ``*`` takes prices from all. Histories count to ``as_of``, by default the newest price.
    """
    return rank_in(market_of(framework, universe, coverage, filters, as_of, dataset=dataset), framework, weights)


def rank_in(
    market: Market, framework: Framework, weights: Mapping[str, float] = DEFAULT
) -> tuple[BucketSuggestions, ...]:
    """``rank`` in a market made ready before."""
    chosen = market.named or choose_dataset(fits(framework, market))
    asked = leaf_rules(framework)
    found = {rules: _find(rules, market, chosen, weights) for rules in set(asked.values())}
    groups = {rules: _members(rules, market, chosen, weights) for rules in found}
    return tuple(
        replace(
            _bucket(framework, leaf, market, chosen, found[asked[leaf.path]]),
            members=groups[asked[leaf.path]],
        )
        for leaf in leaves(framework)
    )


def _members(rules: Rules, market: Market, dataset: str, weights: Mapping[str, float]) -> tuple[Suggestion, ...]:
    """The best product of each member of the group that the rules ask for, those without prices too; none under two."""
    each = [replace(rules, include_tags=(*rules.include_tags, *tags)) for tags in members(rules.include_tags)]
    best = [next(iter(_find(one, market, dataset, weights).best), None) for one in each]
    known = tuple(suggestion for suggestion in best if suggestion is not None)
    return known if len(known) > 1 else ()


def even_split(bucket: BucketSuggestions) -> tuple[Pick, ...]:
    """The bucket in equal parts over the members of its group."""
    share = 1.0 / max(1, len(bucket.members))
    return tuple(Pick(bucket.path, s.instrument.id, s.instrument.symbol, share) for s in bucket.members)


def best_picks(buckets: Sequence[BucketSuggestions]) -> Mapping[str, tuple[Pick, ...]]:
    """The first suggestion of each bucket, all of it, where that has prices; other buckets stay in cash."""
    first = {bucket.path: bucket.suggestions[0] for bucket in buckets if bucket.suggestions}
    return {
        path: (Pick(path, best.instrument.id, best.instrument.symbol, 1.0),)
        for path, best in first.items()
        if best.usable
    }


@dataclass(frozen=True, slots=True)
class _Found:
    """What some rules find in a market, whichever bucket asks; ``best`` are the first of those eligible."""

    rules: Rules
    considered: int
    rejected: Mapping[str, int]
    unknown: Mapping[str, int]
    best: tuple[Suggestion, ...]
    near_misses: tuple[NearMiss, ...]
    eligible: int


def _find(rules: Rules, market: Market, dataset: str, weights: Mapping[str, float]) -> _Found:
    screened = [(instrument, market.lines(instrument, rules)) for instrument in market.universe]
    passed = [(instrument, lines) for instrument, lines in screened if eligible(lines)]
    failed = [(instrument, lines) for instrument, lines in screened if not eligible(lines)]
    ranked = _ranked(passed, rules, market, dataset, weights)
    return _Found(
        rules=rules,
        considered=len(screened),
        rejected=_counts(failed, False),
        unknown=_counts(failed, None),
        best=ranked[:TOP],
        near_misses=_near(failed, rules, market, dataset),
        eligible=len(ranked),
    )


def _bucket(framework: Framework, leaf: Bucket, market: Market, dataset: str, found: _Found) -> BucketSuggestions:
    lacks = _lacks(leaf, found.best, market, dataset)
    return BucketSuggestions(
        path=leaf.path,
        label=leaf.label,
        target=leaf.target_weight,
        considered=found.considered,
        rejected=found.rejected,
        unknown=found.unknown,
        suggestions=found.best,
        near_misses=found.near_misses,
        gaps=() if lacks is None else (replace(lacks, fixes=remedies(framework, leaf, market, dataset)),),
        rules=found.rules,
        eligible=found.eligible,
        dataset=dataset,
    )


Screened = tuple[Instrument, tuple[RuleLine, ...]]


def _ranked(
    passed: Sequence[Screened], rules: Rules, market: Market, dataset: str, weights: Mapping[str, float]
) -> tuple[Suggestion, ...]:
    """Every eligible product in the order of this module's first paragraph."""
    products = [instrument for instrument, _ in passed]
    columns = parts(products, [market.years(instrument) for instrument in products], rules)
    found = [market.prices(instrument, dataset) for instrument in products]
    suggestions = [
        Suggestion(
            instrument=instrument,
            score=score(column, weights),
            parts=column,
            rules=lines,
            health=check(instrument, prices, market.newest(prices), market.base_ccy),
            usable=prices.usable,
            price_note=prices.note,
        )
        for (instrument, lines), column, prices in zip(passed, columns, found, strict=True)
    ]
    order = {s.instrument.id: tier(s.instrument, prices.usable) for s, prices in zip(suggestions, found, strict=True)}
    return tuple(sorted(suggestions, key=lambda s: (order[s.instrument.id], -round(s.score, 12), s.instrument.symbol)))


def _counts(failed: Sequence[Screened], outcome: bool | None) -> Mapping[str, int]:
    """Products by the rules they fail (False) or lack the fact of (None); once a product and rule."""
    count: Counter[str] = Counter()
    for _, lines in failed:
        verdicts: dict[str, bool | None] = {}
        for line in failing(lines):
            verdicts[line.rule] = False if False in (line.passed, verdicts.get(line.rule)) else None
        count.update(rule for rule, verdict in verdicts.items() if verdict is outcome)
    return dict(sorted(count.items()))


def _near(failed: Sequence[Screened], rules: Rules, market: Market, dataset: str) -> tuple[NearMiss, ...]:
    """Products that fail one rule (of the tags asked, one tag); never the asset class, never on gearing."""
    asked = [canonical(tag) for tag in rules.include_tags]
    found = []
    for instrument, lines in failed:
        missed = failing(lines)
        lacking = [tag for tag in asked if tag not in tags_of(instrument)]
        near = len(missed) == 1 and len(lacking) <= 1 and missed[0].rule != "leveraged"
        if near and not any(kind(tag) == "asset_class" for tag in lacking):
            found.append(NearMiss(instrument, missed[0], market.prices(instrument, dataset).usable))
    return tuple(sorted(found, key=_nearness)[:TOP])


def _nearness(miss: NearMiss) -> tuple[bool, bool, bool, float, str]:
    """A missed limit before a missing tag, usable before not, failed before unknown, then the most traded."""
    tag = miss.line.rule == "include_tags"
    traded = miss.instrument.adv_usd or 0.0
    return (tag, not miss.usable, miss.line.passed is None, -traded, miss.instrument.symbol)


def _lacks(leaf: Bucket, ranked: Sequence[Suggestion], market: Market, dataset: str) -> Finding | None:
    """What is missing in a bucket, without remedies; None when nothing is."""

    def gap(code: str, message: str, fix: str = "Widen its rules, or choose other prices.") -> Finding:
        return Finding(code, Severity.warning, leaf.path, f"{leaf.label}: {message}", fix, step="mapping")

    cash = f"{weight(leaf.target_weight)} stays in cash."
    if UNKNOWN in leaf.rules.include_tags:
        words = f"its name does not say what belongs in it. {cash}"
        return gap("contents_unknown", words, "Say what it holds on the allocation page.")
    if not ranked:
        return gap("nothing_eligible", f"no product passes the rules. {cash}")
    if not ranked[0].usable:
        return gap("no_prices", f"no product with {market.frequency(dataset)}prices. {cash}")
    best: Availability = market.prices(ranked[0].instrument, dataset)
    if best.years < SHORT_YEARS:
        only = f"{ranked[0].instrument.symbol} has only {best.years:.1f} years of prices."
        return gap("short_history", only, "Choose a product or prices with a longer history.")
    return None
