"""What is in a bucket: choices of kinds, guessed from its name where its rules do not say.

A guess becomes tags as the rules have them, so that everything that reads rules reads it too. It holds only as long as
the bucket asks for no tags of its own; names are looked at anew with every reading, so a renamed bucket means what its
name means. A leaf that asks for a broad market is not filled by a slice of it (small companies for "US shares").
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from keel.domain.framework.choices import (
    ALTERNATIVES,
    ASKED,
    BONDS,
    CLASS,
    KINDS,
    NARROW,
    SLICES,
    answer,
    class_of,
    in_words,
    kept_out,
)
from keel.domain.framework.labels import Guess, Words
from keel.domain.framework.records import Bucket, Framework
from keel.domain.framework.rules import ANY, Rules, kind, replaced, word_tags
from keel.domain.framework.tree import effective_rules, get, implied_too, leaf_rules, leaves, level, ordered, parent
from keel.units import pct2

UNKNOWN = "contents:unknown"  # no product is it: the page asks what the bucket holds
CHOSEN = "contents:chosen"  # marks tags that were chosen as contents: they mean a market, not a slice of it
BROAD = frozenset({"region:global", "sleeve:core"})  # what a narrower part of the same market need not be


def understood(framework: Framework, words: Words) -> Framework:
    """The framework in which each bucket that asks for no tags has those its name means, by the words known.

    A leaf of which nothing is known at all asks for ``UNKNOWN``, which no product is.
    """
    ends = {leaf.path for leaf in leaves(framework)}
    guessed: set[str] = set()
    above: dict[str | None, tuple[str, ...]] = {None: ()}
    filled: dict[str, Bucket] = {}
    for bucket in ordered(framework):
        inherited = above.get(parent(bucket.path), ())
        if CHOSEN in bucket.rules.include_tags:
            guessed.add(bucket.path)
            own = tuple(tag for tag in bucket.rules.include_tags if tag != CHOSEN)
            bucket = replace(bucket, rules=replace(bucket.rules, include_tags=own))
        elif not bucket.rules.include_tags:
            own = settled(_guess(bucket, words), implied_too(inherited, bucket.path))
            if own or parent(bucket.path) in guessed:
                guessed.add(bucket.path)
            bucket = replace(bucket, rules=replace(bucket.rules, include_tags=own))
        held = _held(inherited, bucket)
        above[bucket.path] = held
        filled[bucket.path] = _as_leaf(bucket, held, bucket.path in guessed) if bucket.path in ends else bucket
    return replace(framework, buckets=tuple(filled[bucket.path] for bucket in framework.buckets))


def _guess(bucket: Bucket, words: Words) -> Guess:
    """What the name says, else the last word of the path."""
    return words.guess(bucket.label) or words.guess(bucket.path.rpartition("/")[2])


def _held(inherited: Sequence[str], bucket: Bucket) -> tuple[str, ...]:
    """What the bucket and its parts are asked for: its own tags before its path's, and both before those from above."""
    return replaced(inherited, level(bucket.path, bucket.rules).include_tags)


def _as_leaf(bucket: Bucket, held: Sequence[str], guessed: bool) -> Bucket:
    """A leaf with what its contents keep out; one of which nothing is known is asked about."""
    rules = bucket.rules
    if not held and rules == Rules() and not bucket.holdings:
        return replace(bucket, rules=replace(rules, include_tags=(UNKNOWN,)))
    if not guessed:
        return bucket
    out = tuple(dict.fromkeys((*rules.exclude_tags, *_slices_out(held))))
    return replace(bucket, rules=replace(rules, exclude_tags=out))


def _slices_out(held: Iterable[str]) -> Iterable[str]:
    """The slices that do not fill a bucket of these contents."""
    kinds = {kind(tag) for tag in held}
    return (f"slice:{name}" for name, asked in SLICES.get(class_of(held), {}).items() if not asked & kinds)


def settled(guess: Guess, inherited: Sequence[str]) -> tuple[str, ...]:
    """The tags that a guess comes to below what is inherited; what it contradicts is lifted (``region:any``).

    >>> settled(Guess(("size:small",), ("asset_class:equity",)), ("asset_class:equity", "region:global"))
    ('size:small', 'region:any')
    >>> settled(Guess(("region:emerging",), ("asset_class:equity",)), ("asset_class:bonds",))
    ('region:emerging',)
    """
    asset_class = _class(guess, class_of(inherited))
    if not asset_class:
        return ()
    tags = [tag for tag in guess.tags if kind(tag) in ASKED.get(asset_class, ())]
    if class_of(tags) == class_of(inherited) and class_of(tags):
        tags.remove(f"{CLASS}:{asset_class}")
    elif class_of(inherited) != asset_class and not class_of(tags):
        tags.insert(0, f"{CLASS}:{asset_class}")
    if not tags and class_of(guess.tags):
        tags = [f"{CLASS}:{asset_class}"]
    return (*tags, *_lifted(tags, asset_class, inherited))


def _class(guess: Guess, above: str) -> str:
    """The class a guess is of: the one it names, else the one above if it says anything of it, else the assumed one."""
    named = class_of(guess.tags)
    if named or not guess:
        return named
    if above and any(kind(tag) in ASKED.get(above, ()) for tag in guess.tags):
        return above
    return class_of(guess.assumed)


