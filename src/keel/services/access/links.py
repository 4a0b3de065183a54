"""Links that show a portfolio to people without an account: made once, shown once, revoked any time."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from hmac import compare_digest

from keel.domain.access.ending import is_news, state
from keel.domain.access.link import Link, address, link_json
from keel.domain.access.secret import BYTES, digest
from keel.domain.access.terms import LINK_DAYS, end_after, usable_name
from keel.errors import InputError, LinkNotFoundError
from keel.store import portfolios
from keel.store.access import links
from keel.store.connection import Database
from keel.store.values import now

MOST = 20  # links to a portfolio in use at a time
NOWHERE = "This link leads nowhere, or not any more."
ASK = "Ask who gave it to you for another."


@dataclass(frozen=True, slots=True, repr=False)
class Issued:
    """A new link and its secret, which is stored nowhere."""

    link: Link
    secret: str


def create(db: Database, portfolio_id: str, name: str = "", days: int = LINK_DAYS) -> Issued:
    """A new link to a portfolio that ends after so many days; ``name`` says for whom it is.

    Raises PortfolioNotFoundError, and InputError, where there are too many as well.
    """
    label, ends = usable_name(name, "for whom it is"), end_after(days, now())
    portfolio = portfolios.get(db, portfolio_id)
    if len(active(db, portfolio.id)) >= MOST:
        raise InputError(f"There are {MOST} links to this portfolio.", hint="Revoke one first.", subject="link")
    secret = secrets.token_urlsafe(BYTES)
    return Issued(links.add(db, Link(portfolio.id, label, expires_at=ends), digest(secret)), secret)


def listed(db: Database, portfolio_id: str = "") -> tuple[Link, ...]:
    """Every link, or those to one portfolio, the newest first. Raises PortfolioNotFoundError."""
    return links.list_for(db, portfolios.get(db, portfolio_id).id) if portfolio_id else links.list_all(db)


def active(db: Database, portfolio_id: str) -> tuple[Link, ...]:
    """The links that show a portfolio now, the newest first."""
    at = now()
    return tuple(link for link in links.list_for(db, portfolio_id) if state(link, at) == "active")


def revoke(db: Database, id: str) -> Link:
    """The link, which leads nowhere any more. Raises LinkNotFoundError."""
    return links.revoke(db, id)


def follow(db: Database, secret: str) -> tuple[Database, Link]:
    """The database of whom a link belongs to, and the link.

    Raises LinkNotFoundError, the same for a secret that nobody has, one that is over and one of what is archived.
    """
    sought, at = digest(secret), now()
    lent = links.find(db, sought)
    if lent is None or not compare_digest(lent.digest, sought) or state(lent.link, at) != "active":
        raise LinkNotFoundError(NOWHERE, hint=ASK)
    theirs = db.of(lent.owner)
    if is_news(lent.link.last_opened_at, at):
        links.opened(theirs, lent.link.id, at)
    return theirs, lent.link


def document(link: Link) -> dict[str, object]:
    """A link as JSON values, without its secret."""
    return link_json(link, now())


def issued_document(issued: Issued) -> dict[str, object]:
    """A new link as JSON values with its secret and the address of the pages, the one time that they are told."""
    return document(issued.link) | {"secret": issued.secret, "address": address(issued.secret)}
