"""``keel holdings`` names its commands."""

from __future__ import annotations

from tests.commands.conftest import Keel


def test_the_group_lists_what_it_can_do(keel: Keel) -> None:
    told = keel("holdings", "--help").out
    assert all(word in told for word in ("import", "undo", "show"))
