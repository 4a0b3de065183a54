"""What a bundle may hold, and how much of it."""

from __future__ import annotations

from keel.pack.bundle.contents import ENDING, LARGEST, PARTS


def test_the_parts_together_stay_within_what_can_be_held() -> None:
    assert sum(PARTS.values()) < 500_000_000
    assert LARGEST < 100_000_000
    assert ENDING.endswith(".zip")
