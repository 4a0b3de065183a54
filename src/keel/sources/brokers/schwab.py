"""Schwab: its positions as CSV, and its transactions as CSV or JSON."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from keel.domain.market.prices import CASH
from keel.domain.reading.amount import Mark
from keel.domain.reading.day import DayForm
from keel.domain.reading.rows import Record
from keel.domain.reading.written_day import days_in
from keel.sources.brokers.reading import Reading
from keel.sources.brokers.statement.actions import Actions, effect_of
from keel.sources.brokers.statement.document import Document
from keel.sources.brokers.statement.journal import Effect, Entry, Journal
from keel.sources.brokers.statement.products import is_bond, is_option
from keel.sources.brokers.statement.table import Layout, Line, Table, lines, tables

POSITIONS, TRANSACTIONS = "Schwab positions", "Schwab transactions"
HELD = frozenset({"symbol", "description", "quantity", "price", "market value"})
DONE = frozenset({"date", "action", "symbol", "fees & comm", "amount"})
JSON_ROWS = "BrokerageTransactions"
GONE = "X" * 3  # after the name of units that an exchange takes, before its reason
AMERICAN = Layout(
    numbers=frozenset({"quantity", "price", "market value", "cost basis", "fees & comm", "amount"}),
    days=frozenset({"date"}),
    mark=Mark.point,
    days_first=DayForm.month_first,
)
CASH_LINES = ("cash & cash", "cash and cash", "cash & money", "cash and money")
UNHELD = ("option", "fixed income", "bond", "certificate", "future")
ACTIONS: Actions = (
    (r"cancel|.* cancel", Effect.cancelled),
    (r"(buy|sell) to (open|close)|expired|assigned|exercise|options", Effect.unheld),
    (r"sell short|buy to cover", Effect.unheld),
    (r"buy|reinvest shares|.*reinvest shares", Effect.buy),
    (r"sell|full redemption|redemption|mutual fund redemption", Effect.sell),
    (r".*\bdiv\b|.*dividend|.*cap gain|.*div reinvest|return of capital|cash in lieu", Effect.dividend),
    (r".*interest|bank int", Effect.interest),
    (r".*\b(tax|nra)\b", Effect.tax),
    (r".*\bfees?\b|adr", Effect.fee),
    (r".*split", Effect.stock_split),
    (r".*(merger|spin|exchange|name change|conversion|reorg)", Effect.changed),
    (r"security transfer|journaled shares|stock plan activity|internal transfer|acat|shares", Effect.moved),
    (r"journal", Effect.moved),
    (
        r"moneylink|wire|funds|.*transfer|.*deposit|.*withdrawal|atm|visa|promotional|misc|check|debit|auto s\d|ach|"
        r"credit|adjust|reward|bill",
        Effect.cash,
    ),
)


def sure(document: Document) -> float:
    """How sure it is that a document is of Schwab, from 0 to 1."""
    if isinstance(document.json, dict):
        return 1.0 if isinstance(document.json.get(JSON_ROWS), list) else 0.0
    return 0.95 if _tables(document.records) else 0.0


def read(document: Document, as_of: date) -> Reading:
    """What the document holds; ``as_of`` is the day of positions that say none."""
    journal = Journal(document.place, as_of)
    if isinstance(document.json, dict):
        for line in _json_lines(document):
            _do(journal, line, _file_account(document))
        return journal.reading(TRANSACTIONS)
    found = _tables(document.records)
    stated = next((day for table in found for day in _days_above(table)), None) or as_of
    account, format = "", TRANSACTIONS
    for table in found:
        account = _account(table.above) or account
        if table.has(HELD):
            format = POSITIONS
        rows = lines(table, document.place, AMERICAN)
        splits = {} if format == POSITIONS else _splits(rows)
        for line in rows:
            if format == POSITIONS:
                _hold(journal, line, account or _file_account(document), stated)
            elif "total" not in line.cells["date"].lower():
                _do(journal, _renamed(_effective(line), splits), account or _file_account(document))
    return journal.reading(format)


def _tables(records: Sequence[Record]) -> tuple[Table, ...]:
    return tables(records, lambda words: words >= HELD or words >= DONE)


def _days_above(table: Table) -> list[date]:
    prose = " ".join(cell for record in table.above for cell in record.cells if " as of " in cell)
    return list(days_in(prose, DayForm.month_first))


def _account(above: Sequence[Record]) -> str:
    """The account that the title of a table names, empty where it names none or all."""
    for record in reversed(above):
        title = re.sub(r"^(positions|transactions)\s+for\s+(account\s+)?|\s+as of .*$", "", record.cells[0], flags=re.I)
        if title and not title.lower().startswith("all") and len(title) < 60:
            return title
    return ""


def _file_account(document: Document) -> str:
    """The account that the file's name tells, as in ``Individual_XXX178_Transactions_20250309-115444.csv``."""
    found = re.match(r"(.+?)[_-](XX+[A-Za-z0-9]+)?[_-]?(Transactions|Positions)", document.stem, re.IGNORECASE)
    return f"{found[1]} {found[2] or ''}" if found and not found[1].lower().startswith("all") else ""


