"""A portfolio that begins with what is held: its framework is made by classifying it, edits to follow."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from keel.domain.framework.tree import leaves
from keel.domain.framework.validation import require_valid
from keel.domain.market.prices import CASH
from keel.domain.portfolio.held.classify import Fact, classified
from keel.domain.portfolio.held.statement import standing
from keel.domain.portfolio.position import Role
from keel.domain.portfolio.records import Pick, Portfolio
from keel.domain.text import some
from keel.errors import InputError
from keel.services.shared.held import books
from keel.services.shared.held.reading import File, Read, read_file, remember_said
from keel.services.shared.held.worth import Holding, priced
from keel.store import frameworks, instruments, portfolios
from keel.store.connection import Cursor, Database
from keel.store.holdings.imports import Import


@dataclass(frozen=True, slots=True)
class Begun:
    """A new portfolio and the import that it began with."""

    portfolio: Portfolio
    made: Import


def begin(db: Database, file: File, name: str, base_ccy: str = "USD") -> Begun:
    """The portfolio that holds what a file says, with a framework of its asset classes and regions, to be edited.

    Its targets are what each weighs today, in whole percents. Raises ImportFormatError, and InputError where something
    has no price: what it weighs would be left out, and all else weigh too much.
    """

    def work(cursor: Cursor) -> Begun:
        known = read_file(db, file, base_ccy)
        holdings = _priced(db, known, file, base_ccy)
        _require_priced(holdings, file.name)
        framework = classified(_facts(db, holdings), name, base_ccy)
        require_valid(framework)
        saved = frameworks.save_version(db, framework)
        ids = {i.symbol: i.id for i in instruments.of_ids(db, [h.stored.instrument_id for h in holdings])}
        picks = tuple(
            Pick(leaf.path, ids.get(held.symbol, ""), held.symbol, held.share)
            for leaf in leaves(framework)
            for held in leaf.holdings
        )
        portfolio = portfolios.save(db, Portfolio(name, saved.id, saved.version, picks))
        remember_said(db, cursor, file, known)
        made = Import(portfolio.id, known.reading.format, file.name, sha256(file.data).hexdigest())
        return Begun(portfolio, books.record(db, made, known.statement, known.accounts))

    return db.transact(work)


def document(begun: Begun) -> dict[str, object]:
    """A new portfolio as the command line prints it."""
    portfolio = begun.portfolio
    return {
        "import": begun.made.id,
        "format": begun.made.format,
        "portfolio": portfolio.id,
        "framework_id": portfolio.framework_id,
        "picks": [{"path": pick.path, "symbol": pick.symbol, "share": pick.share} for pick in portfolio.picks],
    }


def _priced(db: Database, known: Read, file: File, base_ccy: str) -> tuple[Holding, ...]:
    """What the file holds at the freshest prices, under the symbols that are shown."""
    found = standing([known.statement])
    stored = books.stored_of(found)
    return priced(db, stored, base_ccy, None, file.today)[1]


def _require_priced(holdings: tuple[Holding, ...], name: str) -> None:
    """Raises InputError for holdings without a price that are not excluded, and where nothing is worth anything."""
    meant = [held for held in holdings if held.stored.position.role is not Role.excluded]
    lacking = [held.stored.position.symbol for held in meant if held.value is None]
    hint = "Give a column price in the file, or import prices first."
    if not any(held.value for held in meant):
        raise InputError(f"Nothing in {name} has a price.", hint=hint, subject=name)
    if lacking:
        message = (
            f"{some(lacking)} {'has' if len(lacking) == 1 else 'have'} no price, so what each weighs is not known."
        )
        raise InputError(message, hint=hint, subject=lacking[0])


def _facts(db: Database, holdings: tuple[Holding, ...]) -> list[Fact]:
    known = {i.id: i for i in instruments.of_ids(db, [h.stored.instrument_id for h in holdings])}
    facts = []
    for holding in holdings:
        position, product = holding.stored.position, known.get(holding.stored.instrument_id)
        if holding.value and position.role is not Role.excluded:
            if product is None or position.symbol == CASH:
                facts.append(Fact(position.symbol, holding.value))
            else:
                facts.append(Fact(product.symbol, holding.value, product.asset_class, product.region))
    return facts
