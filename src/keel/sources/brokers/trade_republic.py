"""Trade Republic: the transactions it exports itself, and those that pytr writes for Portfolio Performance."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from keel.domain.reading.day import DayForm
from keel.sources.brokers.reading import Reading
from keel.sources.brokers.statement.actions import Actions, effect_of
from keel.sources.brokers.statement.document import Document
from keel.sources.brokers.statement.journal import Effect, Entry, Journal
from keel.sources.brokers.statement.products import is_isin
from keel.sources.brokers.statement.table import Layout, Line, Table, lines, tables
from keel.sources.brokers.statement.wording import effect_of_kind, goes_out, in_english, in_english_one

FORMAT, ACCOUNT = "Trade Republic", "Trade Republic"
OWN = frozenset({"date", "category", "type", "asset class", "symbol", "shares", "amount", "currency"})
PYTR = frozenset({"date", "type", "value", "note", "isin", "shares", "fees", "taxes"})
LAYOUT = Layout(
    numbers=frozenset({"shares", "price", "amount", "fee", "tax", "value", "fees", "taxes", "shares2"}),
    days=frozenset({"date", "datetime"}),
    days_first=DayForm.day_first,
)
TYPES: Actions = (
    (r"buy|savings", Effect.buy),
    (r"sell", Effect.sell),
    (r"dividend|distribution|capital", Effect.dividend),
    (r"interest|coupon", Effect.interest),
    (r".*tax|sec_account|earnings", Effect.tax),
    (r".*fee", Effect.fee),
    (r".*split", Effect.stock_split),
    (r"free_|.*receipt|.*delivery|.*migration", Effect.moved),
    (r"spin|exchange|merger|swap|conver|liquidat|worthless|title|corporate|final_maturity|redemption", Effect.changed),
    (
        r"customer|transfer|.*inbound|.*outbound|card|benefits|gift|manual|.*marketing|stockperk|bonus|refund|deposit|payout|ssp",
        Effect.cash,
    ),
)


def sure(document: Document) -> float:
    """How sure it is that a document is of Trade Republic, from 0 to 1."""
    for table in _tables(document):
        if table.has(OWN):
            return 1.0
        return 0.9 if len([name for name in table.columns if name]) <= len(PYTR) + 2 else 0.0
    return 0.0


def read(document: Document, as_of: date) -> Reading:
    """What the document holds."""
    journal = Journal(document.place, as_of, "EUR")
    for table in _tables(document):
        for line in lines(table, document.place, LAYOUT):
            if table.has(OWN):
                _own(journal, line)
            else:
                _pytr(journal, line)
    return journal.reading(FORMAT)


def _tables(document: Document) -> tuple[Table, ...]:
    found = tables(document.records, lambda words: words >= OWN or in_english(words) >= PYTR)
    return tuple(replace(table, columns=tuple(map(in_english_one, table.columns))) for table in found)


def _own(journal: Journal, line: Line) -> None:
    """Notes down a transaction of its own export; fee and tax are apart from the amount, with their signs."""
    kind, product = line.text("type"), line.text("symbol")
    if not kind:
        raise line.at("type").error("is empty.", "Export the transactions again.")
    fee, tax = line.number("fee") or 0.0, line.number("tax") or 0.0
    amount = line.number("amount")
    entry = Entry(
        line.at("type"),
        line.day("date", "datetime"),
        product,
        line.number("shares") or 0.0,
        line.number("price"),
        None if amount is None and not fee and not tax else round((amount or 0.0) + fee + tax, 9),
        line.text("currency") or "EUR",
        abs(fee),
        ACCOUNT if line.text("account type").upper() in ("", "DEFAULT") else f"{ACCOUNT} {line.text('account type')}",
        product if is_isin(product) else "",
        line.text("security") if product else line.text("description"),
        kind,
    )
    journal.post(_effect(entry, line.text("category").upper(), line.text("asset class").upper()), entry)


def _effect(entry: Entry, category: str, kind: str) -> Effect:
    """What a transaction of the own export does."""
    effect = effect_of(entry.what.lower(), TYPES)
    if kind == "BOND" and effect not in (Effect.dividend, Effect.interest, Effect.tax, Effect.fee):
        return Effect.unheld
    if category == "TRADING" and effect not in (Effect.buy, Effect.sell):
        return Effect.buy if (entry.amount or 0.0) < 0 else Effect.sell
    if category == "DELIVERY":
        return Effect.moved
    if category == "CORPORATE_ACTION" and effect in (Effect.unknown, Effect.moved, Effect.cash):
        return Effect.changed
    if category == "CASH" and effect in (Effect.moved, Effect.stock_split, Effect.changed):
        return Effect.cash
    return effect


def _pytr(journal: Journal, line: Line) -> None:
    """Notes down a transaction that pytr wrote; the value is what happened to cash, fees and taxes included."""
    kind, isin = line.text("type"), line.text("isin")
    if not kind:
        raise line.at("type").error("is empty.", "Export the transactions again.")
    value, fee = line.number("value"), abs(line.number("fees") or 0.0)
    units, name = line.number("shares") or 0.0, line.text("note")
    day = line.day("date")
    entry = Entry(line.at("type"), day, isin, units, None, value, "EUR", fee, ACCOUNT, isin, name, kind)
    effect, other = effect_of_kind(kind), line.text("isin2")
    if effect in (Effect.moved, Effect.delivered) and goes_out(kind):
        entry = replace(entry, quantity=-abs(units))
    if effect is Effect.changed and other:
        gained = replace(entry, symbol=other, isin=other, quantity=line.number("shares2") or 0.0, amount=None)
        journal.post(Effect.changed, gained)
        if kind.lower().startswith("spin"):
            return  # what was held stays
        entry = replace(entry, quantity=-abs(units))
    journal.post(effect, entry)
