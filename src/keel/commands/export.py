"""``keel export``: a stored framework or run as a file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from keel.commands import inputs
from keel.commands.output import Reply, busy, json_option

if TYPE_CHECKING:
    from keel.backtest.result import BacktestResult

out_option = click.option("--out", metavar="FILE", help="Write to this file instead of stdout.")


@click.group()
def export() -> None:
    """Write a stored framework or backtest run."""


@export.command("framework")
@click.argument("framework_id", metavar="ID")
@click.option("--version", type=click.IntRange(1), help="A version; else the latest.")
@click.option("--format", "kind", type=click.Choice(["json", "csv"]), default="json", show_default=True)
@out_option
@json_option
def export_framework(framework_id: str, version: int | None, kind: str, out: str | None, as_json: bool) -> Reply:
    """Write a framework: all of it as JSON, or its tree as CSV."""
    from keel.commands.database import opened
    from keel.domain.exchange import framework_csv, framework_json
    from keel.services import design

    with opened() as db:
        framework = design.get_framework(db, framework_id, version)
    return delivered(framework_json(framework) if kind == "json" or as_json else framework_csv(framework), out, as_json)


@export.command("run")
@click.argument("run_id", metavar="ID")
@out_option
@json_option
def export_run(run_id: str, out: str | None, as_json: bool) -> Reply:
    """Write a backtest run: a CSV of wealth per session and policy, or all of it with --json."""
    from keel.commands.backtest import run_data
    from keel.commands.database import opened
    from keel.services import study

    with busy("Running the backtest again"), opened() as db:
        results = study.get_run(db, run_id).results
    if as_json:
        text = json.dumps({"runs": [{"policy": r.name, **run_data(r)} for r in results]}, allow_nan=False)
    else:
        text = wealth_csv(results)
    return delivered(text, out, as_json)


def delivered(text: str, out: str | None, as_json: bool) -> Reply:
    """The reply: the text itself, or where it was written."""
    if not out:
        return Reply(text.rstrip("\n"))
    with inputs.about(out):
        Path(out).write_text(text, encoding="utf-8", newline="")
    return Reply(json.dumps({"out": out}) if as_json else f"Written to {out}.")


def wealth_csv(results: tuple[BacktestResult, ...]) -> str:
    """Date and the wealth of each policy, which starts at 1; the first line is a remark."""
    import csv
    import io

    from keel.commands.report import DISCLAIMER

    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([f"# {DISCLAIMER}"])
    writer.writerow(["date", *(result.name for result in results)])
    for i, day in enumerate(results[0].dates):
        writer.writerow([str(day), *(repr(float(result.wealth[i])) for result in results)])
    return text.getvalue()
