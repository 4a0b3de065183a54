"""Wealthfolio: its activities and its holdings as CSV."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from keel.domain.market.prices import CASH
from keel.domain.portfolio.activity import Activity, ActivityKind
from keel.domain.reading.amount import Mark
from keel.domain.text import shown
from keel.sources.brokers.reading import Reading
from keel.sources.brokers.statement.document import Document
from keel.sources.brokers.statement.journal import Effect, Entry, Journal
from keel.sources.brokers.statement.table import Layout, Line, Table, lines, tables

FORMAT = "Wealthfolio"
DONE = frozenset({"date", "symbol", "quantity", "currency"})
KIND, PRICE = ("activitytype", "type"), ("unitprice", "unit price", "price")
HELD = frozenset({"date", "symbol", "quantity", "price", "currency"})
OTHERS = {"activitydate": "date", "assetsymbol": "symbol", "accountname": "account"}  # as it keeps them itself
LAYOUT = Layout(
    numbers=frozenset({"quantity", "unitprice", "unit price", "price", "fee", "amount", "fxrate"}),
    days=frozenset({"date"}),
    mark=Mark.point,
)
EFFECTS = {
    "BUY": (Effect.buy, -1),
    "SELL": (Effect.sell, 1),
    "DIVIDEND": (Effect.dividend, 1),
    "INTEREST": (Effect.interest, 1),
    "DEPOSIT": (Effect.cash, 1),
    "WITHDRAWAL": (Effect.cash, -1),
    "CREDIT": (Effect.cash, 1),
    "FEE": (Effect.fee, -1),
    "TAX": (Effect.tax, -1),
    "TRANSFER_IN": (Effect.delivered, 1),
    "TRANSFER_OUT": (Effect.delivered, -1),
    "ADD_HOLDING": (Effect.delivered, 1),
    "REMOVE_HOLDING": (Effect.delivered, -1),
    "SPLIT": (Effect.stock_split, 1),
    "ADJUSTMENT": (Effect.unknown, 1),
}
CASH_SYMBOL = "$CASH"
UNHELD = ("OPTION", "BOND", "FX")


def sure(document: Document) -> float:
    """How sure it is that a document is of Wealthfolio, from 0 to 1."""
    for table in _tables(document):
        if "activitytype" in table.columns or "unit price" in table.columns or "instrumenttype" in table.columns:
            return 0.95
        cash = any(CASH_SYMBOL in cell for record in table.rows for cell in record.cells)
        return 0.9 if cash else 0.6
    return 0.0


def read(document: Document, as_of: date) -> Reading:
    """What the document holds."""
    journal = Journal(document.place, as_of)
    for table in _tables(document):
        rows = lines(table, document.place, LAYOUT)
        if _is_history(frozenset(table.columns)):
            held: dict[tuple[str, str], float] = defaultdict(float)
            for line in sorted(rows, key=lambda line: line.day("date")):  # a split needs what is held before it
                seen = len(journal.activities)
                _do(journal, line, held)
                for activity in journal.activities[seen:]:
                    held[activity.symbol, activity.account] += _units(activity)
        else:
            for line in rows:
                _hold(journal, line)
    return journal.reading(FORMAT)


def _tables(document: Document) -> tuple[Table, ...]:
    found = tables(document.records, lambda words: _is_one(frozenset(_known(list(words)))))
    return tuple(replace(table, columns=tuple(_known(list(table.columns)))) for table in found)


def _known(columns: list[str]) -> list[str]:
    """The columns by the words of its export; an asset's id is its symbol where no other column is."""
    named = [OTHERS.get(column, column) for column in columns]
    return named if "symbol" in named else ["symbol" if column == "assetid" else column for column in named]


def _is_one(words: frozenset[str]) -> bool:
    return _is_history(words) or words == HELD


def _is_history(words: frozenset[str]) -> bool:
    """Whether a header is that of activities."""
    return words >= DONE and bool(words & {"unitprice", "unit price"}) and bool(words & {*KIND})


