"""Interactive Brokers: the activity statement as CSV, whose rows name their section in the first cell."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from keel.domain.market.prices import CASH
from keel.domain.reading.amount import Mark
from keel.domain.reading.day import DayForm
from keel.domain.reading.rows import Record
from keel.domain.reading.written_day import days_in, month_ends
from keel.sources.brokers.reading import Reading
from keel.sources.brokers.statement.accounts import numbered
from keel.sources.brokers.statement.actions import Actions, effect_of
from keel.sources.brokers.statement.document import Document
from keel.sources.brokers.statement.journal import Effect, Entry, Journal
from keel.sources.brokers.statement.table import Layout, Line, Table, lines, word

FORMAT = "Interactive Brokers statement"
LAYOUT = Layout(
    numbers=frozenset(
        {"quantity", "t. price", "proceeds", "comm/fee", "comm in usd", "amount", "total", "cost price", "cost basis"}
        | {
            "close price",
            "value",
            "qty",
            "market value",
            "cash amount",
            "sales tax",
            "price",
            "commission",
            "net amount",
        }
        | {"gross amount"}
    ),
    days=frozenset({"date", "date/time", "settle date", "report date", "open"}),
    mark=Mark.point,
    days_first=DayForm.month_first,
)
BASE = ("basiswährung", "devise de base", "divisa base", "divisa di base", "valuta di base")
HOLDABLE = ("stocks", "funds", "mutual funds", "etfs", "crypto")
HISTORY: Actions = (
    (r"buy", Effect.buy),
    (r"sell", Effect.sell),
    (r"dividend|payment in lieu|return of capital", Effect.dividend),
    (r".*withholding|.*tax", Effect.tax),
    (r".*interest", Effect.interest),
    (r".*fee|commission", Effect.fee),
    (r"deposit|withdrawal|disbursement|electronic", Effect.cash),
    (r"forex|adjustment|fx", Effect.traded),
    (r".*transfer", Effect.moved),
)
_PRODUCT = re.compile(r"^(?P<symbol>[^(]+?)\s*\((?P<number>[A-Z0-9]+)\)")
_MOVES = re.compile(r"\((?P<symbol>[^,()]+), (?P<name>.*), (?P<number>[A-Z0-9]*)\)\s*$")


@dataclass(frozen=True, slots=True)
class _Statement:
    """What the head of a statement says, and what it says of its products by symbol."""

    account: str
    currency: str
    last: date
    isins: Mapping[str, str]
    names: Mapping[str, str]


def sure(document: Document) -> float:
    """How sure it is that a document is such a statement, from 0 to 1."""
    marks = sum(len(r.cells) > 2 and r.cells[1] in ("Header", "Data") for r in document.records[:20])
    return 1.0 if marks >= 2 and marks >= min(len(document.records), 20) // 2 else 0.0


def read(document: Document, as_of: date) -> Reading:
    """What the statement holds: positions and cash at its end, and what happened before."""
    sections = _sections(document)
    said = _statement(sections, as_of)
    journal = Journal(document.place, as_of, said.currency)
    known = [(name, table) for name, table in sections if name in READERS]
    if not known:
        foreign = not any("field name" in table.columns for _, table in sections)
        what = "is not in English." if foreign else "has no section that is known here."
        hint = "Choose English as the language of statements at Interactive Brokers, and download it again."
        raise document.place.error(f"this statement {what}", hint)
    names = {name for name, _ in known}
    for name, table in known:
        if name == "cash report" and "trades" in names and not names.intersection(POSITIONS):
            where = replace(document.place, row=table.rows[0].line if table.rows else None)
            journal.complain(where, "cash_alone", "Cash is left out: it tells what is held only beside positions.")
            continue
        rows = [line for line in lines(table, document.place, LAYOUT) if not _is_total(line)]
        for line in _told_once(name, rows):
            READERS[name](journal, line, said)
    return journal.reading(FORMAT)


def _sections(document: Document) -> list[tuple[str, Table]]:
    """The tables of the statement with their section's name in lower case; a section may have several headers."""
    heads: list[tuple[str, list[str], list[Record]]] = []
    latest: dict[str, list[Record]] = {}
    for record in document.records:
        section, kind, cells = record.cells[0].lower(), (record.cells[1:2] or [""])[0].lower(), record.cells[2:]
        if kind == "header":
            latest[section] = []
            heads.append((section, cells, latest[section]))
        elif kind == "data" and section in latest:
            latest[section].append(Record(record.line, cells))
        elif kind == "data":
            raise replace(document.place, row=record.line).error("the section has no header.", "Download it again.")
    return [(name, Table((), _columns(cells), tuple(cells), tuple(rows))) for name, cells, rows in heads]


