"""``keel universe``: the group of its commands."""

from __future__ import annotations

import click

from keel.commands.universe.imports import fetch_universe, import_universe, undo_universe
from keel.commands.universe.status import show_universe


@click.group("universe")
def universe_group() -> None:
    """Import products of your own, and look at those that are known."""


for _command in (import_universe, fetch_universe, undo_universe, show_universe):
    universe_group.add_command(_command)
