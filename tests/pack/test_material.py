"""The record of a pack names no clock and no database."""

from __future__ import annotations

from tests.pack.materials import MADE, material


def test_a_pack_carries_the_date_it_was_given() -> None:
    assert material().made == MADE
    assert material().drift is None
