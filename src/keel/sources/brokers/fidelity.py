"""Fidelity: its list of positions and its account history, both as CSV."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from keel.domain.market.prices import CASH
from keel.domain.reading.amount import Mark
from keel.domain.reading.day import DayForm
from keel.domain.reading.rows import Record
from keel.domain.reading.written_day import days_in
from keel.sources.brokers.reading import Reading
from keel.sources.brokers.statement.accounts import numbered
from keel.sources.brokers.statement.actions import Actions, effect_of
from keel.sources.brokers.statement.document import Document
from keel.sources.brokers.statement.journal import Effect, Entry, Journal
from keel.sources.brokers.statement.products import is_bond, is_option
from keel.sources.brokers.statement.table import Layout, Line, Table, lines, tables

POSITIONS, HISTORY = "Fidelity positions", "Fidelity history"
HELD = frozenset({"symbol", "description", "quantity", "last price", "current value"})
DONE = frozenset({"action", "symbol", "quantity", "amount", "settlement date"})
RUN = frozenset({"run date", "action", "symbol", "quantity", "amount"})  # no other broker's first column is called that
PLAN = frozenset({"date", "investment", "transaction type", "shares/unit", "amount"})  # of an employer
AMERICAN = Layout(
    numbers=frozenset(
        {"quantity", "last price", "current value", "cost basis total", "cost basis", "average cost basis"}
        | {"cost basis per share", "price", "commission", "fees", "accrued interest", "amount", "shares/unit"}
    ),
    days=frozenset({"run date", "date"}),
    mark=Mark.point,
    days_first=DayForm.month_first,
)
FUNDS = frozenset({"SPAXX", "FDRXX", "FZFXX", "FRBXX", "FCASH", "315994103"})  # in which an account keeps its cash
CORE = FUNDS | {"FDIC", "CORE", "QPDRQ", "USD", "QIWSQ", "CASH"}
# The first pattern that an action begins with says what its row does.
ACTIONS: Actions = (
    (r"(YOU )?(BOUGHT|SOLD) (OPENING|CLOSING|ASSIGNED|EXERCISED)|(EXPIRED|ASSIGNED|EXERCISED)\b", Effect.unheld),
    (r".*\bCANCEL(LED|ED)?\b", Effect.cancelled),
    (r"(REDEMPTION FROM|PURCHASE INTO|PURCHASED INTO) CORE", Effect.nothing),
    (r"REINVESTMENT|(YOU )?BOUGHT|BUY|PURCHASE|CONVERSION SHARES DEPOSITED", Effect.buy),
    (r"(YOU )?SOLD|SELL|REDEMPTION PAYOUT|REDEEMED|IN LIEU", Effect.sell),
    (r"DIVIDEND|.*CAP GAIN|RETURN OF CAPITAL|ROYALTY|.*CAPITAL GAIN", Effect.dividend),
    (r"INTEREST|MARGIN INTEREST", Effect.interest),
    (r"(FOREIGN|FED|FEDERAL|STATE|NON-RESIDENT|NON RESIDENT|NRA|ADJUST NON).*TAX|TAX|.*TAX WITHH", Effect.tax),
    (r"(ADJUST )?FEE|ADVISORY|ADVISOR FEE|.*\bFEE\b|FOREIGN CUSTODY|ADR", Effect.fee),
    (r"(REVERSE |STOCK |FORWARD )?SPLIT|DISTRIBUTION(?!.*\bTAX)", Effect.stock_split),
    (r"MERGER|EXCHANGE|NAME CHANGE|SPIN|CASH IN LIEU|TENDER|CONVERSION|MANDATORY|WARRANT", Effect.changed),
    (r"TRANSFER(RED)? (FROM|TO|OF)|TRANSFERRED|TRANSFER|ACAT|JOURNAL", Effect.moved),
    (
        r"ELECTRONIC FUNDS|DIRECT (DEPOSIT|DEBIT)|DEPOSIT|.*CONTR|ROLLOVER|WIRE|CHECK|DEBIT CARD|BILL PAY|CASH|ATM"
        r"|WITHDRAWAL|NORMAL DISTR|PREMATURE DISTR|EARLY DIST|PARTIAL DISTR|PARTIC|CO CONTR|ADJUSTMENT|CREDIT|REWARD",
        Effect.cash,
    ),
)


def sure(document: Document) -> float:
    """How sure it is that a document is of Fidelity, from 0 to 1."""
    tops = [table.columns for table in _tables(document)]
    if any({"account number", "current value", "last price"} <= set(top) for top in tops):
        return 1.0
    if any({"run date", "action"} <= set(top) or set(top) >= PLAN for top in tops):
        return 0.9
    return 0.6 if tops else 0.0


def read(document: Document, as_of: date) -> Reading:
    """What the document holds; ``as_of`` is the day of positions that say none."""
    journal = Journal(document.place, as_of)
    found = _tables(document)
    stated = _day_of(found, document) or as_of
    held = False
    for table in found:
        rows = lines(table, document.place, AMERICAN)
        held = held or set(table.columns) >= HELD
        if set(table.columns) >= HELD:
            names = _account_names(rows)
            for line in rows:
                _hold(journal, line, names, stated)
        elif set(table.columns) >= PLAN:
            for line in rows:
                _contribute(journal, line, _own_account(document))
        else:
            for line in rows:
                _do(journal, _unshifted(line), document)
    return journal.reading(POSITIONS if held else HISTORY)


def _tables(document: Document) -> tuple[Table, ...]:
    return tables(
        document.records,
        lambda words: words >= HELD or words >= RUN or words >= PLAN or (words >= DONE and bool(words & AMERICAN.days)),
    )


def _day_of(found: tuple[Table, ...], document: Document) -> date | None:
    """The day that the foot of the list or the file's name tells."""
    remarks = (cell for table in found for record in table.rows if _is_foot(record) for cell in record.cells[:1])
    prose = " ".join([*remarks, document.stem.replace("_", " ")])
    return next(days_in(prose, DayForm.month_first), None)


