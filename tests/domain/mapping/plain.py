"""Mapping written plainly, one product and rule at a time: what the columns must agree with, slow and easy to check."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date

from keel.domain.framework.choices import in_a_sentence, kept_out
from keel.domain.framework.contents import UNKNOWN
from keel.domain.framework.groups import members
from keel.domain.framework.records import Bucket, Framework
from keel.domain.framework.rules import ANY, Rules, kind, path_tags
from keel.domain.framework.tree import effective_rules, find, leaf_rules, leaves, line
from keel.domain.issue import Finding, Severity
from keel.domain.mapping.matching import TOP, BucketSuggestions, NearMiss, Parts, Suggestion
from keel.domain.mapping.remedies import KEPT, PLURALS, Remedy, widened
from keel.domain.mapping.scoring import BROAD
from keel.domain.mapping.screening import (
    GEARED,
    RuleLine,
    canonical,
    dollars,
    eligible,
    failing,
    history_years,
    percent,
    screen,
    tags_of,
    years_text,
)
from keel.domain.market.availability import Availability, availability, describe
from keel.domain.market.choice import (
    ANY_DATASET,
    Basis,
    DatasetFit,
    Index,
    Need,
    by_symbol,
    choose_dataset,
    dataset_fits,
    spans,
    tier,
)
from keel.domain.market.health import check
from keel.domain.market.instrument import Coverage, Instrument, InstrumentType
from keel.domain.market.lines.conversion import Money, apart, lacking_rate
from keel.domain.text import slug
from keel.units import SHORT_YEARS, weight


@dataclass(frozen=True, slots=True)
class Market:
    """The universe, its price series, the date histories are counted to, and the caveats of symbols that have one.

    ``named`` is the dataset a person asked for (``*`` all); where it is empty, their own series
    come before a dataset's. What passes is remembered by the rules asked: large trees mostly repeat them.
    """

    universe: tuple[Instrument, ...]
    index: Index
    spans: tuple[Coverage, ...]
    as_of: date
    base_ccy: str
    filters: Rules
    named: str = ""
    caveats: Mapping[str, str] = field(default_factory=dict)
    _passing: dict[Rules, tuple[Instrument, ...]] = field(default_factory=dict, repr=False, compare=False)

    def prices(self, instrument: Instrument, dataset: str) -> Availability:
        """The series that can stand for an instrument in a study of this currency."""
        if instrument.currency and instrument.currency != self.base_ccy:
            return Availability(None, False, apart(instrument.currency, self.base_ccy))
        found = availability(instrument, self.index, self.basis(dataset))
        stands_in = next((i.currency for i in self.universe if i.symbol == instrument.proxy), instrument.currency)
        if found.proxied and stands_in and stands_in != self.base_ccy:
            return Availability(None, False, apart(stands_in, self.base_ccy))
        return replace(found, caveat=self.caveats.get(instrument.proxy, "")) if found.proxied else found

    def basis(self, dataset: str) -> Basis:
        """What the series of a dataset are taken by; ``*`` is all of them."""
        return Basis("" if dataset == ANY_DATASET else dataset, named=bool(self.named))

    def years(self, instrument: Instrument) -> float | None:
        """The history of a product at the market's date."""
        return history_years(instrument, self.index.get(instrument.symbol, ()), self.as_of)

    def newest(self, found: Availability) -> date | None:
        """The last date of the dataset a series belongs to."""
        return next((span.last for span in self.spans if found.series and span.dataset == found.series.dataset), None)

    def frequency(self, dataset: str) -> str:
        """The dataset's frequency and a space, to stand before "prices"; empty for none or all of them."""
        return next((f"{span.frequency} " for span in self.spans if span.dataset == dataset), "")

    def lines(self, instrument: Instrument, rules: Rules) -> tuple[RuleLine, ...]:
        """The lines of the bucket's rules and then of the filters; gearing is the bucket's alone to allow."""
        years = self.years(instrument)
        if self.filters == Rules():
            return tuple(screen(instrument, rules, years))
        narrowed = (line for line in screen(instrument, self.filters, years) if line.rule != "leveraged")
        return (*screen(instrument, rules, years), *narrowed)

    def passing(self, rules: Rules) -> tuple[Instrument, ...]:
        """The products that pass the rules and the filters."""
        if rules not in self._passing:
            self._passing[rules] = tuple(i for i in self.universe if eligible(self.lines(i, rules)))
        return self._passing[rules]


