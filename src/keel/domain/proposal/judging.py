"""Whether a proposal fits the profile it was made for, whoever made it."""

from __future__ import annotations

import math
from collections.abc import Iterator

from keel.domain.framework.choices import EQUITY, class_of
from keel.domain.framework.records import Framework
from keel.domain.framework.tree import leaf_rules, leaves
from keel.domain.issue import Finding, Severity
from keel.domain.profile.record import InvestorProfile
from keel.domain.proposal.equity import equity
from keel.domain.proposal.parts import label_of
from keel.units import WEIGHT_TOLERANCE, weight


def judged(framework: Framework, profile: InvestorProfile) -> Iterator[Finding]:
    """The errors of a framework as a proposal for a profile: too much equity, and what is excluded asked for."""
    most, held = equity(profile.answers), equity_share(framework)
    if held > most.percent / 100 + WEIGHT_TOLERANCE:
        message = f"Equity is {weight(held)}: {most.reason}"
        fix = f"Lower it to {most.percent}%."
        yield Finding("more_equity_than_borne", Severity.error, "AssetClass/Equity", message, fix)
    asked = leaf_rules(framework)
    for leaf in leaves(framework):
        for tag in profile.wishes.exclude:
            if tag in asked[leaf.path].include_tags and leaf.target_weight > 0 and not _is_rest(tag):
                message = f"{leaf.label} asks for {label_of(tag)}, which is excluded."
                yield Finding("excluded_content", Severity.error, leaf.path, message, "Take the bucket out.")


def equity_share(framework: Framework) -> float:
    """The part of a framework in buckets that hold equity, and in those of which nobody says what they hold.

    >>> from keel.domain.framework.records import Bucket
    >>> equity_share(Framework("Pair", (Bucket("AssetClass/Equity", "E", 0.6), Bucket("AssetClass/Bonds", "B", 0.4))))
    0.6
    """
    asked = leaf_rules(framework)
    of = ((leaf, class_of(asked[leaf.path].include_tags)) for leaf in leaves(framework))
    return math.fsum(leaf.target_weight for leaf, name in of if name in (EQUITY, ""))


def _is_rest(tag: str) -> bool:
    """Cash is what is left when nothing else may be held."""
    return tag == "asset_class:cash"
