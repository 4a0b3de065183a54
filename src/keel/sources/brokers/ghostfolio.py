"""Ghostfolio: its export as JSON, and the CSV that it imports."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from keel.domain.market.prices import CASH
from keel.domain.reading.amount import Mark
from keel.domain.reading.day import DayForm, parse_day
from keel.domain.reading.place import Place
from keel.domain.reading.values import read_number, read_object, read_text
from keel.domain.reading.written_day import plain_day
from keel.domain.text import shown
from keel.sources.brokers.reading import Reading
from keel.sources.brokers.statement.document import Document
from keel.sources.brokers.statement.journal import Effect, Entry, Journal
from keel.sources.brokers.statement.table import Layout, Line, Table, lines, tables

FORMAT = "Ghostfolio"
ROWS = frozenset({"date", "datasource", "currency", "price", "quantity", "action"})
LAYOUT = Layout(
    numbers=frozenset({"price", "quantity", "fee"}),
    days=frozenset({"date"}),
    mark=Mark.point,
    days_first=DayForm.day_first,
)
EFFECTS = {
    "buy": Effect.buy,
    "sell": Effect.sell,
    "dividend": Effect.dividend,
    "interest": Effect.interest,
    "fee": Effect.fee,
    "item": Effect.unheld,
    "valuable": Effect.unheld,
    "liability": Effect.unheld,
}


def sure(document: Document) -> float:
    """How sure it is that a document is of Ghostfolio, from 0 to 1."""
    if isinstance(document.json, dict):
        listed = document.json.get("activities", document.json.get("orders"))
        return 0.95 if isinstance(listed, list) else 0.0
    return 0.95 if _tables(document) else 0.0


def read(document: Document, as_of: date) -> Reading:
    """What the document holds; ``as_of`` is the day of balances where the export names none."""
    journal = Journal(document.place, as_of)
    if document.json is None:
        for table in _tables(document):
            for line in lines(table, document.place, LAYOUT):
                _row(journal, line)
        return journal.reading(FORMAT)
    whole = read_object(document.json, document.place)
    accounts = _objects(whole, "accounts", document.place)
    names = {_text(account, "id", at): _text(account, "name", at) for account, at in accounts}
    products = {_text(p, "symbol", at): p for p, at in _objects(whole, "assetProfiles", document.place)}
    key = "activities" if "activities" in whole else "orders"
    for activity, at in _objects(whole, key, document.place):
        _activity(journal, activity, at, names, products)
    moved: dict[tuple[str, str], float] = defaultdict(float)
    for record in journal.activities:
        moved[record.account, record.currency] += record.amount or 0.0
    for account, at in accounts:
        _balance(journal, account, at, _exported(whole, document.place) or as_of, moved)
    return journal.reading(FORMAT)


def _tables(document: Document) -> tuple[Table, ...]:
    return tables(document.records, lambda words: words >= ROWS and bool(words & {"code", "symbol", "ticker"}))


def _objects(whole: Mapping[str, object], key: str, place: Place) -> Sequence[tuple[Mapping[str, object], Place]]:
    """The objects of a list and their places; none where there is no such list."""
    listed = whole.get(key) or []
    at = place.field(key)
    if not isinstance(listed, list):
        raise at.error("must be a list.")
    return [(read_object(item, at.item(n)), at.item(n)) for n, item in enumerate(listed)]


def _text(item: Mapping[str, object], key: str, place: Place) -> str:
    value = item.get(key)
    return "" if value is None else read_text(value, place.field(key))


def _number(item: Mapping[str, object], key: str, place: Place) -> float:
    value = item.get(key)
    return 0.0 if value is None else read_number(value, place.field(key))


def _day(text: str, place: Place) -> date:
    day = parse_day(plain_day(text))
    if day is None:
        raise place.error(f"{shown(text)} is not a date." if text else "there is no date.")
    return day


def _exported(whole: Mapping[str, object], place: Place) -> date | None:
    """The day of the export."""
    meta = whole.get("meta")
    text = _text(meta, "date", place.field("meta")) if isinstance(meta, dict) else ""
    return parse_day(plain_day(text))


def _activity(
    journal: Journal,
    item: Mapping[str, object],
    at: Place,
    names: Mapping[str, str],
    products: Mapping[str, Mapping[str, object]],
) -> None:
    """Notes down an activity of the JSON export."""
    symbol = _text(item, "symbol", at)
    product = products.get(symbol, {})
    by_hand = _text(item, "dataSource", at).upper() == "MANUAL"
    name = _text(product, "name", at)
    quantity, price = _number(item, "quantity", at), _number(item, "unitPrice", at)
    entry = Entry(
        at,
        _day(_text(item, "date", at), at.field("date")),
        (name or symbol) if by_hand else symbol,
        quantity,
        price,
        currency=_text(item, "currency", at) or _text(product, "currency", at) or "USD",
        fee=abs(_number(item, "fee", at)),
        account=names.get(_text(item, "accountId", at), ""),
        isin=_text(product, "isin", at),
        name=name,
        what=_text(item, "type", at),
    )
    _post(journal, entry)


def _row(journal: Journal, line: Line) -> None:
    """Notes down a row of the CSV."""
    entry = Entry(
        line.at("action"),
        line.day("date"),
        line.text("code", "symbol", "ticker"),
        line.number("quantity") or 0.0,
        line.number("price"),
        currency=line.text("currency") or "USD",
        fee=abs(line.number("fee") or 0.0),
        account=line.text("account"),
        what=line.text("action"),
    )
    _post(journal, entry)


def _post(journal: Journal, entry: Entry) -> None:
    """Notes down an activity; what is planned for a day to come is left out."""
    effect = EFFECTS.get(entry.what.lower(), Effect.unknown)
    value = entry.quantity * (entry.price or 0.0)
    if entry.day > journal.as_of:
        journal.complain(entry.place, "planned", f"{shown(entry.symbol)} is planned for a day to come and is left out.")
    elif effect in (Effect.buy, Effect.sell):
        journal.post(effect, entry)
    elif effect is Effect.fee:
        journal.post(effect, replace(entry, symbol="", isin="", amount=-(value + entry.fee)))
    else:
        journal.post(effect, replace(entry, amount=value - entry.fee if effect is not Effect.unheld else None))


def _balance(
    journal: Journal, account: Mapping[str, object], at: Place, day: date, moved: Mapping[tuple[str, str], float]
) -> None:
    """Notes down what it takes for cash to be the balance that an account states: activities do not move it there."""
    name = journal.account(_text(account, "name", at))
    currency = _text(account, "currency", at) or "USD"
    rest = round(_number(account, "balance", at) - moved.get((name, currency), 0.0), 9)
    journal.post(Effect.adjusted, Entry(at, day, CASH, amount=rest, currency=currency, account=name, name="Balance"))
