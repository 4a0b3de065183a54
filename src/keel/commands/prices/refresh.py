"""``keel prices refresh``: public prices brought up to date."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from keel.commands.output import Reply, busy, json_option, reply

if TYPE_CHECKING:
    from keel.domain.market.public.report import Report


@click.command("refresh")
@click.option("--symbols", metavar="LIST", help="Symbols, such as SPY,BND; else those of your portfolios.")
@json_option
def refresh_prices(symbols: str | None, as_json: bool) -> Reply:
    """Bring public prices up to date from Yahoo; every symbol that fails is named with its reason.

    Without --symbols: what portfolios hold and what was fetched before, else every product of the universe.
    """
    from keel.commands.database import opened
    from keel.domain.market.public.report import report_json
    from keel.services.market.refresh import finish_refresh, symbols_of

    wanted = () if symbols is None else symbols_of(symbols)
    with busy("Fetching prices"), opened() as db:
        report = finish_refresh(db, wanted)
    return reply(report_json(report), report_text(report), as_json)


def report_text(report: Report) -> str:
    """The report as lines of text."""
    from keel.domain.market.public.report import failures, named, summary

    lists = {
        "New prices": report.fetched,
        "Up to date": report.unchanged,
        "Restated": report.restated,
        "Nothing but prices": report.without_facts,
    }
    lines = [f"{summary(report)}.", *(f"{name}: {named(of)}" for name, of in lists.items() if of)]
    return "\n".join([*lines, *(f"{kind}: {words}" for kind, words in failures(report))])
