"""Buckets that are named for a group of sectors or of funds, and what is said when one product stands for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from keel.domain.framework.records import Framework
from keel.domain.framework.rules import kind
from keel.domain.framework.tree import leaf_rules, leaves

GROUPS: Mapping[str, str] = {
    "sector:defensive": "several sectors",
    "sector:cyclical": "several sectors",
    "sector:growth": "several sectors",
    "sleeve:satellite": "several funds",
    "sleeve:hedge": "several funds",
}


# The members of a group, each by the tags that a product of it carries.
MEMBERS: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "sector:defensive": (("sector:consumer_staples",), ("sector:health_care",), ("sector:utilities",)),
    "sector:cyclical": (
        ("sector:consumer_discretionary",),
        ("sector:financials",),
        ("sector:industrials",),
        ("sector:materials",),
        ("sector:energy",),
    ),
    "sector:growth": (("sector:information_technology",), ("sector:communication_services",)),
    "sleeve:hedge": (("what:gold",), ("issuer:government", "term:long"), ("what:managed_futures",)),
}


def members(asked: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """The members of the group that these tags ask for, none for what is no group.

    >>> members(("asset_class:equity", "sector:growth"))
    (('sector:information_technology',), ('sector:communication_services',))
    """
    if any(kind(tag) in ("sector", "factor", "what") and tag not in GROUPS for tag in asked):
        return ()
    return next((MEMBERS[tag] for tag in asked if tag in MEMBERS), ())


def alone(framework: Framework, products: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """A sentence by path for each leaf that is named for a group and filled by one symbol of ``products``.

    >>> from keel.domain.framework.records import Bucket
    >>> alone(Framework("F", (Bucket("Sector/Cyclical", "Cyclical", 1.0),)), {"Sector/Cyclical": ["XLF"]})
    {'Sector/Cyclical': 'Cyclical is XLF alone, though it is named for several sectors.'}
    """
    asked = leaf_rules(framework)
    groups = {leaf.path: (leaf.label, _group(asked[leaf.path].include_tags)) for leaf in leaves(framework)}
    return {
        path: f"{label} is {products[path][0]} alone, though it is named for {group}."
        for path, (label, group) in groups.items()
        if group and len(set(products.get(path, ()))) == 1
    }


def _group(asked: Sequence[str]) -> str:
    """What a bucket that asks for these tags is named for, or nothing; one that asks for a single sector or factor is
    no group.
    """
    if any(kind(tag) in ("sector", "factor") and tag not in GROUPS for tag in asked):
        return ""
    return next((GROUPS[tag] for tag in asked if tag in GROUPS), "")
