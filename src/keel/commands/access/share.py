"""``keel share``: links that show a portfolio to people without an account."""

from __future__ import annotations

import click

from keel.commands import inputs
from keel.commands.output import Reply, json_option, reply, table
from keel.domain.access.ending import last_day
from keel.domain.access.terms import LINK_DAYS, MOST_DAYS


@click.group("share")
def share_group() -> None:
    """Share a portfolio by a link that reads only, until a day or until it is revoked."""


@share_group.command("create")
@click.argument("portfolio", metavar="PORTFOLIO")
@click.option(
    "--days", type=inputs.Whole(1, MOST_DAYS), default=LINK_DAYS, show_default=True, help="How long it leads there."
)
@click.option("--for", "name", metavar="NAME", default="", help="For whom it is.")
@json_option
def create_link(portfolio: str, days: int, name: str, as_json: bool) -> Reply:
    """Make a link to a portfolio and show it, this once: keel share create ID --days 7."""
    from keel.commands.database import opened
    from keel.services.access import links
    from keel.settings import port

    with opened() as db:
        issued = links.create(db, portfolio, name, days)
    document = links.issued_document(issued)
    where = f"http://localhost:{port()}{document['address']}"
    said = f"Shows the portfolio until {last_day(issued.link)} ({issued.link.id}). It is shown this once."
    return reply(document, f"{where}\n\n{said}", as_json)


@share_group.command("list")
@click.option("--portfolio", metavar="ID", default="", help="Only links to this portfolio.")
@json_option
def list_links(portfolio: str, as_json: bool) -> Reply:
    """List the links there are, without their secrets."""
    from keel.commands.database import opened
    from keel.services.access import links

    with opened() as db:
        known = links.listed(db, portfolio)
    documents = [links.document(link) for link in known]
    rows = [
        [link.id, link.portfolio_id, link.name or "–", str(said["state"]), last_day(link)]
        for link, said in zip(known, documents, strict=True)
    ]
    return reply(documents, table(rows, left=5) if rows else "There are none yet.", as_json)


@share_group.command("revoke")
@click.argument("id", metavar="ID")
@json_option
def revoke_link(id: str, as_json: bool) -> Reply:
    """Revoke a link: it leads nowhere from now on."""
    from keel.commands.database import opened
    from keel.services.access import links

    with opened() as db:
        link = links.revoke(db, id)
    return reply(links.document(link), f"{link.id} leads nowhere any more.", as_json)
