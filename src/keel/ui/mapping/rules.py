"""The rules of a bucket in words: what was asked and seen, what turned products away, and how a score is made."""

from __future__ import annotations

import re
from collections.abc import Sequence

import streamlit as st

from keel.domain.framework.choices import in_a_sentence, kept_out
from keel.domain.framework.rules import kind
from keel.domain.mapping.matching import BucketSuggestions
from keel.domain.mapping.screening import RuleLine
from keel.domain.portfolio.score_weights import ScoreWeights
from keel.ui.frame import widgets
from keel.ui.mapping.asking import in_percent

RULES = {
    "include_tags": "Holds",
    "exclude_tags": "Is not",
    "allowed_types": "Type",
    "min_adv_usd": "Daily volume",
    "max_expense_ratio": "Fee",
    "min_history_years": "History",
    "min_aum_usd": "Size",
    "currencies": "Currency",
    "exclude_symbols": "Excluded products",
    "leveraged": "Is not",
    "max_leverage": "Limit on leverage",
    "max_single_product": "Limit on a product",
}
TAGGED = ("include_tags", "exclude_tags", "leveraged")  # where a yes says all
VERDICTS = {True: ("check", "yes"), False: ("close", "no"), None: ("help", "not known")}
AWAY = {
    "exclude_tags": "are what it must not be",
    "allowed_types": "are of another type",
    "min_adv_usd": "trade too little",
    "max_expense_ratio": "cost too much",
    "min_history_years": "are too young",
    "min_aum_usd": "are too small",
    "currencies": "are in another currency",
    "exclude_symbols": "are excluded by name",
    "leveraged": "are leveraged",
    "max_leverage": "are too leveraged for a limit",
    "max_single_product": "are alone too large for a limit",
}


def line_in_words(line: RuleLine) -> str:
    """One rule: what was asked, whether it passes, and what was seen where that says more.

    >>> line_in_words(RuleLine("max_expense_ratio", True, "0.03%", "at most 0.20%"))
    ':material/check: **Fee** at most 0.20%: yes (0.03%)'
    >>> line_in_words(RuleLine("include_tags", True, "asset_class:bonds, sleeve:core", "all of asset_class:bonds"))
    ':material/check: **Holds** bonds: yes'
    >>> line_in_words(RuleLine("include_tags", False, "region:us", "all of asset_class:bonds, sleeve:core"))
    ':material/close: **Holds** core bonds: no (US)'
    """
    icon, verdict = VERDICTS[line.passed]
    asked, seen = widgets.plain(_asked(line)), widgets.plain(tags_in_words(line.seen))
    more = f" ({seen})" if seen and not (line.passed and (line.rule in TAGGED or seen == asked)) else ""
    return f":material/{icon}: **{rule(line.rule)}** {asked or 'as asked'}: {verdict}{more}"


def _asked(line: RuleLine) -> str:
    match line.rule:
        case "include_tags":
            return held(line.asked.removeprefix("all of ").split(", "))
        case "exclude_tags":
            return tags_in_words(line.asked.removeprefix("none of "))
        case "leveraged":
            return line.asked.removeprefix("no ").removesuffix(" product")
        case _:
            return tags_in_words(line.asked)


def held(tags: Sequence[str]) -> str:
    """What products with these tags hold, the class last.

    >>> held(["asset_class:equity", "region:us"])
    'US shares'
    """
    return " ".join(tags_in_words(tag) for tag in sorted(tags, key=lambda tag: kind(tag) == "asset_class"))


def tags_in_words(text: str) -> str:
    """Tags as what they are called.

    >>> tags_in_words("all of asset_class:bonds, region:us"), tags_in_words("none of slice:term")
    ('all of bonds, US', 'none of funds of one term')
    """
    return re.sub(r"\b[a-z_]+:\w+", lambda tag: _called(tag[0]), text)


def _called(tag: str) -> str:
    name, _, value = tag.partition(":")
    return kept_out(tag) if name == "slice" else in_a_sentence(name, value)


def turned_away(name: str, count: int, bucket: BucketSuggestions) -> str:
    """How many products a rule turned away, as what they are."""
    words = (
        f"are not {held(bucket.rules.include_tags)}"
        if name == "include_tags"
        else AWAY.get(name, f"fail {rule(name).lower()}")
    )
    verb, _, rest = words.partition(" ")
    return f"{count} {'is' if verb == 'are' else f'{verb}s'} {rest}" if count == 1 else f"{count} {words}"


def near_in_words(line: RuleLine) -> str:
    """Why a product just misses: what it is instead.

    >>> near_in_words(RuleLine("include_tags", False, "asset_class:equity, region:us", "all of region:global"))
    'shares, US'
    >>> near_in_words(RuleLine("max_expense_ratio", False, "0.30%", "at most 0.20%"))
    'fee 0.30%'
    """
    seen = tags_in_words(line.seen)
    return (
        seen if line.rule in ("include_tags", "exclude_tags", "allowed_types") else f"{rule(line.rule).lower()} {seen}"
    )


def rule(name: str) -> str:
    """A rule's name in words.

    >>> rule("min_adv_usd"), rule("new_rule")
    ('Daily volume', 'New rule')
    """
    return RULES.get(name, name.replace("_", " ").capitalize())


def screening(buckets: Sequence[BucketSuggestions], weights: ScoreWeights) -> None:
    """Draws how many products each rule turned away, the near misses, and how scores are made."""
    st.subheader("How products were screened", anchor=False)
    for bucket in buckets:
        away = [turned_away(name, count, bucket) for name, count in bucket.rejected.items()]
        unknown = [f"{rule(name).lower()} {count}" for name, count in bucket.unknown.items()]
        near = [f"{m.instrument.symbol} ({near_in_words(m.line)})" for m in bucket.near_misses]
        lines = [
            f"**{widgets.plain(bucket.label)}**: {bucket.considered} considered, {bucket.eligible} eligible.",
            f"{widgets.plain(', '.join(away))}." if away else "",
            f"Fact not known: {widgets.plain(', '.join(unknown))}." if unknown else "",
            f"Near misses: {widgets.plain(', '.join(near))}." if near else "",
        ]
        st.markdown("- " + " ".join(line for line in lines if line))
    st.subheader("How a score is made", anchor=False)
    made = in_percent(weights)
    st.markdown(
        f"{made[0].upper()}{made[1:]}. Each part is a rank: 100 is the best of the products that fit the bucket, 0 the "
        "last. A part whose fact is missing is left out. A product with prices stands before one without."
    )
