"""``keel brand``: who hands over client packs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from keel.commands import inputs
from keel.commands.output import Reply, json_option, reply

if TYPE_CHECKING:
    from keel.domain.brand import Brand


@click.command("brand")
@click.option("--firm", metavar="NAME", help="The firm's name; empty to take it away.")
@click.option("--line", metavar="TEXT", help="A line at the foot of the cover, such as an address.")
@click.option("--logo", metavar="FILE", help="Its logo, PNG or SVG.")
@click.option("--no-logo", is_flag=True, help="Take the logo away.")
@click.option("--paper", type=click.Choice(["a4", "letter", "usual"]), help="The sheet; usual is by the currency.")
@json_option
def brand(
    firm: str | None, line: str | None, logo: str | None, no_logo: bool, paper: str | None, as_json: bool
) -> Reply:
    """Show who hands over client packs, changed by what is given and kept for all packs to come."""
    from keel.commands.database import opened
    from keel.services import pack

    if logo and no_logo:
        raise click.UsageError("--logo and --no-logo contradict each other.")
    picture = _picture(logo) if logo else b"" if no_logo else None
    with opened() as db:
        now = pack.save_brand(db, pack.Change(firm, line, picture, "" if paper == "usual" else paper))
    return reply(pack.brand_json(now), text(now), as_json)


def _picture(path: str) -> bytes:
    """The bytes of a logo's file, which is one."""
    from keel.domain.brand import read_logo
    from keel.sources.files.disk import read_bytes

    with inputs.about(path):
        data = read_bytes(Path(path))
        read_logo(data)
    return data


def text(brand: Brand) -> str:
    """The name, the line, the logo's kind and the paper, a line each."""
    logo = f"Logo: {brand.logo.kind.upper()}." if brand.logo else "No logo."
    paper = [f"Paper: {brand.paper.value.capitalize()}."] if brand.paper else []
    return "\n".join([brand.firm or "No firm is named.", *([brand.line] if brand.line else []), logo, *paper])
