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

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from keel.domain.arrays import Floats, Ints, Mask
from keel.domain.constraints.candidates import Limited, parts_needed
from keel.domain.framework.contents import UNKNOWN
from keel.domain.framework.groups import members
from keel.domain.framework.records import Bucket, Framework
from keel.domain.framework.rules import Rules, kind
from keel.domain.framework.tree import leaf_rules, leaves, line
from keel.domain.issue import Finding, Severity
from keel.domain.mapping.columns import Columns
from keel.domain.mapping.masks import Verdict, counts, once
from keel.domain.mapping.near import admitting, fact_of, loosened
from keel.domain.mapping.order import best, nearest, reached
from keel.domain.mapping.remedies import Remedy, remedies
from keel.domain.mapping.scoring import percentiles, score
from keel.domain.mapping.screening import RuleLine, canonical, failing
from keel.domain.mapping.universe import Limits, Market, fits, market_of
from keel.domain.market.availability import Availability
from keel.domain.market.choice import choose_dataset
from keel.domain.market.instrument import Coverage, Instrument
from keel.domain.market.lines.conversion import lacking_rate
from keel.domain.portfolio.records import Pick
from keel.domain.portfolio.score_weights import PARTS, USUAL, ScoreWeights
from keel.units import SHORT_YEARS, weight

TOP = 5
Parts = Mapping[str, float | None]


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
class NearMiss:
    """A product of the right asset class that fails exactly one rule, and that rule.

    ``limit`` is where the rule, one with a number, would admit it; ``remedy`` asks the bucket for no more than that.
    """

    instrument: Instrument
    line: RuleLine
    usable: bool
    limit: float | None = None
    remedy: Remedy | None = None


