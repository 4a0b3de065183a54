"""Screening: what a bucket's rules say of a product, rule by rule, with the value seen."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from keel.domain.constraints.candidates import Ceiling
from keel.domain.framework.groups import MEMBERS
from keel.domain.framework.rules import Rules, kind
from keel.domain.market.instrument import Coverage, Instrument, derive_tags
from keel.domain.text import slug
from keel.units import DAYS_PER_YEAR

GEARED = ("leveraged", "inverse")
SLICES: Mapping[str, str] = {
    "factor": "style",
    "sector": "sector",
    "area": "area",
    "issuer": "issuer",
    "term": "term",
    "inflation": "inflation",
}
SLICED = {"size:mid": "size", "size:small": "size", "credit:high_yield": "credit"}
SECTOR_GROUPS = {
    tag: group for group, each in MEMBERS.items() if kind(group) == "sector" for member in each for tag in member
}
EXPECTED = ("asset_class", "region")  # facts every product has: when absent they are unknown, not "none"


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One rule and one product: passed, failed, or None when the fact is not known (which fails too)."""

    rule: str
    passed: bool | None
    seen: str
    asked: str = ""


@lru_cache(maxsize=4096)
def canonical(tag: str) -> str:
    """A tag as it is compared: lower case, words joined by underscores.

    >>> canonical("Sector:Real Estate")
    'sector:real_estate'
    """
    return ":".join(slug(part) for part in tag.split(":"))


def tags_of(instrument: Instrument) -> frozenset[str]:
    """Its own tags, those its facts imply (asset class, region, sector and its group, sleeve, factor, gearing), its
    subclass, and the ways in which it is a slice of its market.
    """
    of, words = instrument, (instrument.asset_class, instrument.region, instrument.sector, instrument.sleeve)
    return _tags(words, of.subclass, of.leverage, of.tags)


@lru_cache(maxsize=65_536)  # thousands of products have the same few facts
def _tags(words: tuple[str, str, str, str], subclass: str, leverage: float, own: tuple[str, ...]) -> frozenset[str]:
    asset_class, region, sector, sleeve = words
    implied = derive_tags(
        asset_class=asset_class, region=region, sector=sector, sleeve=sleeve, subclass=subclass, leverage=leverage
    )
    of_subclass = (f"subclass:{slug(subclass)}",) if subclass else ()
    tags = {*implied, *of_subclass, *map(canonical, own)}
    return frozenset(tags | slices(tags) | _groups(tags))


def _groups(tags: Collection[str]) -> set[str]:
    """The group that its sector belongs to, where a product does not say one itself.

    >>> _groups({"sector:utilities"}), _groups({"sector:utilities", "sector:growth"})
    ({'sector:defensive'}, set())
    """
    said = any(tag in SECTOR_GROUPS.values() for tag in tags)
    return set() if said else {SECTOR_GROUPS[tag] for tag in tags if tag in SECTOR_GROUPS}


def slices(tags: Collection[str]) -> set[str]:
    """In which ways a product is a part of its market; a region is one for shares, and for bonds from
    abroad.

    >>> sorted(slices({"asset_class:bonds", "region:us", "issuer:government", "term:long"}))
    ['slice:issuer', 'slice:term']
    """
    kinds = {tag.partition(":")[0] for tag in tags}
    slices = {f"slice:{name}" for of, name in SLICES.items() if of in kinds}
    slices |= {f"slice:{name}" for tag, name in SLICED.items() if tag in tags}
    regional = "asset_class:equity" in tags and "region" in kinds and "region:global" not in tags
    foreign = "asset_class:bonds" in tags and bool({"region:emerging", "region:international"} & set(tags))
    return slices | ({"slice:region"} if regional or foreign else set())


def history_years(instrument: Instrument, own: Iterable[Coverage], as_of: date) -> float | None:
    """Years the product itself has existed at ``as_of``: since inception, else its first own price; None unknown."""
    begun = instrument.inception or min((series.first for series in own), default=None)
    return None if begun is None else max(0.0, (as_of - begun).days / DAYS_PER_YEAR)


def screen(instrument: Instrument, rules: Rules, years: float | None) -> Iterator[RuleLine]:
    """A line for each rule asked, and always one on gearing; ``years`` is the product's history."""
    tags = tags_of(instrument)
    yield from _tag_lines(tags, rules)
    yield from _fact_lines(instrument, rules, years)
    yield _gearing(instrument.leverage, tags, rules.include_tags)


def limit_lines(instrument: Instrument, ceilings: Iterable[Ceiling]) -> Iterator[RuleLine]:
    """A line for each limit of the framework that a product alone can break; a fact that is not known breaks none."""
    for ceiling in ceilings:
        seen = ceiling.seen(instrument)
        words = "not known" if seen is None else ceiling.words(seen)
        yield RuleLine(ceiling.type, ceiling.admits(instrument), words, f"at most {ceiling.words(ceiling.most)}")


def eligible(lines: Iterable[RuleLine]) -> bool:
    """Whether every rule passed; a rule on a missing fact did not."""
    return all(line.passed for line in lines)