def market_of(
    framework: Framework,
    universe: Sequence[Instrument],
    coverage: Sequence[Coverage],
    filters: Rules | None = None,
    as_of: date | None = None,
    *,
    dataset: str = "",
) -> Market:
    """Universe and prices made ready for many questions; ``dataset`` is one that a person named."""
    begun = [i.inception for i in universe if i.inception]
    newest = as_of or max((series.last for series in coverage), default=None) or max(begun, default=date(2000, 1, 1))
    caveats = {i.symbol: i.caveat for i in universe if i.caveat}
    index, held = by_symbol(coverage), spans(coverage)
    return Market(tuple(universe), index, held, newest, framework.base_ccy, filters or Rules(), dataset, caveats)


def fits(framework: Framework, market: Market) -> tuple[DatasetFit, ...]:
    """How each dataset serves the products that pass the framework's rules, best dataset first."""
    asked = leaf_rules(framework)
    money, passing = Money(market.base_ccy), {leaf.path: market.passing(asked[leaf.path]) for leaf in leaves(framework)}

    def fit(span: Coverage) -> DatasetFit:
        usable = {p: tuple(i for i in of if market.prices(i, span.dataset).usable) for p, of in passing.items()}
        needs = [Need(leaf.label, leaf.target_weight, usable[leaf.path]) for leaf in leaves(framework)]
        return dataset_fits(needs, market.index, [span], money=money, named=bool(market.named))[0]

    return tuple(fit(span) for span in market.spans)


def rank(
    framework: Framework,
    universe: Sequence[Instrument],
    coverage: Sequence[Coverage],
    filters: Rules | None,
    weights: Mapping[str, float],
    *,
    dataset: str = "",
    as_of: date | None = None,
) -> tuple[BucketSuggestions, ...]:
    """The suggestions for each leaf in tree order.

    ``filters`` narrow every bucket; ``weights`` are those of the score's parts; ``dataset`` empty chooses the best one,
    ``*`` takes prices from all. Histories count to ``as_of``, by default the newest price.
    """
    return rank_in(market_of(framework, universe, coverage, filters, as_of, dataset=dataset), framework, weights)


def rank_in(market: Market, framework: Framework, weights: Mapping[str, float]) -> tuple[BucketSuggestions, ...]:
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
            health=check(instrument, prices, market.newest(prices), Money(market.base_ccy)),
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
        for each in failing(lines):
            verdicts[each.rule] = False if False in (each.passed, verdicts.get(each.rule)) else None
        count.update(rule for rule, verdict in verdicts.items() if verdict is outcome)
    return dict(sorted(count.items()))


def _near(failed: Sequence[Screened], rules: Rules, market: Market, dataset: str) -> tuple[NearMiss, ...]:
    """Products that fail one rule (of the tags asked, one tag); never the asset class, never on gearing."""
    asked = [canonical(tag) for tag in rules.include_tags]
    found = []
    for instrument, lines in failed:
        missed = tuple(failing(lines))
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
    beside = "" if market.filters == Rules() else " and the filters"
    if UNKNOWN in leaf.rules.include_tags:
        words = f"its name does not say what belongs in it. {cash}"
        return gap("contents_unknown", words, "Say what it holds on the allocation page.")
    if not ranked:
        return gap("nothing_eligible", f"no product passes the rules{beside}. {cash}")
    if not ranked[0].usable:
        best = ranked[0].instrument
        stands_in = next((i.currency for i in market.universe if i.symbol == best.proxy), best.currency)
        for symbols, named, currency in (
            ((best.symbol, best.proxy), best.symbol, best.currency),
            ((best.proxy,), best.proxy, stands_in),
        ):
            if currency not in ("", market.base_ccy) and any(symbol in market.index for symbol in symbols):
                fix = lacking_rate(currency, market.base_ccy)
                return gap("no_prices", f"{named} is in {currency}. {fix} {cash}", fix)
        return gap("no_prices", f"no product with {market.frequency(dataset)}prices. {cash}")
    prices: Availability = market.prices(ranked[0].instrument, dataset)
    if prices.years < SHORT_YEARS:
        only = f"{ranked[0].instrument.symbol} has only {prices.years:.1f} years of prices."
        return gap("short_history", only, "Choose a product or prices with a longer history.")
    return None


def parts(eligible: Sequence[Instrument], years: Sequence[float | None], rules: Rules) -> tuple[Parts, ...]:
    """The parts of each eligible product, in their order; ``years`` are their histories."""
    columns = {
        "cost": percentiles([None if i.expense_ratio is None else -i.expense_ratio for i in eligible]),
        "liquidity": percentiles([i.adv_usd for i in eligible]),
        "history": percentiles(years),
        "fit": percentiles([fit(i, rules) for i in eligible]),
        "size": percentiles([i.aum_usd for i in eligible]),
    }
    return tuple({name: column[n] for name, column in columns.items()} for n in range(len(eligible)))


def percentiles(facts: Sequence[float | None]) -> tuple[float | None, ...]:
    """For each fact, of the other known ones that differ, the share that are smaller; 1 when none differs.

    None stays None.
    """
    known = sorted(fact for fact in facts if fact is not None)
    return tuple(None if fact is None else _percentile(fact, known) for fact in facts)