@dataclass(frozen=True, slots=True)
class BucketSuggestions:
    """The result for one leaf.

    ``rejected`` and ``unknown`` count, rule by rule, products that fail it and products that lack its fact; one product
    may count under several rules. ``gaps`` say what the bucket lacks (``contents_unknown``, ``too_large_alone``,
    ``nothing_eligible``, ``no_prices``, ``short_history``), each with its remedies. ``dataset`` is the one whose prices
    were judged (``*`` all, empty none there). ``members`` are the best of each member of a group, such as the defensive
    sectors, where at least two have one; else as many of the best as a limit on one product makes it take.
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
    weights: ScoreWeights = USUAL,
    *,
    dataset: str = "",
    as_of: date | None = None,
) -> tuple[BucketSuggestions, ...]:
    """The suggestions for each leaf in tree order.

    ``filters`` narrow every bucket; ``weights`` are those of the score's parts; ``dataset`` empty chooses the best one,
    ``*`` takes prices from all. Histories count to ``as_of``, by default the newest price.
    """
    return rank_in(market_of(framework, universe, coverage, filters, as_of, dataset=dataset), framework, weights)


def rank_in(market: Market, framework: Framework, weights: ScoreWeights = USUAL) -> tuple[BucketSuggestions, ...]:
    """``rank`` in a market made ready before."""
    chosen = market.named or choose_dataset(fits(framework, market))
    asked, buckets = leaf_rules(framework), {bucket.path: bucket for bucket in framework.buckets}
    judge = _Judge(market, chosen, weights.of_parts())
    limited = Limited(framework)
    each = {b.path: (asked[b.path], limited.ceilings(b.path, b.target_weight)) for b in leaves(framework)}
    found = {both: judge.find(*both) for both in set(each.values())}
    return tuple(_bucket(buckets, leaf, judge, found[each[leaf.path]]) for leaf in leaves(framework))


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
    """What some rules and limits find in a market, whichever bucket asks; ``best`` are the first of those eligible."""

    rules: Rules
    limits: Limits
    considered: int
    rejected: Mapping[str, int]
    unknown: Mapping[str, int]
    best: tuple[Suggestion, ...]
    near_misses: tuple[NearMiss, ...]
    eligible: int
    members: tuple[Suggestion, ...]


@dataclass(frozen=True, slots=True)
class _Judge:
    """A market, the dataset whose prices count in it, and the weights of the score."""

    market: Market
    dataset: str
    weights: Mapping[str, float]

    def find(self, rules: Rules, limits: Limits) -> _Found:
        """What the rules and limits find."""
        verdicts = self.market.verdicts(rules, limits)
        eligible = np.flatnonzero(self.market.passing(rules, limits))
        rejected, unknown = counts(verdicts)
        return _Found(
            rules=rules,
            limits=limits,
            considered=len(self.market.universe),
            rejected=rejected,
            unknown=unknown,
            best=self._best(eligible, rules, TOP, limits),
            near_misses=self._near(verdicts, rules),
            eligible=len(eligible),
            members=self._members(rules, limits) or self._split(rules, limits),
        )

    def _members(self, rules: Rules, limits: Limits) -> tuple[Suggestion, ...]:
        """The best product of each member of the group asked for, those without prices too; none under two."""
        others = _of_facts(limits)
        each = [replace(rules, include_tags=(*rules.include_tags, *tags)) for tags in members(rules.include_tags)]
        found = [self._best(np.flatnonzero(self.market.passing(one, others)), one, 1) for one in each]
        known = tuple(suggestion for suggestions in found for suggestion in suggestions)
        return known if len(known) > 1 else ()

    def _split(self, rules: Rules, limits: Limits) -> tuple[Suggestion, ...]:
        """As many of the best as it takes that none is too large alone; none where one may fill the bucket."""
        parts = parts_needed(limits)
        if not 1 < parts <= TOP:
            return ()
        first = self._best(np.flatnonzero(self.market.passing(rules, _of_facts(limits))), rules, parts)
        return first if len(first) == parts else ()

    def _best(self, eligible: Ints, rules: Rules, most: int, limits: Limits = ()) -> tuple[Suggestion, ...]:
        """The first of the eligible places in the order of this module's first paragraph."""
        tiers = self.market.tiers(self.dataset)[eligible]
        among = reached(tiers, most)
        places = eligible[among]
        parts = self._parts(eligible, among, rules)
        scores = score(parts, self.weights)
        first = best(tiers[among], scores, self.market.columns.by_symbol[places], most)
        return tuple(
            self._suggestion(
                int(places[n]),
                (rules, limits),
                float(scores[n]),
                {name: _plain(part[n]) for name, part in parts.items()},
            )
            for n in first.tolist()
        )

    def _parts(self, eligible: Ints, among: Ints, rules: Rules) -> Mapping[str, Floats]:
        """The parts of the scores of some of the eligible places, by their positions, compared with all of these."""
        columns = self.market.columns
        kinds = frozenset(canonical(tag).split(":")[0] for tag in rules.include_tags)
        codes = {**columns.codes, "fit": columns.fit(kinds)}
        known = {name: codes[name][eligible] for name in PARTS}
        return {name: percentiles(of_all, of_all[among]) for name, of_all in known.items()}

    def _suggestion(self, place: int, asked: tuple[Rules, Limits], points: float, parts: Parts) -> Suggestion:
        instrument, prices = self.market.universe[place], self.market.priced(place, self.dataset)
        lines = tuple(self.market.lines(instrument, *asked))
        return Suggestion(instrument, points, parts, lines, prices.health, prices.usable, prices.price_note)

    def _near(self, verdicts: Sequence[Verdict], rules: Rules) -> tuple[NearMiss, ...]:
        """Products that fail one rule (of the tags asked, one tag); never the asset class, never on gearing."""
        places = np.flatnonzero(once(verdicts) & self._one_tag_short(rules))
        classes = self._farness(verdicts)[places].astype(np.int64)
        first = places[nearest(classes, self.market.columns.by_volume[places], TOP)]
        usable = self.market.usable(self.dataset)[first].tolist()
        return tuple(self._near_miss(*near, rules) for near in zip(first.tolist(), usable, strict=True))

    def _farness(self, verdicts: Sequence[Verdict]) -> NDArray[np.int8]:
        """The class of each place: a missed limit before a missing tag, usable before not, failed before unknown."""
        classes = (~self.market.usable(self.dataset)).astype(np.int8) * 2
        for verdict in verdicts:
            classes += verdict.unknown
            if verdict.rule == "include_tags":
                classes += verdict.failing.astype(np.int8) * 4
        return classes

    def _one_tag_short(self, rules: Rules) -> Mask:
        """Where at most one of the tags asked is missing, and not the asset class."""
        columns, asked = self.market.columns, tuple(canonical(tag) for tag in rules.include_tags)
        return columns.recall(("one tag short", asked), lambda: _short(columns, asked) <= 1)

    def _near_miss(self, place: int, usable: bool, rules: Rules) -> NearMiss:
        instrument = self.market.universe[place]
        line = next(failing(self.market.lines(instrument, rules)))
        limit = loosened(line.rule, fact_of(line.rule, instrument, self.market.years(instrument)))
        return NearMiss(instrument, line, usable, limit)