def _lifted(tags: Sequence[str], asset_class: str, inherited: Sequence[str]) -> list[str]:
    """``kind:any`` for each inherited tag that what is asked here leaves behind."""
    kinds = {kind(tag) for tag in tags}
    other = bool(class_of(inherited)) and class_of(inherited) != asset_class
    narrow = bool(kinds & NARROW) or (asset_class == BONDS and "region" in kinds and "sleeve" not in kinds)
    lifted = [
        kind(tag)
        for tag in inherited
        if kind(tag) in KINDS
        and kind(tag) not in {*kinds, CLASS}
        and (other or (narrow and tag in BROAD) or (kind(tag) == "area" and "region" in kinds))
    ]
    if asset_class == ALTERNATIVES and "what" in kinds and "region" not in kinds:
        lifted += [kind(tag) for tag in inherited if kind(tag) in ("region", "area")]
    return [f"{name}:{ANY}" for name in dict.fromkeys(lifted)]


def renamed(framework: Framework, path: str, words: Words) -> Framework:
    """The framework after the bucket at ``path`` got its new name: what stood for the old one, in its own tags and in
    its path, makes way for what the new one means. A name that means nothing here changes nothing.
    """
    bucket = get(framework, path)
    guess = words.guess(bucket.label)
    above = parent(path)
    inherited = effective_rules(framework, above).include_tags if above is not None else ()
    tags = settled(guess, inherited)
    implied = {kind(tag) for tag in word_tags(path)} - {kind(tag) for tag in tags}
    if not tags or not (bucket.rules.include_tags or implied):
        return framework
    stay = () if {kind(tag) for tag in tags} & NARROW else _broad(bucket.rules.include_tags, tags)
    chosen = tuple(dict.fromkeys((*tags, *stay, *(f"{name}:{ANY}" for name in implied), CHOSEN)))
    rules = replace(bucket.rules, include_tags=chosen)
    return replace(
        framework, buckets=tuple(replace(b, rules=rules) if b.path == path else b for b in framework.buckets)
    )


def _broad(own: Sequence[str], tags: Sequence[str]) -> tuple[str, ...]:
    """What own tags say of breadth, which a new name for the same class leaves as it was."""
    kinds = {kind(tag) for tag in tags}
    same = class_of(own) == class_of(tags) or not class_of(tags)
    return tuple(tag for tag in own if same and tag in BROAD and kind(tag) not in kinds)


def chosen(answers: Mapping[str, str], inherited: Sequence[str], own: Sequence[str]) -> tuple[str, ...]:
    """The tags of a bucket whose contents were chosen: a value by kind, empty for any. Own tags of other kinds stay.

    >>> chosen({"asset_class": "equity", "region": "us", "size": ""}, ("asset_class:equity", "size:small"), ("esg",))
    ('region:us', 'size:any', 'esg', 'contents:chosen')
    """
    above = {kind(tag): tag for tag in inherited}
    tags = [f"{name}:{value}" for name, value in answers.items() if value and above.get(name) != f"{name}:{value}"]
    free = [f"{name}:{ANY}" for name, value in answers.items() if not value and name in above]
    gone = [f"{name}:{ANY}" for name in above if name in KINDS and name not in answers and name != "sleeve"]
    narrow = any(value and name in NARROW for name, value in answers.items())
    sleeve = [f"sleeve:{ANY}"] if narrow and "sleeve:core" in inherited else []
    left = {*answers, *KINDS} - (set() if narrow else {"sleeve"})
    other = [tag for tag in own if tag != CHOSEN and kind(tag) not in left]
    return tuple(dict.fromkeys((*tags, *free, *gone, *sleeve, *other, CHOSEN)))


def in_short(framework: Framework) -> Mapping[str, str]:
    """What each leaf of a framework that is ``understood`` holds, by path: its products, else its contents in words;
    empty where nobody said.
    """
    by_path = leaf_rules(framework)
    short: dict[str, str] = {}
    for leaf in leaves(framework):
        tags = by_path[leaf.path].include_tags
        products = ", ".join(holding.symbol for holding in leaf.holdings)
        short[leaf.path] = products or ("" if UNKNOWN in tags else in_words(tags) or "As its rules say")
    return short


def rules_words(rules: Rules) -> tuple[str, ...]:
    """What rules ask, a few words each; none for no rules.

    >>> rules_words(Rules(include_tags=("asset_class:equity", "region:us"), exclude_tags=("leveraged",)))
    ('Shares, US', 'without leveraged')
    >>> rules_words(Rules(allowed_types=("ETF",), max_expense_ratio=0.002, min_history_years=3))
    ('ETF only', 'fee at most 0.20%', 'at least 3 years of history')
    """
    return tuple(_rules(rules))


def _rules(rules: Rules) -> Iterator[str]:
    known = [tag for tag in rules.include_tags if kind(tag) in KINDS]
    yield from [in_words(known)] if known else []
    yield from (kept_out(tag) for tag in rules.include_tags if tag not in (*known, CHOSEN, UNKNOWN))
    if rules.exclude_tags:
        yield f"without {', '.join(_excluded(tag) for tag in rules.exclude_tags)}"
    for words, names in (
        ("{} only", rules.allowed_types),
        ("in {}", rules.currencies),
        ("not {}", rules.exclude_symbols),
    ):
        yield from [words.format(", ".join(names))] if names else []
    if rules.max_expense_ratio is not None:
        yield f"fee at most {pct2(rules.max_expense_ratio)}"
    if rules.min_history_years is not None:
        yield f"at least {rules.min_history_years:g} years of history"
    if rules.min_adv_usd is not None:
        yield f"at least ${rules.min_adv_usd:,.0f} traded a day"
    if rules.min_aum_usd is not None:
        yield f"at least ${rules.min_aum_usd:,.0f} in the fund"


def _excluded(tag: str) -> str:
    return answer(kind(tag), tag.partition(":")[2]) if kind(tag) in KINDS else kept_out(tag)
