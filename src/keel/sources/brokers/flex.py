"""Interactive Brokers: flex queries as CSV, with or without the rows that mark their sections."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date

from keel.domain.market.prices import CASH
from keel.domain.reading.amount import Mark
from keel.domain.reading.day import DayForm
from keel.domain.reading.rows import Record
from keel.sources.brokers.reading import Reading
from keel.sources.brokers.statement.accounts import numbered
from keel.sources.brokers.statement.actions import Actions, effect_of
from keel.sources.brokers.statement.document import Document
from keel.sources.brokers.statement.journal import Effect, Entry, Journal
from keel.sources.brokers.statement.table import Layout, Line, Table, lines, tables

FORMAT = "Interactive Brokers flex query"
TRADES = (frozenset({"quantity", "tradeprice"}), frozenset({"quantity", "trade price"}))
PAYMENTS = (frozenset({"amount", "type"}),)
POSITIONS = (frozenset({"quantity", "markprice"}), frozenset({"position", "markprice"}))
BALANCES = (frozenset({"endingcash"}),)
ACTIONS = (frozenset({"actiondescription", "quantity"}), frozenset({"actionid", "quantity", "proceeds"}))
KNOWN = frozenset(
    {"clientaccountid", "currencyprimary", "assetclass", "conid", "tradedate", "settledate", "reportdate", "securityid"}
    | {"ibcommission", "ibcommissioncurrency", "netcash", "levelofdetail", "fxratetobase", "endingcash", "markprice"}
    | {"tradeprice", "trademoney", "accountalias", "buy/sell", "actiondescription"}
)
HOLDABLE = ("", "STK", "FUND", "CRYPTO")
LEAST = 2  # of these names make a row a header
LAYOUT = Layout(
    numbers=frozenset(
        {
            "quantity",
            "position",
            "tradeprice",
            "trademoney",
            "proceeds",
            "ibcommission",
            "netcash",
            "amount",
            "markprice",
        }
        | {"costbasismoney", "costbasisprice", "endingcash", "taxes", "positionvalue", "transferprice", "cashtransfer"}
    ),
    days=frozenset(
        {"tradedate", "datetime", "date/time", "settledate", "reportdate", "opendatetime", "todate", "date"}
    ),
    mark=Mark.point,
    days_first=DayForm.month_first,
)
TYPES: Actions = (
    (r"dividend|payment in lieu|return of capital", Effect.dividend),
    (r".*withholding|.*tax", Effect.tax),
    (r".*interest", Effect.interest),
    (r"deposit|withdrawal", Effect.cash),
    (r".*fee|commission", Effect.fee),
)
DETAILED = {"trades": "EXECUTION", "payments": "DETAIL", "positions": "LOT"}  # rows that say what sums repeat


def sure(document: Document) -> float:
    """How sure it is that a document is a flex query, from 0 to 1."""
    records = _records(document)
    return 0.97 if any(_is_header(frozenset(map(str.lower, record.cells))) for record in records[:5]) else 0.0


def read(document: Document, as_of: date) -> Reading:
    """What the query answered; ``as_of`` is the day of positions and cash that say none."""
    journal = Journal(document.place, as_of)
    found = [(kind, table) for table in tables(_records(document), _is_header) if (kind := _kind(table))]
    if not found:
        what = "the query has no section of trades, cash transactions, positions or cash."
        raise document.place.error(what, "Add one of them to the query.")
    kinds = {kind for kind, _ in found}
    for kind, table in found:
        if kind == "balances" and "trades" in kinds and "positions" not in kinds:
            where = replace(document.place, row=table.rows[0].line if table.rows else None)
            journal.complain(where, "cash_alone", "Cash is left out: it tells what is held only beside positions.")
            continue
        for line in _finest(lines(table, document.place, LAYOUT), kind):
            READERS[kind](journal, line)
    return journal.reading(FORMAT)


def _records(document: Document) -> list[Record]:
    """The rows without those that begin and end the file, an account or a section, and without their marks."""
    return list(_unmarked(document.records))


def _unmarked(records: tuple[Record, ...]) -> Iterator[Record]:
    for record in records:
        match record.cells[0]:
            case "BOF" | "BOA" | "BOS" | "EOS" | "EOA" | "EOF":
                continue
            case "HEADER" | "DATA":
                yield Record(record.line, record.cells[2:])
            case _:
                yield record


def _is_header(words: frozenset[str]) -> bool:
    return len(words & KNOWN) >= LEAST


def _kind(table: Table) -> str:
    """What a section tells, empty for one that is not read."""
    kinds = {"actions": ACTIONS, "trades": TRADES, "positions": POSITIONS, "balances": BALANCES, "payments": PAYMENTS}
    return next((kind for kind, sets in kinds.items() if any(table.has(columns) for columns in sets)), "")


def _finest(rows: tuple[Line, ...], kind: str) -> list[Line]:
    """The rows of one level of detail: the finest there is of those that tell everything once."""
    levels = {line.text("levelofdetail").upper() for line in rows}
    wanted = DETAILED.get(kind, "")
    if wanted not in levels:
        wanted = next((level for level in ("ORDER", "DETAIL", "SUMMARY", "CURRENCY") if level in levels), "")
    return [line for line in rows if not wanted or line.text("levelofdetail").upper() == wanted]


def _entry(line: Line, day: date) -> Entry:
    """What every row says: its place, day, product, currency and account."""
    isin = line.text("isin") or (line.text("securityid") if len(line.text("securityid")) == 12 else "")
    return Entry(
        line.at("symbol", "isin", "description"),
        day,
        line.text("symbol"),
        currency=line.text("currencyprimary", "currency") or "USD",
        account=numbered("Interactive Brokers", line.text("clientaccountid", "accountalias")),
        isin=isin,
        name=line.text("description"),
    )


def _trade(journal: Journal, line: Line) -> None:
    entry = _entry(line, line.day("tradedate", "datetime", "date/time"))
    said, quantity = line.text("buy/sell").upper(), line.number("quantity") or 0.0
    sells = said.startswith("SELL") if said else quantity < 0
    way, fee = -1.0 if sells else 1.0, line.number("ibcommission") or 0.0
    charge = replace(entry, amount=fee, currency=line.text("ibcommissioncurrency") or entry.currency)
    category = line.text("assetclass").upper()
    entry = replace(entry, quantity=way * abs(quantity), price=line.number("tradeprice"), what="A trade")
    if category == "CASH" or (not category and not entry.isin and "." in entry.symbol):
        _exchange(journal, replace(entry, amount=_gross(line, way)), charge)
        return
    if charge.currency != entry.currency:
        journal.post(Effect.fee, charge)
        fee = 0.0
    entry = replace(entry, amount=_net(line, way, fee), fee=abs(fee))
    if "Ca" in line.text("notes/codes", "code").split(";"):
        journal.post(Effect.cancelled, entry)
    elif category not in HOLDABLE:
        journal.post(Effect.unheld, entry)
    elif not entry.symbol and not entry.isin:
        journal.post(Effect.unknown, replace(entry, what="A trade without a product"))
    else:
        journal.post(Effect.sell if sells else Effect.buy, entry)


def _gross(line: Line, way: float) -> float:
    """What a trade did to cash before fees; ``way`` is 1 for a purchase."""
    for said in (line.number("proceeds"), line.number("trademoney")):
        if said is not None:
            return -way * abs(said)
    price = line.number("tradeprice")
    if price is None:
        raise line.at("tradeprice").error("is empty.", "Add the price or the proceeds to the query.")
    return -way * abs(price * (line.number("quantity") or 0.0))


def _net(line: Line, way: float, fee: float) -> float:
    """What a trade did to cash; ``fee`` is below 0 where it was paid in the trade's currency."""
    net = line.number("netcash")
    return net if net is not None else _gross(line, way) + fee + (line.number("taxes") or 0.0)


