"""``keel init``: the database with the embedded sample."""

from __future__ import annotations

import click

from keel.commands.output import Reply, busy, json_option, reply


@click.command()
@json_option
def init(as_json: bool) -> Reply:
    """Build the database with the embedded sample; a second time changes nothing."""
    from keel.commands.database import opened
    from keel.store.instruments import universe
    from keel.store.prices import coverage

    with busy("Building the database"), opened() as db:
        data = {"database": db.path, "instruments": len(universe(db)), "series": len(coverage(db))}
    text = f"{data['database']}: {data['instruments']} instruments, {data['series']} price series."
    return reply(data, text, as_json)
