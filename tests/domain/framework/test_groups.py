"""One product in a bucket that is named for a group is said."""

from __future__ import annotations

from keel.domain.framework.groups import GROUPS, MEMBERS, alone, members
from keel.domain.framework.records import Bucket, Framework
from keel.domain.framework.rules import Rules

FRAMEWORK = Framework(
    "F",
    (
        Bucket("Sector/Defensive", "Defensive Sectors", 0.5),
        Bucket("Sleeve/Satellite", "Active Satellites", 0.3, rules=Rules(include_tags=("sleeve:satellite",))),
        Bucket("Region/US", "US", 0.2),
    ),
)


def test_one_fund_that_stands_for_a_group_is_said() -> None:
    found = alone(FRAMEWORK, {"Sector/Defensive": ["XLU"], "Sleeve/Satellite": ["AAXJ"], "Region/US": ["VTI"]})
    assert found == {
        "Sector/Defensive": "Defensive Sectors is XLU alone, though it is named for several sectors.",
        "Sleeve/Satellite": "Active Satellites is AAXJ alone, though it is named for several funds.",
    }


def test_several_members_none_and_a_single_sector_are_no_concern() -> None:
    assert alone(FRAMEWORK, {"Sector/Defensive": ["XLU", "XLP"], "Sleeve/Satellite": []}) == {}
    one = Framework("F", (Bucket("Sector/Defensive/Consumer Staples", "Staples", 1.0),))
    assert alone(one, {"Sector/Defensive/Consumer Staples": ["XLP"]}) == {}


def test_members_belong_to_groups_and_one_sector_has_none() -> None:
    assert set(MEMBERS) <= set(GROUPS)
    assert members(("asset_class:equity", "sector:defensive"))[2] == ("sector:utilities",)
    assert members(("sector:defensive", "sector:utilities")) == ()
    assert members(("region:us",)) == ()