def _symbol(line: Line) -> str:
    """The symbol, ``CASH`` for cash of any currency."""
    symbol = line.text("symbol")
    return CASH if symbol.upper().startswith(CASH_SYMBOL) else symbol


def _do(journal: Journal, line: Line, held: Mapping[tuple[str, str], float]) -> None:
    """Notes down an activity; amounts have no sign there."""
    kind = line.text(*KIND).upper()
    effect, way = EFFECTS.get(kind, (Effect.unknown, 1))
    quantity, price = line.number("quantity") or 0.0, line.number(*PRICE)
    symbol, fee = _symbol(line), abs(line.number("fee") or 0.0)
    entry = Entry(
        line.at(*KIND),
        line.day("date"),
        symbol,
        way * abs(quantity),
        price,
        _amount(line, effect, way),
        line.text("currency") or "USD",
        fee,
        line.text("account"),
        line.text("isin"),
        what=kind or "An empty kind",
    )
    if symbol in ("", CASH):
        effect = Effect.moved if effect is Effect.delivered else effect
        entry = replace(entry, symbol="", quantity=0.0 if effect is not Effect.buy else entry.quantity)
    if line.text("instrumenttype").upper() in UNHELD and effect not in (Effect.dividend, Effect.interest, Effect.tax):
        effect = Effect.unheld
    if effect is Effect.stock_split:
        _split(journal, entry, line, held)
        return
    if line.text("subtype").upper() == "DRIP":
        what = f"The units of {shown(symbol)} that this dividend was reinvested in are not in the file."
        journal.complain(line.at("subtype"), "reinvested", what, "Add the purchase by hand.")
    journal.post(effect, entry)


def _amount(line: Line, effect: Effect, way: int) -> float | None:
    """What an activity does to cash: its amount, else quantity times price, and the fee; of a transfer its cost."""
    said, fee = line.number("amount"), abs(line.number("fee") or 0.0)
    quantity, price = line.number("quantity"), line.number(*PRICE)
    if not said and quantity is not None and price is not None:
        said = quantity * price
    if effect is Effect.fee and not said:
        return -fee
    if not said or effect is Effect.stock_split:
        return None
    if effect is Effect.delivered:
        return way * abs(said)
    return way * abs(said) - fee


def _split(journal: Journal, entry: Entry, line: Line, held: Mapping[tuple[str, str], float]) -> None:
    """Notes down a split, which the file tells by its ratio: what it adds depends on what is held."""
    ratio = line.number("amount") or line.number("quantity") or 0.0
    before = held.get((entry.symbol, journal.account(entry.account)), 0.0)
    if ratio <= 0:
        raise line.at("quantity").error("a split needs its ratio.", "Write 4 for a split of 4 for 1.")
    if before <= 0:
        what = f"What {shown(entry.symbol)} had before its split is not in the file: the split is left out."
        journal.complain(entry.place, "split_of_nothing", what, "Import the purchases before it too.")
        return
    journal.post(Effect.stock_split, replace(entry, quantity=before * (ratio - 1.0)))


def _units(activity: Activity) -> float:
    """The units that an activity adds, below 0 where they go."""
    if activity.kind in (ActivityKind.sell, ActivityKind.transfer_out):
        return -activity.quantity
    adds = (ActivityKind.buy, ActivityKind.transfer_in, ActivityKind.split, ActivityKind.adjustment)
    return activity.quantity if activity.kind in adds else 0.0


def _hold(journal: Journal, line: Line) -> None:
    """Notes down a line of holdings."""
    quantity = line.number("quantity")
    if quantity is None:
        raise line.at("quantity").error("is empty.", "Write how many units are held.")
    price = None if _symbol(line) == CASH else line.number("price")
    entry = Entry(line.at("symbol"), line.day("date"), _symbol(line), quantity, price)
    journal.post(Effect.opening, replace(entry, currency=line.text("currency") or "USD"))
