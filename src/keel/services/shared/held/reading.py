"""A file of holdings as a statement by ids of instruments, and what of it nobody knows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from keel.domain.market.prices import CASH
from keel.domain.portfolio.account import Account
from keel.domain.portfolio.held.matching import Called, called
from keel.domain.portfolio.held.statement import Statement
from keel.domain.text import plain
from keel.errors import InstrumentNotFoundError
from keel.services.shared.held import columns
from keel.services.shared.held.directory import directory, remember
from keel.sources.brokers import detect
from keel.sources.brokers.columns import Columns
from keel.sources.brokers.reading import Reading
from keel.store import instruments
from keel.store.connection import Cursor, Database

Choices = Mapping[str, str]  # what a file calls a product → the symbol or id of the instrument that is meant


@dataclass(frozen=True, slots=True)
class File:
    """The content of a file, its name, and what a person says beside it.

    ``again``: trades that an executed plan counts already are others and count too.
    """

    data: bytes
    name: str
    today: date
    choices: Choices = field(default_factory=dict)
    said: Columns | None = None
    again: bool = False


@dataclass(frozen=True, slots=True)
class Read:
    """A file's statement by ids of instruments, the accounts it names, and what of it nobody knows."""

    reading: Reading
    statement: Statement
    accounts: tuple[Account, ...]
    names: Mapping[str, str]
    known: Mapping[Called, str]
    unknown: tuple[Called, ...]


def read_file(db: Database, file: File, base_ccy: str, accounts: Sequence[Account] = ()) -> Read:
    """What a file says; money without a currency is its account's, else ``base_ccy``. Raises ImportFormatError."""
    said = file.said or columns.remembered(db, file.data, file.name)
    reading = detect.read(file.data, file.name, file.today, said)
    products = dict.fromkeys(one for a in reading.activities if (one := called(a)).symbol != CASH)
    chosen = {text: _chosen(db, choice) for text, choice in file.choices.items() if choice}
    found = directory(db, products)
    ids = {one: chosen.get(one.text) or found.find(one) for one in products}
    known = {one: id for one, id in ids.items() if id is not None}
    money = {account.name: account.currency or base_ccy for account in (*reading.accounts, *accounts)}
    statement = _by_ids(reading, known, money, base_ccy)
    named = {i.id: i.symbol for i in instruments.of_ids(db, list(known.values()))}
    fresh = tuple(replace(account, currency=money[account.name]) for account in reading.accounts)
    return Read(reading, statement, fresh, named, known, tuple(one for one in products if one not in known))


def remember_said(db: Database, cursor: Cursor, file: File, known: Read) -> None:
    """Writes what a person said beside a file: what its names and its columns mean."""
    remember(cursor, {one.text: id for one, id in known.known.items() if one.text in file.choices})
    if file.said is not None:
        columns.remember(db, file.data, file.name, file.said)


def _chosen(db: Database, choice: str) -> str:
    """The id of the instrument that a person chose, by its id or its symbol."""
    by_id = instruments.of_ids(db, [choice])
    product = by_id[0] if by_id else instruments.find(db, choice)
    if product is None:
        message = f"There is no instrument {plain(choice)}."
        raise InstrumentNotFoundError(message, hint="Check the symbol.", subject=choice)
    return product.id


def _by_ids(reading: Reading, known: Mapping[Called, str], money: Mapping[str, str], base_ccy: str) -> Statement:
    """What was read, by ids; a product that nobody knows by the one text that stands for it."""
    by_symbol = {one.symbol: id for one, id in known.items() if one.symbol}
    activities = tuple(
        replace(
            a,
            symbol=CASH if a.symbol == CASH else known.get(called(a), called(a).text),
            currency=a.currency or money.get(a.account, base_ccy),
        )
        for a in reading.activities
    )
    stated = tuple(
        replace(
            p, symbol=by_symbol.get(p.symbol, p.symbol), currency=p.currency or money.get(p.account, base_ccy), lots=()
        )
        for p in reading.stated
    )
    return Statement(activities, stated)
