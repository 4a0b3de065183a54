"""What can be traded in a portfolio, and where its products lie best: as every plan of it takes it."""

from __future__ import annotations

from dataclasses import dataclass

from keel.domain.plan.ask import Ask
from keel.domain.plan.location import Location, class_of
from keel.domain.plan.tradable import Terms, Tradable, tradable
from keel.services.shared.held.laid import Laid
from keel.store import instruments
from keel.store.connection import Database
from keel.store.holdings import accounts


@dataclass(frozen=True, slots=True)
class Trading:
    """The lines that can be traded, and the classes that say where each lies best."""

    lines: Tradable
    where: Location


def trading(db: Database, portfolio_id: str, held: Laid, ask: Ask) -> Trading:
    """What can be traded of what is held, in the accounts that hold anything."""
    known = accounts.list_for(db, portfolio_id)
    filled = [account for account in known if any(p.account == account.name for p in held.positions)]
    terms = Terms(held.when, ask.tax, ask.picked, held.currency)
    lines = tradable(held.book, held.positions, held.closes, filled, terms)
    return Trading(lines, _location(db, lines, ask))


def _location(db: Database, lines: Tradable, ask: Ask) -> Location:
    products = instruments.find_many(db, list(dict.fromkeys(lines.symbols)))
    return Location({product.symbol: class_of(product) for product in reversed(products)}, ask.location)