def _columns(cells: list[str]) -> tuple[str, ...]:
    """The words of a section's columns; those without a name are told apart."""
    named = (word(cell) if cell else f"#{n}" for n, cell in enumerate(cells))
    return tuple("comm/fee" if column.startswith("comm in ") else column for column in named)


def _statement(sections: list[tuple[str, Table]], as_of: date) -> _Statement:
    """What the sections at the head and at the foot say."""
    fields: dict[str, str] = {}
    isins: dict[str, str] = {}
    names: dict[str, str] = {}
    for name, table in sections:
        for record in table.rows:
            row = dict(zip(table.columns, record.cells, strict=False))
            if "field name" in row:
                fields[row["field name"].lower()] = row.get("field value", "")
            elif len(table.columns) == 2:  # its head in another language, above rows in English
                fields |= dict.fromkeys(("base currency",) * (record.cells[0].lower() in BASE), record.cells[-1])
            elif name == "financial instrument information":
                for symbol in row.get("symbol", "").split(", "):
                    isins[symbol], names[symbol] = row.get("security id", ""), row.get("description", "")
    period = fields.get("period", "")
    days = [*days_in(period, DayForm.month_first), *month_ends(period)]
    account = numbered("Interactive Brokers", fields.get("account", "").split(" ")[0])
    return _Statement(account, fields.get("base currency", "USD"), max(days, default=as_of), isins, names)


def _is_total(line: Line) -> bool:
    """Whether a row adds up others."""
    return any(cell.lower().startswith("total") for cell in list(line.cells.values())[:2])


def _told_once(section: str, rows: list[Line]) -> list[Line]:
    """The rows of one kind that tell everything once: orders, not their executions; lots, not their sum."""
    if section == "trades":
        orders = [line for line in rows if line.cells.get("datadiscriminator", "").lower() == "order"]
        return orders or [line for line in rows if line.cells.get("datadiscriminator", "").lower() == "trade"]
    if section in POSITIONS:
        lots = {line.text("symbol") for line in rows if line.cells.get("datadiscriminator", "").lower() == "lot"}
        finest = {True: "lot", False: "summary"}
        return [
            line
            for line in rows
            if line.cells.get("datadiscriminator", "summary").lower() == finest[line.text("symbol") in lots]
        ]
    return rows


def _entry(line: Line, said: _Statement, day: date, symbol: str = "") -> Entry:
    """What every row says: its place, day, product, currency and account."""
    account = numbered("Interactive Brokers", line.text("account")) if line.text("account") else said.account
    isin = said.isins.get(symbol, "")
    currency = line.text("currency") or said.currency
    name = said.names.get(symbol, "")
    return Entry(
        line.at("symbol", "description"), day, symbol, currency=currency, account=account, isin=isin, name=name
    )


def _trade(journal: Journal, line: Line, said: _Statement) -> None:
    symbol, category = line.text("symbol"), line.text("asset category").lower()
    quantity, fee = line.number("quantity"), line.number("comm/fee") or 0.0
    if quantity is None:
        raise line.at("quantity").error("is empty.", "Download the statement again.")
    proceeds = line.number("proceeds")
    entry = _entry(line, said, line.day("date/time"), symbol)
    codes = line.text("code").split(";")
    if category.startswith("forex"):
        _exchange(journal, entry, quantity, proceeds or 0.0, replace(entry, amount=fee, currency=said.currency))
        return
    entry = replace(entry, quantity=quantity, price=line.number("t. price"), fee=abs(fee))
    entry = replace(entry, amount=None if proceeds is None else proceeds + fee)
    short = ("O" in codes and quantity < 0) or ("C" in codes and quantity > 0)
    if "Ca" in codes:
        journal.post(Effect.cancelled, entry)
    elif short or not category.startswith(HOLDABLE):
        journal.post(Effect.unheld, entry)
    else:
        journal.post(Effect.buy if quantity > 0 else Effect.sell, entry)


def _exchange(journal: Journal, entry: Entry, quantity: float, proceeds: float, fee: Entry) -> None:
    """Notes down an exchange of currencies; the symbol is that of both, such as EUR.USD."""
    bought = entry.symbol.partition(".")[0]
    name = entry.symbol
    journal.post(Effect.traded, replace(entry, amount=quantity, currency=bought, name=name))
    journal.post(Effect.traded, replace(entry, amount=proceeds, name=name))
    journal.post(Effect.fee, replace(fee, symbol="", name=name))


def _paid(effect: Effect) -> Callable[[Journal, Line, _Statement], None]:
    """The reader of a section of payments; what they were for stands at the beginning of the description."""

    def post(journal: Journal, line: Line, said: _Statement) -> None:
        description = line.text("description")
        product = _PRODUCT.match(description)
        symbol = product["symbol"].strip() if product else ""
        entry = _entry(line, said, line.day("date", "settle date", "date/time"), symbol)
        number = product["number"] if product else ""
        isin = number if len(number) == 12 else entry.isin
        amount = line.number("amount", "sales tax")
        if amount is None:
            raise line.at("amount").error("is empty.", "Download the statement again.")
        name = entry.name if symbol else description
        journal.post(effect, replace(entry, amount=amount, isin=isin, name=name, what=description))

    return post


