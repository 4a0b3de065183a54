"""The choices that say what is in a bucket, what they are called, and which belong to which asset class."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from keel.domain.framework.rules import kind

CLASS = "asset_class"


@dataclass(frozen=True, slots=True)
class Choice:
    """One question about contents: its tags' kind, what it is called, and its answers by the tag's value."""

    kind: str
    label: str
    answers: Mapping[str, str]


EQUITY, BONDS, CASH, ALTERNATIVES = "equity", "bonds", "cash", "alternatives"
CHOICES = (
    Choice(
        CLASS,
        "What it holds",
        {EQUITY: "Shares", BONDS: "Bonds", CASH: "Cash", ALTERNATIVES: "Alternatives"},
    ),
    Choice(
        "region",
        "Where",
        {"us": "US", "international": "International", "emerging": "Emerging markets", "global": "World"},
    ),
    Choice(
        "area",
        "Country or area",
        {
            "europe": "Europe",
            "eurozone": "Euro area",
            "united_kingdom": "United Kingdom",
            "germany": "Germany",
            "france": "France",
            "switzerland": "Switzerland",
            "japan": "Japan",
            "pacific": "Pacific",
            "pacific_ex_japan": "Pacific without Japan",
            "asia": "Asia",
            "asia_ex_japan": "Asia without Japan",
            "china": "China",
            "india": "India",
            "latin_america": "Latin America",
        },
    ),
    Choice("size", "Companies", {"large": "Large", "mid": "Medium-sized", "small": "Small"}),
    Choice(
        "factor",
        "Style",
        {
            "value": "Value",
            "growth": "Growth",
            "momentum": "Momentum",
            "quality": "Quality",
            "minvol": "Low volatility",
            "dividend": "Dividends",
            "equal_weight": "Equal weights",
            "size": "Smaller companies",
        },
    ),
    Choice(
        "sector",
        "Sector",
        {
            "communication_services": "Communication services",
            "consumer_discretionary": "Consumer discretionary",
            "consumer_staples": "Consumer staples",
            "energy": "Energy",
            "financials": "Financials",
            "health_care": "Health care",
            "industrials": "Industrials",
            "information_technology": "Technology",
            "materials": "Materials",
            "real_estate": "Real estate",
            "utilities": "Utilities",
            "defensive": "Defensive sectors",
            "cyclical": "Cyclical sectors",
            "growth": "Growth sectors",
        },
    ),
    Choice(
        "issuer",
        "Issuer",
        {
            "government": "Governments",
            "corporate": "Companies",
            "municipal": "US states and cities",
            "securitised": "Mortgages and other loans",
            "convertible": "Convertible bonds",
            "loans": "Bank loans",
        },
    ),
    Choice("credit", "Credit", {"investment_grade": "Investment grade", "high_yield": "High yield"}),
    Choice(
        "term",
        "Term",
        {
            "ultra_short": "Under a year",
            "short": "Up to 5 years",
            "intermediate": "5 to 10 years",
            "long": "Over 10 years",
        },
    ),
    Choice("inflation", "Inflation", {"linked": "Linked to inflation"}),
    Choice("hedge", "Currency", {"hedged": "Hedged"}),
    Choice("money", "Paid in", {"local": "Local currency"}),
    Choice(
        "what",
        "Kind",
        {
            "gold": "Gold",
            "silver": "Silver",
            "precious_metals": "Precious metals",
            "commodities": "Commodities",
            "real_estate": "Real estate",
            "hedge_funds": "Hedge funds",
            "managed_futures": "Trend following",
            "private_equity": "Private equity",
            "private_credit": "Private credit",
            "infrastructure": "Infrastructure",
            "crypto": "Crypto",
            "insurance_linked": "Insurance-linked",
            "volatility": "Volatility",
            "timber": "Timber, land and collectibles",
            "gold_miners": "Gold miners",
            "clean_energy": "Clean energy and water",
        },
    ),
    Choice("sleeve", "Part of the portfolio", {"core": "Core", "satellite": "Satellite", "hedge": "Protection"}),
)
PROPER = frozenset({"US", "US states and cities"}).union(*(c.answers.values() for c in CHOICES if c.kind == "area"))
SLICED_BY = {
    "size": "medium-sized and small companies",
    "style": "funds of one style",
    "sector": "funds of one sector",
    "area": "funds of one country or area",
    "region": "funds of one region",
    "issuer": "funds of one kind of issuer",
    "credit": "high-yield bonds",
    "term": "funds of one term",
    "inflation": "inflation-linked bonds",
}
KINDS = tuple(choice.kind for choice in CHOICES)
ASKED: Mapping[str, frozenset[str]] = {
    EQUITY: frozenset({CLASS, "region", "area", "size", "factor", "sector", "what", "sleeve", "hedge"}),
    BONDS: frozenset({CLASS, "region", "area", "issuer", "credit", "term", "inflation", "hedge", "money", "sleeve"}),
    CASH: frozenset({CLASS, "area"}),
    ALTERNATIVES: frozenset({CLASS, "region", "area", "what", "sleeve"}),
}
NARROW = frozenset(
    {"area", "size", "factor", "sector", "issuer", "credit", "term", "inflation", "hedge", "money", "what"}
)
# What the choices of a class are, in their order; the rest is for rules.
OFFERED: Mapping[str, tuple[str, ...]] = {
    EQUITY: ("region", "area", "size", "factor", "sector"),
    BONDS: ("region", "area", "issuer", "credit", "term", "inflation", "hedge"),
    CASH: (),
    ALTERNATIVES: ("what",),
}
# By which kinds a product may be a slice of what a bucket asks: any of these asked for lets the slice in.
SLICES: Mapping[str, Mapping[str, frozenset[str]]] = {
    EQUITY: {
        "size": frozenset({"size"}),
        "style": frozenset({"factor"}),
        "sector": frozenset({"sector", "what", "factor"}),
        "area": frozenset({"area", "what", "sector"}),
        "region": frozenset({"region", "area", "sector", "factor", "size", "what"}),
    },
    BONDS: {
        "issuer": frozenset({"issuer", "credit", "term", "inflation", "region", "money"}),
        "credit": frozenset({"credit"}),
        "term": frozenset({"term"}),
        "inflation": frozenset({"inflation"}),
        "region": frozenset({"region", "area", "hedge", "money"}),
        "area": frozenset({"area"}),
    },
    CASH: {},
    ALTERNATIVES: {},
}


def class_of(tags: Iterable[str]) -> str:
    """The asset class that tags name, empty for none.

    >>> class_of(("region:us", "asset_class:equity"))
    'equity'
    """
    return next((tag.partition(":")[2] for tag in tags if kind(tag) == CLASS), "")


def in_words(tags: Iterable[str]) -> str:
    """Contents as a person reads them, the class first; empty for none.

    >>> in_words(("asset_class:equity", "region:us", "sleeve:core"))
    'Shares, US, core'
    >>> in_words(("asset_class:bonds", "inflation:linked"))
    'Bonds, linked to inflation'
    """
    said = {kind(tag): tag.partition(":")[2] for tag in tags}
    silent = {"region"} if "area" in said else set()
    silent |= {CLASS, "sector"} if "what" in said and said.get(CLASS) == ALTERNATIVES else set()
    words = [answer(name, said[name]) for name in KINDS if name in said and name not in silent]
    return ", ".join(word if n == 0 else _inside(word) for n, word in enumerate(words))


def in_a_sentence(name: str, value: str) -> str:
    """What a tag's value is called inside a sentence.

    >>> in_a_sentence("issuer", "government"), in_a_sentence("issuer", "municipal")
    ('governments', 'US states and cities')
    """
    return _inside(answer(name, value))


def _inside(word: str) -> str:
    return word if word in PROPER else word[:1].lower() + word[1:]


def kept_out(tag: str) -> str:
    """What a tag keeps out, in words.

    >>> kept_out("slice:term"), kept_out("esg")
    ('funds of one term', 'esg')
    """
    name = tag.partition(":")[2].replace("_", " ")
    return SLICED_BY.get(name, name) if kind(tag) == "slice" else name or tag


def answer(name: str, value: str) -> str:
    """What a tag's value is called.

    >>> answer("region", "us"), answer("area", "peru"), answer("sector", "information_technology")
    ('US', 'Peru', 'Technology')
    """
    known = next((choice.answers for choice in CHOICES if choice.kind == name), {})
    return known.get(value, value.replace("_", " ").capitalize())
