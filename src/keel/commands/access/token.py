"""``keel token``: what a program shows to be let in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from keel.commands import inputs
from keel.commands.output import Reply, json_option, reply, table
from keel.domain.access.ending import last_day
from keel.domain.access.terms import MOST_DAYS, TOKEN_DAYS
from keel.domain.access.token import Scope

if TYPE_CHECKING:
    from keel.domain.access.token import Token


@click.group("token")
def token_group() -> None:
    """Make and revoke tokens, which programs show to the REST interface."""


@token_group.command("create")
@click.argument("name", metavar="NAME")
@click.option("--scope", type=click.Choice([s.value for s in Scope]), default="read", show_default=True)
@click.option(
    "--days", type=inputs.Whole(1, MOST_DAYS), default=TOKEN_DAYS, show_default=True, help="How long it holds."
)
@json_option
def create_token(name: str, scope: str, days: int, as_json: bool) -> Reply:
    """Make a token and show it, this once: keel token create laptop --scope write."""
    from keel.commands.database import opened
    from keel.services.access import tokens

    with opened() as db:
        issued = tokens.create(db, name, Scope(scope), days)
    said = f"{issued.secret}\n\n{_line(issued.token)}. It is shown this once: keep it as you keep a password."
    return reply(tokens.issued_document(issued), said, as_json)


@token_group.command("list")
@json_option
def list_tokens(as_json: bool) -> Reply:
    """List the tokens there are, without their secrets."""
    from keel.commands.database import opened
    from keel.services.access import tokens

    with opened() as db:
        known = tokens.listed(db)
    documents = [tokens.document(token) for token in known]
    rows = [[t.id, t.name, t.scope.value, str(d["state"]), last_day(t)] for t, d in zip(known, documents, strict=True)]
    return reply(documents, table(rows, left=5) if rows else "There are none yet.", as_json)


@token_group.command("revoke")
@click.argument("id", metavar="ID")
@json_option
def revoke_token(id: str, as_json: bool) -> Reply:
    """Revoke a token: it lets nobody in from now on."""
    from keel.commands.database import opened
    from keel.services.access import tokens

    with opened() as db:
        token = tokens.revoke(db, id)
    return reply(tokens.document(token), f"{token.name} is revoked.", as_json)


def _line(token: Token) -> str:
    """A token in a line."""
    return f"{token.name}: may {token.scope.value}, until {last_day(token)} ({token.id})"
