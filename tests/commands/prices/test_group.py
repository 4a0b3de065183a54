"""``keel prices``: its commands."""

from __future__ import annotations

from tests.commands.conftest import Keel

from keel.commands.prices.group import prices_group


def test_the_group_lists_its_commands(keel: Keel) -> None:
    assert {"refresh", "status"} <= set(prices_group.commands)
    assert "refresh" in keel("prices", "--help").out