def failing(lines: Iterable[RuleLine]) -> Iterator[RuleLine]:
    """The lines that did not pass, those with an unknown fact included."""
    return (line for line in lines if not line.passed)


def dollars(amount: float) -> str:
    """A rough amount in words of three digits.

    >>> dollars(858_836_171), dollars(1.4e9), dollars(26_500)
    ('$859 million', '$1.4 billion', '$26,500')
    """
    if amount >= 1e9:
        return f"${amount / 1e9:,.1f} billion"
    return f"${amount / 1e6:,.0f} million" if amount >= 1e6 else f"${amount:,.0f}"


def percent(fraction: float) -> str:
    """A fee as percent with two decimals."""
    return f"{fraction:.2%}"


def years_text(years: float) -> str:
    """Years with one decimal."""
    return f"{years:.1f} years"


def _tag_lines(tags: frozenset[str], rules: Rules) -> Iterator[RuleLine]:
    if rules.include_tags:
        yield _include(tags, rules.include_tags)
    if rules.exclude_tags:
        yield _exclude(tags, rules.exclude_tags)


def _fact_lines(instrument: Instrument, rules: Rules, years: float | None) -> Iterator[RuleLine]:
    if rules.allowed_types:
        yield _one_of("allowed_types", str(instrument.type), rules.allowed_types)
    if rules.max_expense_ratio is not None:
        yield _at_most("max_expense_ratio", instrument.expense_ratio, rules.max_expense_ratio, percent)
    if rules.min_adv_usd is not None:
        yield _at_least("min_adv_usd", instrument.adv_usd, rules.min_adv_usd, dollars)
    if rules.min_aum_usd is not None:
        yield _at_least("min_aum_usd", instrument.aum_usd, rules.min_aum_usd, dollars)
    if rules.min_history_years is not None:
        yield _at_least("min_history_years", years, rules.min_history_years, years_text)
    if rules.currencies:
        yield _one_of("currencies", instrument.currency, rules.currencies)
    if rules.exclude_symbols:
        passed = instrument.symbol.upper() not in {symbol.upper() for symbol in rules.exclude_symbols}
        yield RuleLine("exclude_symbols", passed, instrument.symbol, f"not {', '.join(rules.exclude_symbols)}")


@lru_cache(maxsize=16_384)  # buckets ask for the same few sets of tags
def _include(tags: frozenset[str], asked: tuple[str, ...]) -> RuleLine:
    missing = [tag for tag in map(canonical, asked) if tag not in tags]
    unknown = [tag for tag in missing if _is_unknown(tag, tags)]
    passed = True if not missing else None if len(unknown) == len(missing) else False
    return RuleLine("include_tags", passed, _alike(tags, asked) or "not known", f"all of {', '.join(asked)}")


def _exclude(tags: frozenset[str], asked: tuple[str, ...]) -> RuleLine:
    found = [tag for tag in map(canonical, asked) if tag in tags]
    unknown = any(_is_unknown(canonical(tag), tags) for tag in asked)
    passed = False if found else None if unknown else True
    seen = ", ".join(found) or ("not known" if unknown else "none of them")
    return RuleLine("exclude_tags", passed, seen, f"none of {', '.join(asked)}")


def _is_unknown(tag: str, tags: frozenset[str]) -> bool:
    """Whether a tag is absent because the product's whole fact is: a product without a region may be anywhere."""
    name = tag.split(":")[0]
    return name in EXPECTED and not any(own.startswith(name + ":") for own in tags)


def _alike(tags: frozenset[str], asked: tuple[str, ...]) -> str:
    """The product's tags of the kinds a rule asks about."""
    names = {canonical(tag).split(":")[0] for tag in asked}
    return ", ".join(sorted(tag for tag in tags if tag.split(":")[0] in names))


def _one_of(rule: str, value: str, allowed: tuple[str, ...]) -> RuleLine:
    passed = value.lower() in {choice.lower() for choice in allowed} if value else None
    return RuleLine(rule, passed, value or "not known", " or ".join(allowed))


def _at_most(rule: str, value: float | None, limit: float, text: Callable[[float], str]) -> RuleLine:
    seen, passed = ("not known", None) if value is None else (text(value), value <= limit)
    return RuleLine(rule, passed, seen, f"at most {text(limit)}")


def _at_least(rule: str, value: float | None, limit: float, text: Callable[[float], str]) -> RuleLine:
    seen, passed = ("not known", None) if value is None else (text(value), value >= limit)
    return RuleLine(rule, passed, seen, f"at least {text(limit)}")


@lru_cache(maxsize=16_384)
def _gearing(leverage: float, tags: frozenset[str], included: tuple[str, ...]) -> RuleLine:
    """A leveraged or inverse product passes only when the rules include each such tag it carries."""
    geared = [tag for tag in GEARED if tag in tags]
    wanted = {canonical(tag) for tag in included}
    seen = f"{leverage:g}×" if geared else "ordinary"
    return RuleLine("leveraged", all(tag in wanted for tag in geared), seen, "no leveraged or inverse product")
