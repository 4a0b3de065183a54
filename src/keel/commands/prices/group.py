"""``keel prices``: the group of its commands."""

from __future__ import annotations

import click

from keel.commands.prices.imports import import_prices, undo_import
from keel.commands.prices.refresh import refresh_prices
from keel.commands.prices.status import show_status


@click.group("prices")
def prices_group() -> None:
    """Fetch or import prices, and look at those that are stored."""


for _command in (refresh_prices, import_prices, undo_import, show_status):
    prices_group.add_command(_command)
