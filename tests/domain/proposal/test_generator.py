"""The generator that follows rules: valid, with a reason for everything; bolder answers never mean less equity."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace

import pytest
from tests.domain.profile.answered import answered
from tests.domain.proposal.drawn import profile

from keel.domain.framework.tree import leaf_rules, leaves
from keel.domain.framework.validation import check
from keel.domain.profile.questions import BANDS, QUESTIONS
from keel.domain.profile.record import Goal, InvestorProfile, Wishes, assessed
from keel.domain.proposal.generator import propose
from keel.domain.proposal.judging import equity_share, judged

MANY = int(os.environ.get("KEEL_PROPOSALS", "200"))  # KEEL_PROPOSALS=10000 takes twenty seconds


def weights(profile: InvestorProfile) -> dict[str, int]:
    return {
        b.path.removeprefix("AssetClass/"): round(b.target_weight * 100) for b in propose(profile).framework.buckets
    }


def ann(place: int = -1, wishes: Wishes | None = None, **others: int) -> InvestorProfile:
    return assessed("Ann", answered(place, **others), wishes)


def test_by_hand_a_careful_a_medium_and_a_bold_profile() -> None:
    assert weights(ann(0)) == {"Equity": 10, "Bonds": 60, "Alternatives": 5, "Cash": 25}
    assert weights(ann(2)) == {"Equity": 60, "Bonds": 35, "Alternatives": 5}
    assert weights(ann(-1)) == {"Equity": 90, "Bonds": 10}


def test_wishes_by_hand() -> None:
    wishes = Wishes(Goal.preservation, ("region:emerging",), ("factor:value",))
    assert weights(ann(2, wishes)) == {
        "Equity": 60, "Equity/US": 36, "Equity/International": 18, "Equity/Value": 6,
        "Bonds": 30, "Bonds/Core": 18, "Bonds/InflationLinkedBonds": 12, "Alternatives": 10,
    }  # fmt: skip
    assert weights(ann(-1, Wishes(exclude=("asset_class:equity",)))) == {"Bonds": 95, "Alternatives": 5}
    nothing = Wishes(exclude=tuple(f"asset_class:{name}" for name in ("equity", "bonds", "cash", "alternatives")))
    assert weights(ann(-1, nothing)) == {"Cash": 100}
    assert propose(ann(-1, nothing)).notes == ("Cash is excluded too, but nothing else is left to hold.",)


def test_each_of_many_profiles_gets_a_valid_framework_with_a_reason_for_everything() -> None:
    for seed in range(MANY):
        investor = profile(seed)
        proposal = propose(investor)
        framework, about = proposal.framework, {reason.about for reason in proposal.reasons}
        assert check(framework) == (), seed
        assert not list(judged(framework, investor)), seed
        assert {b.path for b in framework.buckets} | {c.type for c in framework.constraints} < about, seed
        assert all(reason.words for reason in proposal.reasons), seed
        assert min(leaf.target_weight for leaf in leaves(framework)) >= 0.05 - 1e-12, seed


def bolder(investor: InvestorProfile) -> Iterator[InvestorProfile]:
    """The same investor with one answer one step bolder."""
    for question in QUESTIONS:
        ids = [answer.id for answer in question.answers]
        place = ids.index(investor.answers[question.id])
        if place + 1 < len(ids):
            yield assessed("Ann", {**investor.answers, question.id: ids[place + 1]}, investor.wishes)


def test_more_tolerance_never_means_less_equity() -> None:
    for seed in range(MANY // 5):
        investor = profile(seed)
        held = equity_share(propose(investor).framework)
        for other in bolder(investor):
            assert equity_share(propose(other).framework) >= held - 1e-12, (seed, other.answers)


def test_what_is_excluded_is_asked_for_nowhere_and_kept_out_everywhere() -> None:
    for seed in range(MANY // 3):
        investor = profile(seed)
        for rules in leaf_rules(propose(investor).framework).values():
            asked = set(rules.include_tags) - {"asset_class:cash"}
            assert not asked & set(investor.wishes.exclude), seed
            assert not asked & set(rules.exclude_tags), seed


def test_a_band_has_its_range_of_equity() -> None:
    ranges = {"low": (0.10, 0.40), "medium": (0.40, 0.65), "high": (0.65, 0.95)}
    assert tuple(ranges) == BANDS
    for seed in range(MANY):
        investor = replace(profile(seed), wishes=Wishes())
        low, high = ranges[investor.assessed.risk_band]
        assert low <= equity_share(propose(investor).framework) <= high, investor.answers


@pytest.mark.parametrize(
    ("wishes", "policy"),
    [(Wishes(), "annual"), (Wishes(Goal.income), "quarterly"), (Wishes(prefer=("region:us", "factor:value")), "daily")],
)
def test_the_policy_follows_from_the_goal_and_the_number_of_buckets(wishes: Wishes, policy: str) -> None:
    assert str(propose(ann(2, wishes)).framework.rebalancing.look) == policy


def test_wishes_without_room_and_without_effect_are_noted() -> None:
    wishes = Wishes(prefer=("factor:value", "factor:momentum", "asset_class:equity"), exclude=("sector:energy",))
    assert propose(ann(0, wishes)).notes == (
        "Value is left out: there is no room for another part of 5%.",
        "Momentum is left out: there is no room for another part of 5%.",
        "Funds of an excluded sector are not suggested; a broad fund still holds its companies.",
        "Shares: how much of it there is follows from the answers.",
    )
