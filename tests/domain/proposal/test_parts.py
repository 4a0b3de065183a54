"""What each asset class is made of."""

from __future__ import annotations

from keel.domain.profile.record import Goal, Wishes
from keel.domain.proposal.parts import Parts, alternative_parts, bond_parts, equity_parts, no_equity


def said(parts: Parts) -> dict[str, int]:
    return {part.word: part.percent for part in parts.parts}


def test_the_world_is_one_part_and_regions_stand_apart_where_one_is_named() -> None:
    assert said(equity_parts(60, Wishes())) == {"": 60}
    assert said(equity_parts(60, Wishes(prefer=("region:emerging",)))) == {"US": 34, "International": 17, "Emerging": 9}
    assert equity_parts(20, Wishes(prefer=("region:us",))).left_out == ("region:emerging",)


def test_no_region_left_is_no_equity() -> None:
    assert no_equity(Wishes(exclude=("region:us", "region:international", "region:emerging")))
    assert not no_equity(Wishes(exclude=("region:us", "region:international")))


def test_tilts_take_a_tenth_each_and_three_tenths_at_most() -> None:
    wishes = Wishes(prefer=("factor:value", "size:small", "sector:energy", "area:japan"))
    assert said(equity_parts(60, wishes)) == {"World": 42, "Value": 6, "SmallCompanies": 6, "Energy": 6}
    assert equity_parts(60, wishes).left_out == ("area:japan",)


def test_bonds_are_short_when_the_money_is_needed_soon() -> None:
    assert bond_parts(40, Wishes(), soon=True).parts[0].tags == ("term:short",)
    assert bond_parts(40, Wishes(exclude=("term:short",)), soon=True).parts[0].tags == ("sleeve:core",)
    assert said(bond_parts(40, Wishes(Goal.income), soon=False)) == {"Core": 27, "CorporateBonds": 13}


def test_alternatives_are_what_is_preferred_and_gold_to_preserve() -> None:
    assert said(alternative_parts(5, Wishes())) == {"": 5}
    assert said(alternative_parts(10, Wishes(Goal.preservation, prefer=("what:real_estate",)))) == {
        "RealEstate": 5,
        "Gold": 5,
    }
    assert alternative_parts(5, Wishes(prefer=("what:gold", "what:crypto"))).left_out == ("what:crypto",)