def _percentile(fact: float, known: Sequence[float]) -> float:
    """The share for one of the facts in ``known``, which are sorted: a pass over all for each is 50,000 passes."""
    smaller = bisect_left(known, fact)
    differ = len(known) - (bisect_right(known, fact) - smaller)
    return smaller / differ if differ else 1.0


def score(found: Parts, weights: Mapping[str, float]) -> float:
    """The weighted mean of the parts present; 0 when none is."""
    present = [(weights.get(name, 0.0), part) for name, part in found.items() if part is not None]
    total = sum(weight for weight, _ in present)
    return sum(weight * part for weight, part in present) / total if total > 0 else 0.0


def fit(instrument: Instrument, rules: Rules) -> float:
    """How closely a product is what the bucket asks: asked / (asked + narrower), in (0, 1].

    *asked* counts the bucket's include tags (at least 1); an eligible product carries them all. *narrower* counts the
    ways in which the product is a slice of what was asked: a sector, a factor or a region (other than global) that the
    bucket did not ask for; a subclass that is not the broad market; a sleeve other than core; a single company counts
    twice. So a total-market fund fits "equity" better than a sector fund, and a sector fund fits "sector:energy" better
    than a stock.
    """
    asked = {canonical(tag) for tag in rules.include_tags}
    return max(1, len(asked)) / (max(1, len(asked)) + _narrower(instrument, asked))


def _narrower(instrument: Instrument, asked: set[str]) -> int:
    tags = tags_of(instrument)
    asked_names = {tag.split(":")[0] for tag in asked}
    kinds = {tag.split(":")[0] for tag in tags}
    slices = [
        "sector" in kinds and "sector" not in asked_names,
        "factor" in kinds and "factor" not in asked_names,
        "region" not in asked_names and instrument.region not in ("", "Global"),
        "subclass" not in asked_names and bool(instrument.subclass) and slug(instrument.subclass) not in BROAD,
        "sleeve" not in asked_names and instrument.sleeve not in ("", "Core"),
    ]
    return sum(slices) + 2 * (instrument.type is InstrumentType.stock)


def remedies(framework: Framework, leaf: Bucket, market: Market, dataset: str) -> tuple[Remedy, ...]:
    """What would give the leaf a usable product: other datasets first, then rules to drop, most admitted first."""
    return (*_datasets(framework, leaf, market, dataset), *_rules(framework, leaf, market, dataset))


def _datasets(framework: Framework, leaf: Bucket, market: Market, dataset: str) -> Iterator[Remedy]:
    passing = market.passing(effective_rules(framework, leaf.path))
    for span in market.spans:
        admits = _usable(passing, replace(market, named=span.dataset), span.dataset)
        if span.dataset != dataset and admits:
            yield Remedy(label=f"Use prices {describe(span)}", admits=admits, dataset=span.dataset)


def _rules(framework: Framework, leaf: Bucket, market: Market, dataset: str) -> list[Remedy]:
    before = set(market.passing(effective_rules(framework, leaf.path)))
    found = []
    for label, path, rules in _edits(framework, leaf):
        after = widened(framework, Remedy(label=label, admits=0, path=path, rules=rules))
        gained = [i for i in market.passing(effective_rules(after, leaf.path)) if i not in before]
        admits = _usable(gained, market, dataset) if market.spans else len(gained)
        if admits:
            found.append(Remedy(label=label, admits=admits, path=path, rules=rules))
    return sorted(found, key=lambda remedy: -remedy.admits)


def _edits(framework: Framework, leaf: Bucket) -> Iterator[tuple[str, str, Rules]]:
    """Each single rule that could be dropped: the words of its button, and the bucket and rules that drop it."""
    for path in reversed(line(leaf.path)):
        bucket = find(framework, path)
        if bucket is None:
            continue
        where = "" if path == leaf.path else f" for all of {bucket.label}"
        for words, rules in (*_dropped_tags(bucket.rules, path), *_dropped_facts(bucket.rules)):
            yield words + where, path, rules
    implied = [tag for tag in path_tags(leaf.path) if kind(tag) not in KEPT]
    for tag in implied:
        if tag in effective_rules(framework, leaf.path).include_tags:
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
    """What dropping a tag does, in words."""
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
    for own in fields(Rules):
        value = getattr(rules, own.name)
        if own.name not in ("include_tags", "exclude_tags") and value != getattr(empty, own.name):
            yield _words(own.name, rules), replace(rules, **{own.name: getattr(empty, own.name)})


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


def _usable(instruments: tuple[Instrument, ...] | list[Instrument], market: Market, dataset: str) -> int:
    return sum(market.prices(i, dataset).usable for i in instruments)
