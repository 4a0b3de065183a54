from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keel.domain.framework.records import Bucket, Framework, Holding
from keel.domain.portfolio.records import Pick, from_picks, holdings, overridden
from keel.errors import InputError, InstrumentNotFoundError, LockedHoldingError

MADE = Framework(
    "F",
    (Bucket("A/Equity", "Equity", 0.6), Bucket("A/Bonds", "Bonds", 0.4), Bucket("A/Bonds/US", "US", 0.4)),
    id="fw",
    version=3,
)


def pick(symbol: str, share: float = 1.0, path: str = "A/Equity", locked: bool = False) -> Pick:
    return Pick(path, f"id-{symbol}", symbol, share, locked)


BOTH = {"A/Equity": (pick("VTI", 0.7), pick("VXUS", 0.3)), "A/Bonds/US": (pick("BND", path="A/Bonds/US"),)}


def test_a_portfolio_remembers_the_version_and_keeps_tree_order() -> None:
    made = from_picks(MADE, dict(reversed(BOTH.items())), known={"id-VTI", "id-VXUS", "id-BND"})
    assert (made.name, made.framework_id, made.framework_version) == ("F", "fw", 3)
    assert [p.symbol for p in made.picks] == ["VTI", "VXUS", "BND"]
    assert holdings(made)["A/Equity"] == (Holding("VTI", 0.7), Holding("VXUS", 0.3))


def test_a_bucket_without_a_pick_is_allowed() -> None:
    assert from_picks(MADE, {"A/Equity": ()}).picks == ()


@pytest.mark.parametrize(
    ("picks", "error", "words"),
    [
        ({"A/Gold": (pick("GLD"),)}, InputError, "A/Gold"),
        ({"A/Bonds": (pick("BND"),)}, InputError, "A/Bonds"),  # not a leaf
        ({"A/Equity": (pick("VTI", 0.7), pick("VXUS", 0.2))}, InputError, "90.0%"),
        ({"A/Equity": (pick("VTI", 0.5), pick("VTI", 0.5))}, InputError, "twice"),
        ({"A/Equity": (pick("VTI", 1.5), pick("VXUS", -0.5))}, InputError, "150.0%"),
        ({"A/Equity": (pick("VTI", float("nan")),)}, InputError, "VTI"),
        ({"A/Equity": (pick("NOPE"),)}, InstrumentNotFoundError, "NOPE"),
    ],
)
def test_picks_that_cannot_be_used(picks: dict[str, tuple[Pick, ...]], error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        from_picks(MADE, picks, known={"id-VTI", "id-VXUS", "id-BND"})


def test_a_locked_pick_stays_until_it_is_unlocked() -> None:
    locked = (pick("VTI", 0.7, locked=True), pick("VXUS", 0.3))
    before = from_picks(MADE, {"A/Equity": locked})
    for change in ((pick("VXUS"),), (pick("VTI", 0.6), pick("VXUS", 0.4)), ()):
        with pytest.raises(LockedHoldingError, match="VTI is locked at 70"):
            from_picks(MADE, {"A/Equity": change}, previous=before)
    replaced = from_picks(MADE, {"A/Equity": (locked[0], pick("VT", 0.3))}, previous=before)
    assert [p.symbol for p in replaced.picks] == ["VTI", "VT"]
    unlocked = from_picks(MADE, {"A/Equity": (pick("VTI", 0.7), pick("VXUS", 0.3))}, previous=before)
    assert from_picks(MADE, {"A/Equity": (pick("VT"),)}, previous=unlocked).picks


def test_overrides_set_weights_of_the_whole_by_hand() -> None:
    found = overridden(MADE, BOTH, {"VTI": 0.45})
    assert [(p.symbol, round(p.share, 12)) for p in found["A/Equity"]] == [("VTI", 0.75), ("VXUS", 0.25)]
    assert found["A/Bonds/US"] == BOTH["A/Bonds/US"]
    assert [p.symbol for p in overridden(MADE, BOTH, {"id-VTI": 0.6})["A/Equity"]] == ["VTI"]


@given(st.floats(0, 0.6))
def test_an_overridden_bucket_still_makes_its_target(weight: float) -> None:
    found = overridden(MADE, BOTH, {"VTI": weight})["A/Equity"]
    assert sum(p.share for p in found) == pytest.approx(1, abs=1e-8)


@pytest.mark.parametrize(
    "weights", [{"VTI": 0.61}, {"VTI": -0.1}, {"BND": 0.3}, {"GLD": 0.1}, {"VTI": 0.1, "VXUS": 0.1}]
)
def test_overrides_that_do_not_fit(weights: dict[str, float]) -> None:
    with pytest.raises(InputError):
        overridden(MADE, BOTH, weights)


def test_a_locked_pick_cannot_be_overridden() -> None:
    with pytest.raises(LockedHoldingError):
        overridden(MADE, {"A/Equity": (pick("VTI", locked=True),)}, {"VTI": 0.6})
