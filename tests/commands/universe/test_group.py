"""``keel universe``: its commands."""

from __future__ import annotations

from tests.commands.conftest import Keel

from keel.commands.universe.group import universe_group


def test_the_group_lists_its_commands(keel: Keel) -> None:
    assert set(universe_group.commands) == {"import", "fetch", "undo", "status"}
    assert "undo" in keel("universe", "--help").out
