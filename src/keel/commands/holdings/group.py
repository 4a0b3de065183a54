"""``keel holdings``: the group of its commands."""

from __future__ import annotations

import click

from keel.commands.holdings.imports import import_holdings, undo_holdings
from keel.commands.holdings.show import show_holdings


@click.group("holdings")
def holdings_group() -> None:
    """Take in what a portfolio holds, from files of brokers and trackers or a CSV of your own, and look at it."""


for _command in (import_holdings, undo_holdings, show_holdings):
    holdings_group.add_command(_command)
