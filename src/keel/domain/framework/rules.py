"""What a bucket asks of a product, what it inherits, and which tags a path implies."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from keel.domain.text import slug


@dataclass(frozen=True, slots=True)
class Rules:
    """A bucket's own mapping rules; None or empty means "not asked here" and the parent's applies.

    ``include_tags``: all must be present. ``exclude_tags``: none may be. Ratios are fractions, amounts
    US dollars, history calendar years.
    """

    include_tags: tuple[str, ...] = ()
    exclude_tags: tuple[str, ...] = ()
    allowed_types: tuple[str, ...] = ()
    min_adv_usd: float | None = None
    max_expense_ratio: float | None = None
    min_history_years: float | None = None
    min_aum_usd: float | None = None
    currencies: tuple[str, ...] = ()
    exclude_symbols: tuple[str, ...] = ()


ANY = "any"  # ``region:any`` takes back the region a path implies

_KINDS = {
    "assetclass": "asset_class",
    "class": "asset_class",
    "region": "region",
    "geography": "region",
    "sector": "sector",
    "sleeve": "sleeve",
    "factor": "factor",
}
_ASSET_CLASSES = {
    "equity": "equity",
    "equities": "equity",
    "stocks": "equity",
    "bonds": "bonds",
    "bond": "bonds",
    "fixed_income": "bonds",
    "alternatives": "alternatives",
    "cash": "cash",
}
_REGIONS = {
    "us": "us",
    "usa": "us",
    "united_states": "us",
    "international": "international",
    "international_developed": "international",
    "developed_ex_us": "international",
    "emerging": "emerging",
    "emerging_markets": "emerging",
    "em": "emerging",
    "global": "global",
    "world": "global",
}
_SECTORS = (
    "communication_services",
    "consumer_discretionary",
    "consumer_staples",
    "energy",
    "financials",
    "health_care",
    "industrials",
    "information_technology",
    "materials",
    "real_estate",
    "utilities",
)
_FACTORS = {
    "value": "value",
    "momentum": "momentum",
    "quality": "quality",
    "minvol": "minvol",
    "min_vol": "minvol",
    "minimum_volatility": "minvol",
    "low_volatility": "minvol",
}
_WORDS: dict[str, dict[str, str]] = {
    "asset_class": _ASSET_CLASSES,
    "region": _REGIONS,
    "sector": {s: s for s in _SECTORS} | {"technology": "information_technology", "healthcare": "health_care"},
    "factor": _FACTORS,
}


def kind(tag: str) -> str:
    """The part of a tag before the colon, empty for a bare word.

    >>> kind("region:us"), kind("leveraged")
    ('region', '')
    """
    return tag.partition(":")[0] if ":" in tag else ""


def path_tags(path: str) -> tuple[str, ...]:
    """The tags a path implies: the dimension's word at the top, well-known words below.

    A deeper word replaces a higher one of its kind, except for sectors, where a product carries several.

    >>> path_tags("AssetClass/Bonds"), path_tags("Region/US"), path_tags("AssetClass/Equity/US/Large")
    (('asset_class:bonds',), ('region:us',), ('asset_class:equity', 'region:us'))
    """
    words = path.split("/")
    dimension = _KINDS.get(slug(words[0]).replace("_", ""))
    found: list[str] = []
    for depth, word in enumerate(words[1:]):
        tag = _tag_of(slug(word), dimension if depth == 0 else None)
        if tag:
            found = [t for t in found if kind(t) == "sector" or kind(t) != kind(tag)] + [tag]
    return tuple(dict.fromkeys(found))


def _tag_of(word: str, dimension: str | None) -> str:
    if not word:
        return ""
    if dimension:
        return f"{dimension}:{_WORDS.get(dimension, {}).get(word, word)}"
    return next((f"{kind}:{words[word]}" for kind, words in _WORDS.items() if word in words), "")


def combine(implied: Sequence[str], own: Iterable[Rules]) -> Rules:
    """The rules that hold at the end of a line of buckets, the top one first.

    Tags and excluded symbols add up; any other rule is the nearest one given. A tag that is asked for replaces the
    implied tag of its kind, and ``region:any`` takes the implied region back without asking for another.

    >>> combine(("region:us",), [Rules(include_tags=("asset_class:equity", "region:any"))]).include_tags
    ('asset_class:equity',)
    """
    result = Rules()
    asked: tuple[str, ...] = ()
    for rules in own:
        asked = (*asked, *rules.include_tags)
        result = replace(
            result,
            exclude_tags=_joined(result.exclude_tags, rules.exclude_tags),
            exclude_symbols=_joined(result.exclude_symbols, rules.exclude_symbols),
            allowed_types=rules.allowed_types or result.allowed_types,
            currencies=rules.currencies or result.currencies,
            min_adv_usd=_nearest(rules.min_adv_usd, result.min_adv_usd),
            max_expense_ratio=_nearest(rules.max_expense_ratio, result.max_expense_ratio),
            min_history_years=_nearest(rules.min_history_years, result.min_history_years),
            min_aum_usd=_nearest(rules.min_aum_usd, result.min_aum_usd),
        )
    kinds = {kind(tag) for tag in asked if ":" in tag}
    kept = [tag for tag in implied if kind(tag) not in kinds]
    return replace(result, include_tags=_joined(kept, [t for t in asked if t.partition(":")[2] != ANY]))


def _joined(first: Sequence[str], second: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*first, *second)))


def _nearest(own: float | None, above: float | None) -> float | None:
    return above if own is None else own
