"""What a bucket asks of a product, what it inherits, and which tags a path implies."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

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
_GROUPS = ("defensive", "cyclical", "growth")
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
    "sector": {s: s for s in (*_SECTORS, *_GROUPS)}
    | {"technology": "information_technology", "healthcare": "health_care", "financial_services": "financials"}
    | {"consumer_defensive": "consumer_staples", "consumer_cyclical": "consumer_discretionary"}
    | {"basic_materials": "materials"},
    "factor": _FACTORS,
    "sleeve": {s: s for s in ("core", "satellite", "hedge")},
}
_ALONE = frozenset({*_GROUPS, "core", "satellite", "hedge"})  # words of a dimension that say nothing anywhere else


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
    found: list[str] = []
    for depth in range(2, len(words) + 1):
        for tag in word_tags("/".join(words[:depth])):
            found = [t for t in found if kind(t) == "sector" or kind(t) != kind(tag)] + [tag]
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=16_384)  # a tree asks for those of each bucket again and again
def word_tags(path: str) -> tuple[str, ...]:
    """The tag that the last word of a path implies, if any; a word that is not known implies nothing.

    >>> word_tags("AssetClass/Equity/US"), word_tags("Region/International"), word_tags("AssetClass/Dreams")
    (('region:us',), ('region:international',), ())
    """
    words = path.split("/")
    dimension = _KINDS.get(slug(words[0]).replace("_", "")) if len(words) == 2 else None
    tag = _tag_of(slug(words[-1]), dimension) if len(words) > 1 else ""
    return (tag,) if tag else ()


def _tag_of(word: str, dimension: str | None) -> str:
    if not word:
        return ""
    if dimension:
        value = _WORDS[dimension].get(word)
        return f"{dimension}:{value}" if value else ""
    return next((f"{kind}:{words[word]}" for kind, words in _WORDS.items() if word in words and word not in _ALONE), "")


def combine(implied: Sequence[str], own: Iterable[Rules]) -> Rules:
    """The rules that hold at the end of a line of buckets, the top one first.

    Tags of different kinds and all that is excluded add up; any other rule is the nearest one given. A tag replaces
    those of its kind that come from above, and ``region:any`` takes the region back without asking for another.

    >>> combine(("region:us",), [Rules(include_tags=("asset_class:equity", "region:any"))]).include_tags
    ('asset_class:equity',)
    >>> combine((), [Rules(include_tags=("region:global",)), Rules(include_tags=("region:us",))]).include_tags
    ('region:us',)
    """
    result = Rules()
    asked = tuple(implied)
    for rules in own:
        asked = replaced(asked, rules.include_tags)
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
    return replace(result, include_tags=asked)


def replaced(above: Sequence[str], own: Sequence[str]) -> tuple[str, ...]:
    """The tags that hold below: a bucket's own, and those from above of other kinds.

    >>> replaced(("asset_class:equity", "region:global", "esg"), ("region:any", "factor:value"))
    ('asset_class:equity', 'esg', 'factor:value')
    """
    kinds = {kind(tag) for tag in own if ":" in tag}
    rest = [tag for tag in above if not kind(tag) or kind(tag) not in kinds]
    return _joined(rest, [tag for tag in own if tag.partition(":")[2] != ANY])


def _joined(first: Sequence[str], second: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*first, *second)))


def _nearest(own: float | None, above: float | None) -> float | None:
    return above if own is None else own