def _corporate(journal: Journal, line: Line, said: _Statement) -> None:
    """Notes down a split or another change; the product that moves is the last one in the description."""
    description = line.text("description")
    moved, product = _MOVES.search(description), _PRODUCT.match(description)
    old = product["symbol"].strip() if product else ""
    symbol = moved["symbol"].strip() if moved else old
    quantity, proceeds = line.number("quantity") or 0.0, line.number("proceeds") or 0.0
    entry = replace(_entry(line, said, line.day("date/time", "report date"), symbol), quantity=quantity)
    entry = replace(entry, amount=proceeds, what=description, isin=moved["number"] if moved else entry.isin)
    if "Ca" in line.text("code").split(";"):
        journal.complain(line.at("code"), "cancelled", f"{symbol}: a corporate action was taken back; check its units.")
    elif not line.text("asset category").lower().startswith(HOLDABLE):
        journal.post(Effect.unheld, entry)
    elif re.search(r"\bsplit\b", description, re.IGNORECASE):
        journal.post(Effect.stock_split, replace(entry, symbol=symbol.removesuffix(".OLD")))
    elif quantity or proceeds:
        journal.post(Effect.changed, entry)


def _transfer(journal: Journal, line: Line, said: _Statement) -> None:
    """Notes down what came from or went to another broker."""
    way = -1.0 if line.text("direction").lower() in ("out", "-") else 1.0
    entry = _entry(line, said, line.day("date"), line.text("symbol"))
    quantity, cash = line.number("qty", "quantity") or 0.0, line.number("cash amount") or 0.0
    if quantity:
        journal.post(Effect.moved, replace(entry, quantity=way * abs(quantity)))
    if cash:
        journal.post(Effect.moved, replace(entry, symbol="", amount=way * abs(cash)))


def _position(journal: Journal, line: Line, said: _Statement) -> None:
    symbol, quantity = line.text("symbol"), line.number("quantity")
    entry = _entry(line, said, said.last, symbol)
    if not line.text("asset category").lower().startswith(HOLDABLE):
        journal.post(Effect.unheld, entry)
        return
    if quantity is None:
        raise line.at("quantity").error("is empty.", "Download the statement again.")
    lot = line.cells.get("datadiscriminator", "").lower() == "lot"
    journal.post(
        Effect.opening,
        replace(
            entry,
            quantity=quantity,
            price=line.number("close price"),
            amount=line.number("cost basis"),
            acquired=line.day("open") if lot else None,
        ),
    )


def _cash(journal: Journal, line: Line, said: _Statement) -> None:
    """Notes down what is left of a currency at the end."""
    if line.text("currency summary").lower() == "ending cash" and len(line.text("currency")) == 3:
        worth = line.number("total") or 0.0
        journal.post(Effect.opening, replace(_entry(line, said, said.last, CASH), quantity=worth))


def _history(journal: Journal, line: Line, said: _Statement) -> None:
    """Notes down a row of the newer transaction history, whose amounts are in the base currency."""
    entry = _entry(line, said, line.day("date"), line.text("symbol"))
    quantity, what = line.number("quantity") or 0.0, line.text("transaction type")
    entry = replace(
        entry,
        quantity=quantity,
        amount=line.number("net amount", "gross amount"),
        fee=abs(line.number("commission") or 0.0),
        name=line.text("description"),
        what=what,
        currency=said.currency,
    )
    journal.post(effect_of(what.lower(), HISTORY), entry)


POSITIONS = ("open positions", "long open positions", "short open positions")
READERS: Mapping[str, Callable[[Journal, Line, _Statement], None]] = {
    "trades": _trade,
    "dividends": _paid(Effect.dividend),
    "payment in lieu of dividends": _paid(Effect.dividend),
    "withholding tax": _paid(Effect.tax),
    "871(m) withholding": _paid(Effect.tax),
    "sales tax details": _paid(Effect.tax),
    "interest": _paid(Effect.interest),
    "bond interest received": _paid(Effect.interest),
    "broker interest received": _paid(Effect.interest),
    "broker interest paid": _paid(Effect.interest),
    "fees": _paid(Effect.fee),
    "other fees": _paid(Effect.fee),
    "transaction fees": _paid(Effect.fee),
    "commission adjustments": _paid(Effect.fee),
    "advisor fees": _paid(Effect.fee),
    "deposits & withdrawals": _paid(Effect.cash),
    "corporate actions": _corporate,
    "transfers": _transfer,
    "cash report": _cash,
    "transaction history": _history,
    **dict.fromkeys(POSITIONS, _position),
}
