"""Tokens for programs: made once, shown once, revoked any time."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from hmac import compare_digest

from keel.domain.access.ending import is_news, state
from keel.domain.access.secret import BYTES, digest
from keel.domain.access.terms import TOKEN_DAYS, end_after, usable_name
from keel.domain.access.token import Scope, Token, require_usable, token_json
from keel.errors import InputError, NotSignedInError
from keel.store.access import tokens
from keel.store.connection import Database
from keel.store.values import now

PREFIX = "keel_"  # so that a token is known for one where it should not be
MOST = 50  # tokens in use at a time
SAYS = "where it is used"  # the name


@dataclass(frozen=True, slots=True, repr=False)
class Issued:
    """A new token and its secret, which is stored nowhere."""

    token: Token
    secret: str


def create(db: Database, name: str, scope: Scope, days: int = TOKEN_DAYS, asking: Token | None = None) -> Issued:
    """A new token that ends after so many days.

    One that is made with another (``asking``) outlives it in nothing. Raises InputError, where there are too
    many as well.
    """
    label, ends = usable_name(name, SAYS), end_after(days, now())
    if not label:
        raise InputError("A token needs a name.", hint=f"Say {SAYS}.", subject="name")
    if len(active(db)) >= MOST:
        raise InputError(f"There are {MOST} tokens in use.", hint="Revoke one first.", subject="token")
    if asking is not None and asking.expires_at is not None:
        ends = min(ends, asking.expires_at)
    secret = PREFIX + secrets.token_urlsafe(BYTES)
    return Issued(tokens.add(db, Token(label, scope, expires_at=ends), digest(secret)), secret)


def listed(db: Database) -> tuple[Token, ...]:
    """Every token, the newest first."""
    return tokens.list_all(db)


def active(db: Database) -> tuple[Token, ...]:
    """The tokens that let somebody in now, the newest first."""
    at = now()
    return tuple(token for token in tokens.list_all(db) if state(token, at) == "active")


def revoke(db: Database, id: str) -> Token:
    """The token, which lets nobody in any more. Raises TokenNotFoundError."""
    return tokens.revoke(db, id)


def admit(db: Database, secret: str, *, writes: bool) -> tuple[Database, Token]:
    """The database of whom a secret belongs to, and the token.

    Raises NotSignedInError for a secret that nobody has, or that is over, ForbiddenError where it may only read.
    """
    sought = digest(secret)
    bearer = tokens.find(db, sought)
    if bearer is None or not compare_digest(bearer.digest, sought):
        raise NotSignedInError("There is no such token.", hint="Make one on the page Data.", subject="token")
    at = now()
    require_usable(bearer.token, at, writes=writes)
    theirs = db.of(bearer.owner)
    if is_news(bearer.token.last_used_at, at):
        tokens.used(theirs, bearer.token.id, at)
    return theirs, bearer.token


def document(token: Token) -> dict[str, object]:
    """A token as JSON values, without its secret."""
    return token_json(token, now())


def issued_document(issued: Issued) -> dict[str, object]:
    """A new token as JSON values with its secret, the one time that it is told."""
    return document(issued.token) | {"token": issued.secret}