def _effective(line: Line) -> Line:
    """The line with the day on which it took effect, where it names that beside the day of booking."""
    later, _, effective = line.cells["date"].partition(" as of ")
    return replace(line, cells={**line.cells, "date": effective or later})


def _splits(rows: Sequence[Line]) -> dict[tuple[str, str], str]:
    """The symbols of splits by their action and the name of their product."""
    splits = [line for line in rows if "split" in line.cells["action"].lower()]
    return {(line.cells["action"], line.cells.get("description", "")): line.cells["symbol"] for line in splits}


def _renamed(line: Line, splits: Mapping[tuple[str, str], str]) -> Line:
    """The line of units that a reverse split takes, which stand under a number, with the symbol of those it gives."""
    name, gone, _ = line.cells.get("description", "").partition(GONE)
    symbol = splits.get((line.cells["action"], name.strip())) if gone else None
    return replace(line, cells={**line.cells, "symbol": symbol}) if symbol else line


def _json_lines(document: Document) -> list[Line]:
    """The transactions of a JSON file, as the rows of the CSV file would be; the row is that of the list."""
    listed = document.json[JSON_ROWS] if isinstance(document.json, dict) else []
    rows = [row for row in listed if isinstance(row, dict)]
    header = list(dict.fromkeys(key for row in rows for key in row))
    records = [Record(1, header)]
    records += [Record(n, [str(row.get(key) or "") for key in header]) for n, row in enumerate(rows, start=1)]
    found = _tables(records)
    if len(rows) < len(listed) or not found:
        raise document.place.error(f"{JSON_ROWS} is no list of transactions.", "Download the transactions again.")
    return [_effective(line) for line in lines(found[0], document.place, AMERICAN)]


def _hold(journal: Journal, line: Line, account: str, day: date) -> None:
    """Notes down a row of the positions."""
    symbol, name, kind = line.text("symbol"), line.text("description"), line.text("security type", "asset type").lower()
    entry = Entry(line.at("symbol"), day, symbol, account=account, name=name)
    if "total" in symbol.lower() or not (symbol or name):
        return
    if symbol.lower().startswith(CASH_LINES):
        worth = line.number("market value") or 0.0
        journal.post(Effect.opening, replace(entry, symbol=CASH, quantity=worth, name=""))
        return
    if is_option(symbol) or is_bond(symbol, name) or kind.startswith(UNHELD):
        journal.post(Effect.unheld, entry)
        return
    quantity = line.number("quantity")
    if quantity is None:
        journal.without_quantity(entry, line.number("market value"), line.at("quantity"))
        return
    cost = line.number("cost basis")
    journal.post(Effect.opening, replace(entry, quantity=quantity, price=line.number("price"), amount=cost))


def _do(journal: Journal, line: Line, account: str) -> None:
    """Notes down a transaction."""
    action = line.text("action")
    if not action:
        raise line.at("action").error("is empty.", "Download the transactions again.")
    entry = Entry(
        line.at("action"),
        line.day("date"),
        line.text("symbol"),
        line.number("quantity") or 0.0,
        line.number("price"),
        line.number("amount"),
        "USD",
        abs(line.number("fees & comm") or 0.0),
        account,
        name=line.text("description"),
        what=action,
    )
    journal.post(_effect(entry), entry)


def _effect(entry: Entry) -> Effect:
    """What a transaction does."""
    effect = effect_of(entry.what.lower(), ACTIONS)
    if effect is Effect.sell and not entry.quantity:
        return Effect.dividend  # a redemption told apart from the units it took
    return effect