def _short(columns: Columns, asked: Sequence[str]) -> Ints:
    """How many tags each place lacks; an asset class counts as two."""
    lacking = np.zeros(len(columns.universe), dtype=np.int64)
    for tag in asked:
        lacking += ~columns.tagged(tag) * (2 if kind(tag) == "asset_class" else 1)
    return lacking


def _of_facts(limits: Limits) -> Limits:
    """The limits that hold for each part of a bucket as for the whole: how large one is they do not ask."""
    return tuple(limit for limit in limits if limit.alone.fact != "weight")


def _plain(part: float) -> float | None:
    """A part of a score as plain values have it: None for NaN."""
    return None if np.isnan(part) else float(part)


def _near_misses(buckets: Mapping[str, Bucket], leaf: Bucket, found: _Found) -> tuple[NearMiss, ...]:
    """Those of its rules, each with what would let this leaf take it."""
    above = [buckets[path] for path in reversed(line(leaf.path)) if path in buckets]
    return tuple(
        replace(miss, remedy=admitting(above, miss.line.rule, miss.instrument, miss.limit))
        for miss in found.near_misses
    )


def _bucket(buckets: Mapping[str, Bucket], leaf: Bucket, judge: _Judge, found: _Found) -> BucketSuggestions:
    market, dataset = judge.market, judge.dataset
    lacks = _lacks(leaf, found, market, dataset)
    return BucketSuggestions(
        path=leaf.path,
        label=leaf.label,
        target=leaf.target_weight,
        considered=found.considered,
        rejected=found.rejected,
        unknown=found.unknown,
        suggestions=found.best,
        near_misses=_near_misses(buckets, leaf, found),
        gaps=() if lacks is None else (replace(lacks, fixes=remedies(buckets, leaf, market, dataset, found.limits)),),
        rules=found.rules,
        eligible=found.eligible,
        dataset=dataset,
        members=found.members,
    )


def _lacks(leaf: Bucket, found: _Found, market: Market, dataset: str) -> Finding | None:
    """What is missing in a bucket, without remedies; None when nothing is."""
    ranked = found.best

    def gap(code: str, message: str, fix: str = "Widen its rules, or choose other prices.") -> Finding:
        return Finding(code, Severity.warning, leaf.path, f"{leaf.label}: {message}", fix, step="mapping")

    cash = f"{weight(leaf.target_weight)} stays in cash."
    beside = "" if market.filters == Rules() else " and the filters"
    if UNKNOWN in leaf.rules.include_tags:
        words = f"its name does not say what belongs in it. {cash}"
        return gap("contents_unknown", words, "Say what it holds on the allocation page.")
    if parts_needed(found.limits) > 1:
        words = (
            f"one product alone is too large for a limit: split it over {parts_needed(found.limits)} or more. {cash}"
        )
        return gap("too_large_alone", words, "Split the bucket over several products, or change the limit.")
    if not ranked:
        return gap("nothing_eligible", f"no product passes the rules{beside}. {cash}")
    best = ranked[0].instrument
    if not ranked[0].usable:
        symbol, currency = market.unreached(best)
        if currency:
            fix = lacking_rate(currency, market.base_ccy)
            return gap("no_prices", f"{symbol} is in {currency}. {fix} {cash}", fix)
        return gap("no_prices", f"no product with {market.frequency(dataset)}prices. {cash}")
    prices: Availability = market.prices(best, dataset)
    if prices.years < SHORT_YEARS:
        only = f"{best.symbol} has only {prices.years:.1f} years of prices."
        return gap("short_history", only, "Choose a product or prices with a longer history.")
    return None
