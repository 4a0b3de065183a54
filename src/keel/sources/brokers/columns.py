"""Any other CSV or XLSX file: which of its columns is what, guessed from their names or said by a person once."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from unicodedata import combining, normalize

from keel.domain.market.prices import CASH
from keel.domain.reading.amount import Mark
from keel.domain.reading.day import DayForm
from keel.domain.reading.rows import Record
from keel.domain.text import shown
from keel.sources.brokers.reading import Reading
from keel.sources.brokers.statement.actions import Actions, effect_of
from keel.sources.brokers.statement.document import Document
from keel.sources.brokers.statement.journal import Effect, Entry, Journal
from keel.sources.brokers.statement.table import Layout, Line, Table, lines, tables, word
from keel.sources.brokers.statement.wording import goes_out

FORMAT = "table with columns of its own"
HEAD = 5  # rows that are shown of a file
NAMES: Mapping[str, str] = {
    "date": "date|trade date|activity date|transaction date|datum|buchungsdatum|buchungstag|handelsdatum"
    "|ausführungsdatum|date d'operation|date de l'opération|date opération|fecha|data|datetime|time|executed at",
    "kind": "type|action|transaction type|transactiontype|activity|activity type|activitytype|trans code|kind|typ|art"
    "|buchungsart|transaktion|vorgang|transaktionstyp|opération|tipo|operación|buy/sell|side",
    "symbol": "symbol|ticker|ticker symbol|ticker-symbol|kürzel|code|instrument|símbolo",
    "isin": "isin|isin code|identifier|code isin|isin-code",
    "name": "name|holdingname|security|security name|description|product|investment name|wertpapier|produkt|bezeichnung"
    "|wertpapiername|instrument name|titel|libellé|nom|valeur|producto|holding",
    "quantity": "quantity|shares|units|qty|no. of shares|number of shares|stück|anzahl|menge|bestand|nominal|stk"
    "|nominal (stk.)|quantité|nombre|cantidad|stück/nominal|quantity/nominal",
    "price": "price|unit price|price per share|price / share|share price|kurs|preis|stückpreis|ausführungskurs|cours"
    "|prix|precio|last price|market price|current price|close|trade price",
    "amount": "amount|net amount|total|value|total amount|net value|betrag|wert|gesamtbetrag|nettobetrag|endbetrag"
    "|summe|kurswert|montant|montant net|importe|proceeds|cash flow",
    "currency": "currency|currency (total)|währung|devise|divisa|moneda|ccy|currency code|waehrung",
    "fee": "fee|fees|commission|commissions|gebühr|gebühren|provision|kosten|frais|comisión",
    "account": "account|account name|portfolio|konto|depot|compte|cuenta|depotname|account id",
}
KINDS: Actions = (
    (r"cancel|storno", Effect.cancelled),
    (r".*(reinvest)", Effect.buy),
    (r"(market |limit |stop )*(buy|bought|purchase|kauf|achat|compra|savings plan|sparplan|subscription)", Effect.buy),
    (r"(market |limit |stop )*(sell|sold|sale|verkauf|vente|venta|redemption)", Effect.sell),
    (r".*(dividend|ausschuttung|distribution|ertrag|capital gain|coupon)", Effect.dividend),
    (r".*(interest|zins|interet|interes)", Effect.interest),
    (r".*(tax|steuer|impot|impuesto|withholding)", Effect.tax),
    (r".*(fee|gebuhr|commission|frais|comisi|kosten)", Effect.fee),
    (r".*split", Effect.stock_split),
    (r".*(merger|spin|exchange of|name change|umtausch|fusion)", Effect.changed),
    (r".*(transfer|ubertrag|einlieferung|auslieferung|umbuchung|delivery|transfert)", Effect.moved),
    (
        r".*(deposit|withdraw|einzahlung|auszahlung|einlage|entnahme|versement|prelev|retrait|ingreso|retiro)",
        Effect.cash,
    ),
    (r"cash|top.?up|payout", Effect.cash),
)
NOT_DONE = ("cancel", "reject", "expire", "pending", "open", "storn", "abgelehnt", "geloscht", "ausstehend")
TOTALS = ("total", "totals", "summe", "gesamt", "sum", "totale", "somme", "subtotal")
BACK = ("refund", "erstattung", "rembours", "rimborso", "devolucion")
LEAVES = (
    "withdraw",
    "auszahlung",
    "entnahme",
    "retrait",
    "retiro",
    "cash out",
    "payout",
    "transfer out",
    "auslieferung",
)


@dataclass(frozen=True, slots=True)
class Columns:
    """The name of the column that holds each thing, as the file writes it; empty where there is none.

    Without a date the file is a list of holdings, without a kind the sign of quantity or amount tells it. ``dates``
    and ``decimal`` (``.`` or ``,``) say how they are written where the file does not tell; ``money`` is the currency
    of what names none, empty for the portfolio's own.
    """

    date: str = ""
    kind: str = ""
    symbol: str = ""
    isin: str = ""
    name: str = ""
    quantity: str = ""
    price: str = ""
    amount: str = ""
    currency: str = ""
    fee: str = ""
    account: str = ""
    dates: DayForm | None = None
    decimal: str = ""
    money: str = ""

    def of(self, thing: str) -> str:
        """The word of the column that holds a thing, empty where there is none."""
        return word(str(getattr(self, thing)))


@dataclass(frozen=True, slots=True)
class Header:
    """The columns of a file as it writes them, its first rows, what they may be, and a mark to remember them by."""

    columns: tuple[str, ...]
    head: tuple[tuple[str, ...], ...]
    guess: Columns
    fingerprint: str


def sure(document: Document) -> float:
    """How sure it is that the columns of a document can be told from their names, from 0 to 1."""
    header = find_header(document)
    return 0.4 if header is not None and _is_enough(header.guess) else 0.0


def find_header(document: Document) -> Header | None:
    """The header of a table: the first row of several texts that are no numbers; None where there is none."""
    for n, record in enumerate(document.records[:30]):
        filled = [cell for cell in record.cells if cell]
        if len(filled) > 1 and not any(cell[0] in "0123456789$€£(+-" for cell in filled):
            head = tuple(tuple(row.cells) for row in document.records[n + 1 : n + 1 + HEAD])
            names = tuple(record.cells)
            return Header(names, head, guess(names), fingerprint(names))
    return None


def guess(names: Sequence[str]) -> Columns:
    """What the columns of these names hold, as far as they say.

    >>> found = guess(["Datum", "Typ", "ISIN", "Stück", "Kurs"])
    >>> found.date, found.kind, found.isin, found.quantity, found.price
    ('Datum', 'Typ', 'ISIN', 'Stück', 'Kurs')
    """
    by_word = {_folded(word(name)): name for name in reversed(names) if name}
    told = {
        thing: next((by_word[w] for w in map(_folded, known.split("|")) if w in by_word), "")
        for thing, known in NAMES.items()
    }
    return Columns(**told)  # type: ignore[arg-type]  # texts, all of them


def _folded(text: str) -> str:
    """The text in lower case without accents, which many programs leave out."""
    return "".join(c for c in normalize("NFKD", text.lower()) if not combining(c))


def fingerprint(names: Sequence[str]) -> str:
    """A mark of a header: the same for the same columns in any order and case.

    >>> fingerprint(["Date", "Symbol"]) == fingerprint(["symbol", "date"])
    True
    """
    return hashlib.sha256("\x1f".join(sorted(map(word, names))).encode()).hexdigest()[:16]


def _is_enough(columns: Columns) -> bool:
    product = columns.symbol or columns.isin or columns.name
    return bool(columns.quantity and product and (not columns.date or columns.kind or columns.amount or columns.price))


def read(document: Document, as_of: date, columns: Columns | None = None) -> Reading:
    """What the document holds, by the columns that are said, else by those that are guessed."""
    header = find_header(document)
    columns = columns or (header.guess if header else Columns())
    if not _is_enough(columns):
        what = "which column is what cannot be told: a product and a quantity are needed."
        raise document.place.error(what, "Say which column is what.")
    journal = Journal(document.place, as_of, columns.money)
    for table in _tables(document, columns):
        for line in lines(table, document.place, _layout(document, columns)):
            _note(journal, line, columns)
    return journal.reading(FORMAT)


def _tables(document: Document, columns: Columns) -> tuple[Table, ...]:
    wanted = {columns.of(thing) for thing in NAMES} - {""}
    found = tables(document.records, lambda words: words >= wanted)
    if not found:
        missing = sorted(wanted - {w for record in document.records[:30] for w in _words(record)})
        raise document.place.error(
            f"there is no column {shown(missing[0] if missing else '')}.", "Choose the columns again."
        )
    return found


def _words(record: Record) -> set[str]:
    return {word(cell) for cell in record.cells}


def _layout(document: Document, columns: Columns) -> Layout:
    """How cells are written: as said, else with points where commas stand between the cells."""
    numbers = frozenset(columns.of(thing) for thing in ("quantity", "price", "amount", "fee")) - {""}
    own = Mark.point if document.separated in ("", ",") else None  # else a comma may be decimal
    mark = Mark(columns.decimal) if columns.decimal else own
    return Layout(numbers, frozenset({columns.of("date")}) - {""}, mark, columns.dates)


def _note(journal: Journal, line: Line, columns: Columns) -> None:
    """Notes down a row; one that adds up others is none."""
    if _is_total(line, columns):
        return
    if _folded(line.text("status")).startswith(NOT_DONE):
        what = f"An order that was not carried out ({shown(line.text('status'))}) is left out."
        journal.complain(line.at("status"), "not_done", what)
        return
    entry = _entry(journal, line, columns)
    if not columns.date:
        _hold(journal, line, entry, columns)
        return
    effect = _effect(entry, columns)
    journal.post(effect, _signed(effect, entry))


def _is_total(line: Line, columns: Columns) -> bool:
    """Whether a row says that it adds up others, and has no day or no quantity of its own."""
    first = next((cell for cell in line.cells.values() if cell), "").lower().split(" ")[0].rstrip(":")
    own = columns.of("date") or columns.of("quantity")
    return first in TOTALS and (not line.cells.get(own) or line.cells[own].lower().startswith(first))


def _hold(journal: Journal, line: Line, entry: Entry, columns: Columns) -> None:
    """Notes down a row of a list of holdings."""
    if not line.text(columns.of("quantity")):
        journal.without_quantity(entry, entry.amount, line.at(columns.of("quantity")))
    elif entry.symbol.upper() in (CASH, "$CASH"):
        journal.post(Effect.opening, replace(entry, symbol=CASH, price=None, amount=None))
    else:
        journal.post(Effect.opening, replace(entry, amount=None))


def _entry(journal: Journal, line: Line, columns: Columns) -> Entry:
    """What a row says, with the signs it has."""

    def text(thing: str) -> str:
        return line.text(columns.of(thing)) if columns.of(thing) else ""

    def number(thing: str) -> float | None:
        return line.number(columns.of(thing)) if columns.of(thing) else None

    paid = line.money(columns.of("amount")) if columns.amount else None
    price = line.money(columns.of("price")) if columns.price else None
    written = next((money.currency for money in (paid, price) if money and money.currency), "")
    return Entry(
        line.at(columns.of("kind") or columns.of("symbol") or columns.of("isin") or columns.of("name")),
        line.day(columns.of("date")) if columns.date else journal.as_of,
        text("symbol") or text("isin") or text("name"),
        number("quantity") or 0.0,
        price.value if price else None,
        paid.value if paid else None,
        text("currency") or written or columns.money,
        abs(number("fee") or 0.0),
        text("account"),
        text("isin"),
        text("name"),
        text("kind"),
    )


def _effect(entry: Entry, columns: Columns) -> Effect:
    """What a row does: what its kind says, else what its signs say."""
    if columns.kind:
        effect = effect_of(_folded(entry.what), KINDS)
        return Effect.cash if effect is Effect.unknown and entry.what == "" and not entry.quantity else effect
    if not entry.quantity:
        return Effect.cash
    return Effect.sell if entry.quantity < 0 else Effect.buy


def _signed(effect: Effect, entry: Entry) -> Entry:
    """The row with the signs that its kind has, where the file writes none."""
    amount, leaves = entry.amount, _leaves(effect, _folded(entry.what))
    if effect in (Effect.dividend, Effect.interest) and amount is None and entry.price is not None:
        amount = entry.price * entry.quantity - entry.fee
    if effect in (Effect.fee, Effect.tax) and amount is None:
        amount = entry.fee or entry.price
    if leaves and amount is not None:
        amount = -abs(amount)
    quantity = -abs(entry.quantity) if leaves and effect is Effect.moved else entry.quantity
    if effect in (Effect.cash, Effect.moved) and not entry.quantity:
        return replace(entry, symbol="", isin="", amount=amount)
    return replace(entry, amount=amount, quantity=quantity)


def _leaves(effect: Effect, kind: str) -> bool:
    """Whether a kind of row takes cash or units away."""
    charge = effect in (Effect.fee, Effect.tax) and not any(word in kind for word in BACK)
    return charge or goes_out(kind) or any(word in kind for word in LEAVES)
