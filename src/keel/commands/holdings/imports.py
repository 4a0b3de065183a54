"""``keel holdings import`` and ``undo``: files of holdings and of records, taken in and taken back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from keel.commands import inputs
from keel.commands.output import Reply, busy, json_option, reply

if TYPE_CHECKING:
    from keel.services.holdings.intake import Preview, Taken
    from keel.sources.brokers.columns import Columns


@click.command("import")
@click.argument("file", metavar="FILE")
@click.option("--portfolio", metavar="ID", help="The portfolio that holds it; a new one without it.")
@click.option("--name", default="My portfolio", help="What a new portfolio is called.")
@click.option("--currency", default="USD", help="The currency of a new portfolio.")
@click.option("--choose", multiple=True, metavar="NAME=SYMBOL", help="The product that a name in the file means.")
@click.option("--columns", metavar="JSON", help="Which column of any other table is what, or a file that says it.")
@click.option("--again", is_flag=True, help="Count trades too that an executed plan counts already.")
@click.option("--preview", "only_look", is_flag=True, help="Say what the file would come to, and store nothing.")
@json_option
def import_holdings(
    file: str,
    portfolio: str | None,
    name: str,
    currency: str,
    choose: Sequence[str],
    columns: str | None,
    again: bool,
    only_look: bool,
    as_json: bool,
) -> Reply:
    """Take in a file of holdings or of records; the same file a second time changes nothing.

    A list of holdings states all that its accounts hold. `keel holdings undo` takes the import back. Without a
    portfolio a new one begins, with the asset classes and regions of what is held as its framework.
    """
    from keel.commands.database import opened
    from keel.services.holdings import begin, intake
    from keel.services.shared.held.reading import File
    from keel.sources.files.disk import STATEMENT_LIMIT, read_bytes

    choices = dict(map(intake.read_choice, choose))
    said = _columns(columns) if columns else None
    with inputs.about(file), busy("Importing holdings"):
        data, today = read_bytes(Path(file), STATEMENT_LIMIT), datetime.now(UTC).date()
        given = File(data, Path(file).name, today, choices, said, again)
        with opened() as db:
            if portfolio is None:
                begun = begin.begin(db, given, name, currency.upper())
                told = f"{begun.portfolio.id}: {begun.portfolio.name}, as {begun.made.id}."
                return reply(begin.document(begun), told, as_json)
            if only_look:
                preview = intake.read(db, portfolio, given)
                return reply(intake.preview_json(preview), preview_text(preview), as_json)
            taken = intake.record(db, portfolio, given)
    return reply(intake.document(taken), taken_text(taken), as_json)


def _columns(text: str) -> Columns:
    """The columns written as JSON or kept in a JSON file."""
    from keel.domain.reading.place import Place
    from keel.services.shared.held.columns import read_columns

    value, name = inputs.json_argument(text, "--columns")
    return read_columns(value, Place(name))


def preview_text(preview: Preview) -> str:
    """What a file would come to, as lines: its format, what it changes, what is unknown, what is wrong."""
    lines = [f"{preview.format}: {preview.records} records, {preview.matched} products known here."]
    lines += [f"{c.account}: {c.symbol} {c.before:g} → {c.after:g}" for c in preview.changes]
    lines += [f"Not known here: {one.text}." for one in preview.unknown]
    lines += [f"{f.subject}: {f.message}" if f.subject else f.message for f in preview.complaints]
    return "\n".join(lines)


def taken_text(taken: Taken) -> str:
    """An import as lines."""
    if taken.preview.same:
        return f"The same content was imported before, as {taken.made.id}; nothing changed."
    return "\n".join([f"{taken.made.id}: {len(taken.preview.positions)} positions.", preview_text(taken.preview)])


@click.command("undo")
@click.argument("import_id", metavar="IMPORT")
@json_option
def undo_holdings(import_id: str, as_json: bool) -> Reply:
    """Take an import back: the portfolio holds what it would without it."""
    from keel.commands.database import opened
    from keel.services.holdings import intake

    with opened() as db:
        undone = intake.undo(db, import_id)
    what = undone.name or "what was typed"
    return reply(intake.import_json(undone), f"{undone.id} is undone: {what} counts no longer.", as_json)
