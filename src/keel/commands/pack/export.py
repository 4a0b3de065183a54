"""``keel export``: a stored framework or run as a file."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from keel.commands import inputs
from keel.commands.output import Reply, busy, json_option, require_writable, written

PACKS = (".pdf", ".xlsx", ".zip")
if TYPE_CHECKING:
    from keel.services.pack import Change

out_option = click.option("--out", metavar="FILE", help="Write to this file instead of stdout.")


@click.group("export")
def export_group() -> None:
    """Write a stored framework or backtest run."""


@export_group.command("framework")
@click.argument("framework_id", metavar="ID")
@click.option("--version", type=inputs.Whole(1), help="A version; else the latest.")
@click.option("--format", "kind", type=click.Choice(["json", "csv", "xlsx"]), default="json", show_default=True)
@out_option
@json_option
def export_framework(framework_id: str, version: int | None, kind: str, out: str | None, as_json: bool) -> Reply:
    """Write a framework: all of it as JSON or as a workbook, or its tree as CSV."""
    from keel.commands.database import opened
    from keel.services import design

    require_out(out)
    if kind == "xlsx" and not out:
        raise click.UsageError("A workbook is written to a file: give --out.")
    with opened() as db:
        framework = design.get_framework(db, framework_id, version)
    if kind == "xlsx" and out:
        return _put(design.as_workbook(framework), out, as_json)
    return delivered(design.as_text(framework, "json" if as_json else kind), out, as_json)


@export_group.command("run")
@click.argument("run_id", metavar="ID")
@click.option("--table", "kind", type=click.Choice(["study", "metrics", "trades"]), default="study", show_default=True)
@out_option
@json_option
def export_run(run_id: str, kind: str, out: str | None, as_json: bool) -> Reply:
    """Write a backtest run as CSV: wealth and weights by date, its metrics or its trades; all of it with --json."""
    from keel.commands.database import opened
    from keel.services import export, study

    require_out(out)
    with busy("Running the backtest again"), opened() as db:
        run = study.get_run(db, run_id)
    tables = {"study": export.study_csv, "metrics": export.metrics_csv, "trades": export.trades_csv}
    return delivered(export.study_json(run) if as_json else tables[kind](run), out, as_json)


@export_group.command("pack")
@click.argument("id", metavar="ID")
@click.option("--out", metavar="FILE", required=True, help="Write to this file: .pdf, .xlsx or .keel.zip.")
@click.option("--paper", type=click.Choice(["a4", "letter"]), help="The sheet; else as saved, or Letter for dollars.")
@click.option("--client", default="", metavar="NAME", help="Who it is for.")
@click.option("--firm", metavar="NAME", help="Who hands it over; else as saved.")
@click.option("--firm-line", metavar="TEXT", help="A line at the foot of the cover, such as an address.")
@click.option("--logo", metavar="FILE", help="The firm's logo, PNG or SVG.")
@click.option("--date", "made", type=inputs.DAY, help="The date on it; else today.")
@json_option
def export_pack(
    id: str,
    out: str,
    paper: str | None,
    client: str,
    firm: str | None,
    firm_line: str | None,
    logo: str | None,
    made: date | None,
    as_json: bool,
) -> Reply:
    """Write a client pack of a run: a paper (.pdf), a workbook (.xlsx) or a bundle (.keel.zip) for keel replay.

    ID is a run's, or a portfolio's: then its newest run, or one of its framework's own policy.
    """
    from keel.commands.database import opened
    from keel.domain.brand import Paper
    from keel.services import pack, study

    require_writable("--out", out, PACKS, [logo] if logo else [])
    change = _change(firm, firm_line, logo)
    with busy("Running the backtest again"), opened() as db:
        material = pack.material(db, study.find(db, id), made or datetime.now(UTC).date())
    size = Paper(paper) if paper else None
    return _put(pack.file(pack.signed(material, change, client), Path(out).suffix, size), out, as_json)


def _change(firm: str | None, line: str | None, logo: str | None) -> Change:
    """Who hands over this pack, where it is another than the one that is kept, with the logo of a file."""
    from keel.domain.brand import Brand
    from keel.services.pack import Change, changed
    from keel.sources.files.disk import read_bytes

    if logo is None:
        return Change(firm, line)
    with inputs.about(logo):
        change = Change(firm, line, read_bytes(Path(logo)))
        changed(Brand(), change)
    return change


def require_out(out: str | None) -> None:
    """Raise when ``--out`` cannot be written, before anything is read."""
    if out:
        require_writable("--out", out, (), ())


def delivered(text: str, out: str | None, as_json: bool) -> Reply:
    """The reply: the text itself, or where it was written."""
    if not out:
        return Reply(text.rstrip("\n"))
    with inputs.about(out, "written"), written(out) as path:
        path.write_text(text, encoding="utf-8", newline="")
    return _where(out, as_json)


def _put(data: bytes, out: str, as_json: bool) -> Reply:
    with inputs.about(out, "written"), written(out) as path:
        path.write_bytes(data)
    return _where(out, as_json)


def _where(out: str, as_json: bool) -> Reply:
    return Reply(json.dumps({"out": out}) if as_json else f"Written to {out}.")