def _is_foot(record: Record) -> bool:
    return record.cells[0].lower().startswith("date downloaded")


def _account_names(rows: tuple[Line, ...]) -> dict[str, str]:
    """What each account number is called; names that two accounts have are told apart by the numbers' last digits."""
    names: dict[str, str] = {}
    for line in rows:
        names.setdefault(line.text("account number"), line.text("account name"))
    called = list(names.values())
    return {number: numbered(name, number if called.count(name) > 1 else "") for number, name in names.items()}


def _hold(journal: Journal, line: Line, names: dict[str, str], day: date) -> None:
    """Notes down a row of the list of positions."""
    symbol, description = line.text("symbol"), line.text("description")
    account, value = names[line.text("account number")], line.number("current value")
    entry = Entry(line.at("symbol"), day, symbol, account=account, name=description)
    if "pending activity" in (symbol.lower(), description.lower()):
        pending = line.number("current value", "last price change", "last price", "quantity")
        if pending:
            what = f"Pending activity of {pending:,.2f} is not in the positions yet and is left out."
            journal.complain(line.place, "pending", what)
        return
    if not symbol and (not description or "total" in description.lower()):
        return
    if _is_core(symbol, description):
        worth = value if value is not None else line.number("quantity") or 0.0
        journal.post(Effect.opening, replace(entry, symbol=CASH, quantity=worth, name=""))
        return
    quantity = line.number("quantity")
    if is_option(symbol) or is_bond(symbol, description):
        journal.post(Effect.unheld, entry)
        return
    if quantity is None:
        journal.without_quantity(entry, value, line.at("quantity"))
        return
    cost = line.number("cost basis total", "cost basis")
    each = line.number("average cost basis", "cost basis per share")
    paid = cost if cost is not None else None if each is None else each * quantity
    journal.post(Effect.opening, replace(entry, quantity=quantity, price=line.number("last price"), amount=paid))


def _is_core(symbol: str, description: str) -> bool:
    """Whether a row is the account's cash: its symbol is starred, or it is said to be held as cash."""
    said = description.upper().startswith(("HELD IN MONEY", "HELD IN FCASH"))
    return symbol.endswith("**") or symbol == "CORE" or symbol in FUNDS or said


def _unshifted(line: Line) -> Line:
    """The line with quantity, currency and price in their places, which a column of older files had moved."""
    code = line.cells.get("quantity", "")
    if not code.isalpha() or not {"exchange rate", "price", "currency"} <= set(line.cells):
        return line
    moved = {"quantity": line.cells["price"], "currency": code, "price": line.cells["currency"]}
    return replace(line, cells={**line.cells, **moved})


def _do(journal: Journal, line: Line, document: Document) -> None:
    """Notes down a row of the history."""
    action, symbol = line.text("action"), line.text("symbol")
    if not action and not symbol:
        raise line.at("action").error("is empty.", "Download the history again.")
    entry = Entry(
        line.at("action"),
        line.day("run date", "date"),
        symbol,
        line.number("quantity") or 0.0,
        line.number("price"),
        line.number("amount"),
        line.text("currency") or "USD",
        abs(line.number("commission") or 0.0) + abs(line.number("fees") or 0.0),
        line.text("account", "account name") or _own_account(document),
        name=line.text("description", "security description"),
        what=action,
    )
    effect = _effect(entry)
    journal.post(effect, replace(entry, symbol="") if symbol in CORE else entry)


def _own_account(document: Document) -> str:
    """The account whose number the file's name tells, empty where it tells none."""
    number = re.match(r"History[_-]for[_-]Account[_-](\w+)", document.place.file)
    return numbered("Account", number[1]) if number else ""


def _contribute(journal: Journal, line: Line, account: str) -> None:
    """Notes down a row of an employer's plan: what is paid in or out is units at once, and nothing is kept in cash."""
    fund, units = line.text("investment"), line.number("shares/unit") or 0.0
    entry = Entry(line.at("investment"), line.day("date"), fund, units, amount=line.number("amount"), account=account)
    journal.through(replace(entry, name=fund, what=line.text("transaction type")))


def _effect(entry: Entry) -> Effect:
    """What a row of the history does."""
    effect = effect_of(entry.what.upper(), ACTIONS)
    if entry.symbol in CORE and effect in (Effect.buy, Effect.sell):
        return Effect.nothing  # cash becomes shares of the fund that holds it
    if effect is Effect.stock_split and not entry.quantity:
        return Effect.dividend if entry.symbol else Effect.cash  # a distribution of money
    if effect is Effect.cash and entry.quantity and entry.symbol:
        return Effect.moved
    return effect
