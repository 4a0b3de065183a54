"""Vanguard: its download of holdings and transactions, two tables in one CSV file."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from keel.domain.market.prices import CASH
from keel.domain.reading.amount import Mark
from keel.domain.reading.day import DayForm
from keel.sources.brokers.reading import Reading
from keel.sources.brokers.statement.accounts import numbered
from keel.sources.brokers.statement.actions import Actions, effect_of
from keel.sources.brokers.statement.document import Document
from keel.sources.brokers.statement.journal import Effect, Entry, Journal
from keel.sources.brokers.statement.products import is_bond, is_option
from keel.sources.brokers.statement.table import Layout, Line, Table, lines, tables

FORMAT = "Vanguard"
HELD = frozenset({"account number", "investment name", "shares", "share price", "total value"})
DONE = frozenset({"trade date", "transaction type", "investment name", "shares", "net amount"})
AMERICAN = Layout(
    numbers=frozenset(
        {"shares", "share price", "total value", "principal amount", "commission fees", "commissions and fees"}
        | {"net amount", "accrued interest"}
    ),
    days=frozenset({"trade date", "settlement date"}),
    mark=Mark.point,
    days_first=DayForm.month_first,
)
# Other words for columns: of accounts that hold funds alone, and of plans of an employer.
OTHERS = {
    "fund account number": "account number",
    "plan number": "account number",
    "fund name": "investment name",
    "price": "share price",
    "transaction activity": "transaction type",
    "transaction shares": "shares",
    "dollar amount": "net amount",
}
CASH_NAMES = (CASH, "SETTLEMENT FUND")
SETTLEMENT = frozenset({"VMFXX", "VMRXX", "VMMXX"})  # the fund that holds an account's cash
ACTIONS: Actions = (
    (r"sweep", Effect.nothing),
    (r".*(to open|to close|expire|assign|exercise)", Effect.unheld),
    (r".*cancel", Effect.cancelled),
    (r"reinvest", Effect.buy),
    (r"buy", Effect.buy),
    (r"sell|redemption", Effect.sell),
    (r"dividend|capital gain|.*cap gain|return of capital", Effect.dividend),
    (r".*interest", Effect.interest),
    (r".*tax|.*withhold", Effect.tax),
    (r".*\bfee", Effect.fee),
    (r".*split", Effect.stock_split),
    (r".*(conversion|exchange|merger|spin|corp action|corporate action|name change)", Effect.changed),
    (r".*(transfer|rollover|asset)", Effect.moved),
    (r"funds|contribution|distribution|withdrawal|deposit|check|wire|ach|electronic|adjust", Effect.cash),
)


def sure(document: Document) -> float:
    """How sure it is that a document is of Vanguard, from 0 to 1."""
    return 0.95 if _tables(document) else 0.0


def read(document: Document, as_of: date) -> Reading:
    """What the document holds.

    Holdings are those after the last transaction beside them, where there are any, else those of ``as_of``.
    """
    journal = Journal(document.place, as_of)
    found = [(table, lines(table, document.place, AMERICAN)) for table in _tables(document)]
    done = [line for table, rows in found if table.has(DONE) for line in rows]
    stated = max((line.day("trade date") for line in done), default=as_of)
    for line in done:
        _do(journal, line)
    for table, rows in found:
        if not table.has(DONE):
            for line in rows:
                _hold(journal, line, stated)
    return journal.reading(FORMAT)


def _tables(document: Document) -> tuple[Table, ...]:
    found = tables(document.records, lambda words: _is_one({OTHERS.get(name, name) for name in words}))
    return tuple(replace(table, columns=tuple(OTHERS.get(c, c) for c in table.columns)) for table in found)


def _is_one(words: set[str]) -> bool:
    return words >= HELD or words >= DONE


def _account(line: Line) -> str:
    return numbered("Vanguard", line.text("account number"))


def _hold(journal: Journal, line: Line, day: date) -> None:
    """Notes down a row of the holdings."""
    symbol, name = _called(line), line.text("investment name")
    if "total" in (symbol.lower(), name.lower()):
        return
    quantity, price = line.number("shares"), line.number("share price")
    entry = Entry(line.at("symbol"), day, symbol, quantity or 0.0, price, account=_account(line), name=name)
    if symbol in SETTLEMENT or name.upper() in CASH_NAMES or symbol == CASH:
        journal.post(Effect.opening, replace(entry, symbol=CASH, quantity=_worth(line), price=None, name=""))
    elif is_option(symbol) or is_bond(symbol, name):
        journal.post(Effect.unheld, entry)
    elif quantity is None:
        journal.without_quantity(entry, line.number("total value"), line.at("shares"))
    else:
        journal.post(Effect.opening, entry)


def _called(line: Line) -> str:
    """The symbol of a row, the fund's name where the table has no symbols."""
    return line.text("symbol") if "symbol" in line.cells else line.text("investment name")


def _worth(line: Line) -> float:
    worth = line.number("total value")
    return worth if worth is not None else line.number("shares") or 0.0


def _do(journal: Journal, line: Line) -> None:
    """Notes down a transaction."""
    action = line.text("transaction type")
    if not action:
        raise line.at("transaction type").error("is empty.", "Download the transactions again.")
    entry = Entry(
        line.at("transaction type"),
        line.day("trade date", "settlement date"),
        _called(line),
        line.number("shares") or 0.0,
        line.number("share price"),
        line.number("net amount", "principal amount"),
        "USD",
        abs(line.number("commission fees", "commissions and fees") or 0.0),
        _account(line),
        name=line.text("investment name"),
        what=action,
    )
    if "symbol" not in line.cells:
        journal.through(entry)  # funds alone
        return
    journal.post(_effect(entry), replace(entry, symbol="") if entry.symbol in SETTLEMENT else entry)


def _effect(entry: Entry) -> Effect:
    """What a transaction does."""
    effect = effect_of(entry.what.lower(), ACTIONS)
    if entry.symbol in SETTLEMENT and effect in (Effect.buy, Effect.sell):
        return Effect.nothing
    if effect is Effect.dividend and entry.quantity and (entry.amount or 0.0) < 0:
        return Effect.reinvested  # older files tell both in one row
    if effect is Effect.cash and entry.quantity and entry.symbol:
        return Effect.moved
    return effect