def _exchange(journal: Journal, entry: Entry, fee: Entry) -> None:
    """Notes down an exchange of currencies: what it did to the first of them and to the second."""
    first = replace(entry, amount=entry.quantity, currency=entry.symbol.partition(".")[0], name=entry.symbol)
    journal.post(Effect.traded, first)
    journal.post(Effect.traded, replace(entry, name=entry.symbol))
    journal.post(Effect.fee, replace(fee, symbol="", isin="", name=entry.symbol))


def _payment(journal: Journal, line: Line) -> None:
    kind, amount = line.text("type"), line.number("amount")
    if amount is None:
        raise line.at("amount").error("is empty.", "Add the amount to the query.")
    entry = replace(
        _entry(line, line.day("settledate", "date/time", "datetime", "reportdate")), amount=amount, what=kind
    )
    journal.post(effect_of(kind.lower(), TYPES), entry)


def _position(journal: Journal, line: Line) -> None:
    entry = _entry(line, line.day("reportdate") if line.text("reportdate") else journal.as_of)
    quantity = line.number("quantity", "position")
    if line.text("assetclass").upper() not in HOLDABLE:
        journal.post(Effect.unheld, entry)
        return
    if quantity is None:
        raise line.at("quantity", "position").error("is empty.", "Add the quantity to the query.")
    each, cost = line.number("costbasisprice"), line.number("costbasismoney")
    cost = cost if cost is not None else None if each is None else each * quantity
    lot = line.text("levelofdetail").upper() == "LOT" and line.text("opendatetime")
    acquired = line.day("opendatetime") if lot else None
    held = replace(entry, quantity=quantity, price=line.number("markprice"), amount=cost, acquired=acquired)
    journal.post(Effect.opening, held)


def _balance(journal: Journal, line: Line) -> None:
    """Notes down what is left of a currency."""
    entry = _entry(line, line.day("todate", "reportdate") if line.text("todate", "reportdate") else journal.as_of)
    if entry.currency != "BASE_SUMMARY":
        worth = line.number("endingcash") or 0.0
        journal.post(Effect.opening, replace(entry, symbol=CASH, isin="", name="", quantity=worth))


def _action(journal: Journal, line: Line) -> None:
    """Notes down a split or another change."""
    what = line.text("actiondescription", "description")
    entry = _entry(line, line.day("date/time", "datetime", "reportdate"))
    amount = line.number("proceeds", "amount")
    entry = replace(entry, quantity=line.number("quantity") or 0.0, amount=amount, what=what)
    journal.post(Effect.stock_split if "split" in what.lower() and entry.quantity else Effect.changed, entry)


READERS: Mapping[str, Callable[[Journal, Line], None]] = {
    "trades": _trade,
    "payments": _payment,
    "positions": _position,
    "balances": _balance,
    "actions": _action,
}
