"""Tags a path implies and how rules add up."""

from __future__ import annotations

import pytest

from keel.domain.framework.rules import Rules, combine, path_tags


@pytest.mark.parametrize(
    ("path", "tags"),
    [
        ("AssetClass/Equity", ("asset_class:equity",)),
        ("Asset Class/Fixed Income", ("asset_class:bonds",)),
        ("asset_class/Cash", ("asset_class:cash",)),
        ("AssetClass/Real Assets", ()),  # a word that is not known is no tag: nobody could say what it means
        ("Region/United States", ("region:us",)),
        ("Region/International", ("region:international",)),
        ("Sector/Energy", ("sector:energy",)),
        ("Sector/Defensive/Consumer Staples", ("sector:defensive", "sector:consumer_staples")),
        ("Factor/MinVol", ("factor:minvol",)),
        ("Sleeve/Core", ("sleeve:core",)),
        ("Goal/Bonds/US", ("asset_class:bonds", "region:us")),
        ("Region/International/Emerging", ("region:emerging",)),
        ("AssetClass/Equity/US/Large", ("asset_class:equity", "region:us")),
        ("Goal/Retirement", ()),
        ("AssetClass", ()),
    ],
)
def test_a_path_implies_tags(path: str, tags: tuple[str, ...]) -> None:
    assert path_tags(path) == tags


def test_a_tag_that_is_asked_for_replaces_the_implied_one_of_its_kind() -> None:
    asked = [Rules(include_tags=("region:global",))]
    assert combine(("asset_class:equity", "region:us"), asked).include_tags == ("asset_class:equity", "region:global")


def test_any_takes_an_implied_tag_back() -> None:
    assert combine(("region:us",), [Rules(include_tags=("region:any",))]).include_tags == ()


def test_tags_asked_at_several_levels_must_all_be_met() -> None:
    levels = [Rules(include_tags=("asset_class:equity",)), Rules(include_tags=("factor:value",))]
    assert combine((), levels).include_tags == ("asset_class:equity", "factor:value")
