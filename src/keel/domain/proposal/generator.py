"""The generator that follows rules: a framework from what an investor can bear and wishes, with a reason for each part.

It needs no network and no chance: the same profile always leads to the same proposal.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from keel.domain.framework.choices import ALTERNATIVES, BONDS, CASH, EQUITY
from keel.domain.framework.records import ANNUAL, Bucket, Constraint, Framework
from keel.domain.framework.rules import Rules
from keel.domain.policy.presets import PRESETS
from keel.domain.policy.records import Policy
from keel.domain.profile.record import Goal, InvestorProfile, Wishes
from keel.domain.proposal.mix import NEEDED_SOON, Mix, Slice, mix
from keel.domain.proposal.parts import (
    Parts,
    alternative_parts,
    bond_parts,
    equity_parts,
    excluded_in,
    label_of,
    unheard,
)
from keel.domain.proposal.records import BENCHMARK, REBALANCING, Proposal, Reason

FEW = 4  # leaves; more of them rarely leave their bands together, so each has its own
ROOM = 10  # percentage points that equity may rise above its target
PRICED = 0.5  # percent a year that the products may cost together
WORDS = {EQUITY: "Equity", BONDS: "Bonds", ALTERNATIVES: "Alternatives", CASH: "Cash"}


def propose(profile: InvestorProfile, name: str = "") -> Proposal:
    """The framework of a profile, method ``generated``, always valid. Raises InputError while an answer is missing.

    More tolerance never means less equity; what is excluded is asked for nowhere.

    >>> from keel.domain.profile.questions import QUESTIONS
    >>> from keel.domain.profile.record import assessed
    >>> bold = assessed("Ann", {q.id: q.answers[-1].id for q in QUESTIONS})
    >>> [(b.path, b.target_weight) for b in propose(bold).framework.buckets]
    [('AssetClass/Equity', 0.9), ('AssetClass/Bonds', 0.1)]
    """
    whole = mix(profile)
    classes = [one for one in _classes(whole, profile) if one[1].percent]
    buckets = tuple(
        bucket for asset_class, part, parts in classes for bucket in _buckets(asset_class, part, parts, profile.wishes)
    )
    band = profile.assessed.risk_band
    policy, why = _policy(len(buckets), profile.wishes)
    limits = tuple(_limits(whole))
    against, why_against = _benchmark(whole, buckets)
    framework = Framework(
        name=name or f"{band.capitalize()} risk, {whole.equity.percent}% equity",
        buckets=buckets,
        description=f"Proposed by rules for {band} risk.",
        method="generated",
        benchmark=against,
        risk_band=band,
        profile_id=profile.id,
        rebalancing=policy,
        constraints=tuple(limit for limit, _ in limits),
    )
    said = [
        Reason(path, words) for asset_class, part, parts in classes for path, words in _said(asset_class, part, parts)
    ]
    said += [Reason(limit.type, words) for limit, words in limits]
    said += [Reason(REBALANCING, why), Reason(BENCHMARK, why_against)]
    return Proposal(framework, tuple(said), (*whole.notes, *_notes(classes, profile.wishes)))


Class = tuple[str, Slice, Parts]


def _classes(whole: Mix, profile: InvestorProfile) -> Iterator[Class]:
    """Each asset class with its size and its parts."""
    wishes, soon = profile.wishes, profile.answers["horizon"] == NEEDED_SOON
    yield EQUITY, whole.equity, equity_parts(whole.equity.percent, wishes) if whole.equity.percent else Parts(())
    yield BONDS, whole.bonds, bond_parts(whole.bonds.percent, wishes, soon=soon) if whole.bonds.percent else Parts(())
    yield ALTERNATIVES, whole.alternatives, alternative_parts(whole.alternatives.percent, wishes)
    yield CASH, whole.cash, Parts(())


def _buckets(asset_class: str, size: Slice, parts: Parts, wishes: Wishes) -> Iterator[Bucket]:
    path, alone = _path(asset_class), len(parts.parts) == 1
    rules = Rules(
        include_tags=(f"asset_class:{asset_class}", *(parts.parts[0].tags if alone else ())),
        exclude_tags=("leveraged", "inverse", *excluded_in(asset_class, wishes)),
        allowed_types=("ETF",),
    )
    most = min(100, size.percent + ROOM) / 100 if asset_class == EQUITY else None
    yield Bucket(path, WORDS[asset_class], size.percent / 100, max_weight=most, rules=rules)
    for part in () if alone else parts.parts:
        yield Bucket(f"{path}/{part.word}", part.label, part.percent / 100, rules=Rules(include_tags=part.tags))


def _said(asset_class: str, size: Slice, parts: Parts) -> Iterator[tuple[str, str]]:
    """A path and why, for the class and each of its parts."""
    path, alone = _path(asset_class), len(parts.parts) == 1
    yield path, " ".join([size.reason, *([parts.parts[0].reason] if alone and parts.parts[0].reason else [])])
    yield from () if alone else ((f"{path}/{part.word}", part.reason) for part in parts.parts)


def _path(asset_class: str) -> str:
    return f"AssetClass/{WORDS[asset_class]}"


def _policy(buckets: int, wishes: Wishes) -> tuple[Policy, str]:
    if wishes.goal is Goal.income:
        return PRESETS["quarterly"], "What is lived on is taken each quarter, from what is above its target."
    if buckets <= FEW:
        return ANNUAL, "Few buckets need one look a year."
    return PRESETS[
        "five_twenty_five"
    ], "Many buckets: a small one is traded when it is a quarter off, a large one at 5 points."


def _limits(whole: Mix) -> Iterator[tuple[Constraint, str]]:
    yield Constraint("max_leverage", 100), "Nothing is bought with borrowed money."
    yield Constraint("max_expense_ratio", PRICED), "Fees are the one part of the return that is certain."
    if whole.alternatives.percent:
        yield Constraint("max_alternatives", 2 * whole.alternatives.percent), "A little must stay a little."
    if whole.bonds.percent > ROOM:
        yield Constraint("min_bonds", whole.bonds.percent - ROOM), "Without them the portfolio would fall with equity."


def _benchmark(whole: Mix, buckets: Sequence[Bucket]) -> tuple[str, str]:
    """What to compare with: a symbol whose prices go with those of the products."""
    if 2 * whole.equity.percent < 100:
        return "BND", "Bonds are the larger part."
    apart = any(bucket.path == "AssetClass/Equity/US" for bucket in buckets)
    return ("SPY", "US equity, whose daily prices go back furthest.") if apart else ("VT", "Equity of the whole world.")


def _notes(classes: Sequence[Class], wishes: Wishes) -> Iterator[str]:
    for _, _, parts in classes:
        for tag in parts.left_out:
            yield f"{label_of(tag)} is left out: there is no room for another part of 5%."
    held = {asset_class for asset_class, _, _ in classes}
    if EQUITY in held and any(tag.startswith("sector:") for tag in wishes.exclude):
        yield "Funds of an excluded sector are not suggested; a broad fund still holds its companies."
    for tag in unheard(wishes):
        yield f"{label_of(tag)}: how much of it there is follows from the answers."
