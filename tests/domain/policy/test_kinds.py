"""A kind of band and a trigger as records: complete by their entries, and asked by their records alone."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keel.domain.policy.as_json import band_json, parse_band, parse_policy
from keel.domain.policy.band import half_widths
from keel.domain.policy.kinds import (
    KINDS,
    TRIGGERS,
    BandKind,
    Corridor,
    FiveTwentyFive,
    Hybrid,
    Rule,
    TrackingError,
    Trigger,
    Width,
    for_leaves,
    half_width,
    varied_side,
)
from keel.domain.policy.records import require_band
from keel.domain.policy.words import describe, describe_band
from keel.domain.study.grid import WIDTHS
from keel.errors import InvalidPolicyError

SOURCE = Path(__file__).resolve().parents[3] / "src" / "keel"


def test_every_trigger_and_every_band_has_its_record() -> None:
    assert set(TRIGGERS) == set(Trigger)
    for name, kind in KINDS.items():
        assert kind.build().kind == name
        assert kind.fields == tuple(f.name for f in fields(kind.build()) if f.name != "kind")  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", KINDS)
def test_a_band_reads_back_from_its_json_and_its_bounds_hold(kind: str) -> None:
    band = KINDS[kind].build()
    if for_leaves(band):
        assert parse_band(band_json(band)) == band
    for width in KINDS[kind].widths:
        require_band(KINDS[kind].build(**{width.name: width.highest}))
        with pytest.raises(InvalidPolicyError, match=width.name):
            require_band(KINDS[kind].build(**{width.name: width.highest + 1}))


def test_half_widths_by_hand() -> None:
    assert half_width(FiveTwentyFive(500, 2500), 0.3) == (0.05, 0.05)
    assert half_width(Hybrid(2000, 100), 0.3) == (0.06, 0.06)
    assert half_width(Corridor(100, 300), 0.3) == (0.01, 0.03)
    assert half_width(TrackingError(), 0.3) == half_width(None, 0.3) == (np.inf, np.inf)


@given(
    st.sampled_from(
        [(name, width.name) for name, kind in KINDS.items() if for_leaves(kind.build()) for width in kind.widths]
    ),
    st.floats(0, 3_000),
    st.floats(0, 1),
)
def test_a_varied_width_gives_the_half_width_within_its_floor_and_cap(
    varied: tuple[str, str], bps: float, target: float
) -> None:
    kind, field = varied
    band = KINDS[kind].build(**{field: bps})
    for side, expected in enumerate(half_width(band, target)):
        line = varied_side(band, field, side, target)
        if line is not None:
            room, floor, cap = line
            assert min(max(room * bps / 1e4, floor), cap) == pytest.approx(expected, abs=1e-15)


def test_a_side_that_a_width_does_not_move_does_not_vary() -> None:
    assert varied_side(Corridor(), "above_bps", 0, 0.5) is None
    assert varied_side(Corridor(), "above_bps", 1, 0.5) == (1.0, -np.inf, np.inf)
    assert varied_side(TrackingError(), "limit_bps", 0, 0.5) is None


@dataclass(frozen=True)
class Fixed:
    """A band of a kind that the source does not know."""

    points_bps: float = 300.0
    kind: str = "fixed"


def test_a_kind_of_band_is_added_by_its_entry_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def words(band: Fixed) -> str:
        return f"{band.points_bps:g} points"

    entry = BandKind(Fixed, "Fixed", Rule.alone, (Width("points_bps", "Points"),), words)  # type: ignore[arg-type]
    monkeypatch.setitem(KINDS, "fixed", entry)  # type: ignore[index]
    policy = parse_policy({"trigger": "band", "band": {"kind": "fixed", "points_bps": 200}})
    assert policy.band == Fixed(200)
    assert describe(policy) == "200 points band, looked at every session, back to target"
    assert half_widths(policy.band, np.array([0.5, 0.5]))[0].tolist() == [0.02, 0.02]
    with pytest.raises(InvalidPolicyError, match=r"band\.points_bps"):
        parse_policy({"trigger": "band", "band": {"kind": "fixed", "points_bps": -1}})


def test_what_follows_from_a_kind_or_a_trigger_is_asked_of_its_record() -> None:
    """No file but the kernel's door tells one kind from another."""
    asks = re.compile(r"\bis (not )?Trigger\.|isinstance\([^)]*\b(Corridor|Hybrid|TrackingError)\b|case Trigger\.")
    asking = {str(path.relative_to(SOURCE)) for path in SOURCE.rglob("*.py") if asks.search(path.read_text("utf-8"))}
    assert asking <= {"backtest/path.py"}


def test_widths_of_leaves_are_what_a_grid_scans_together() -> None:
    assert set(WIDTHS) == {f"band.{f}" for k in KINDS.values() if for_leaves(k.build()) for f in k.fields}
    assert describe_band(TrackingError(250)) == "Tracking error over 2.5%"
