"""Portfolio Performance as CSV, in six languages: all transactions, those of one account, the statement of assets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from keel.domain.market.prices import CASH
from keel.domain.reading.amount import Mark
from keel.domain.reading.day import DayForm
from keel.domain.reading.values import require_few
from keel.sources.brokers.reading import Reading
from keel.sources.brokers.statement.document import Document
from keel.sources.brokers.statement.journal import Effect, Entry, Journal
from keel.sources.brokers.statement.pairs import Pair, households
from keel.sources.brokers.statement.table import Layout, Line, Table, lines, tables
from keel.sources.brokers.statement.wording import effect_of_kind, goes_out, in_english, in_english_one

FORMAT = "Portfolio Performance"
ALL = frozenset({"date", "type", "security", "shares", "amount", "net transaction value", "account"})
ONE = frozenset({"date", "type", "value", "currency", "shares", "security"})
ASSETS = frozenset({"shares", "security", "quote", "market value"})
NUMBERS = frozenset(
    {"shares", "quote", "amount", "fees", "taxes", "net transaction value", "value", "gross amount", "market value"}
    | {"purchase value", "purchase price"}
)
MOST_ASSETS = 5_000
CENT = 0.011  # sums of rounded values are off by one


@dataclass(frozen=True, slots=True)
class _Row:
    """A transaction with the words of its kind and its other account."""

    line: Line
    kind: str
    effect: Effect
    entry: Entry
    other: str


def sure(document: Document) -> float:
    """How sure it is that a document is an export of Portfolio Performance, from 0 to 1."""
    found = _tables(document)
    if any(table.has(ALL) or table.has(ONE) for table in found):
        return 0.96
    return 0.7 if found else 0.0


def read(document: Document, as_of: date) -> Reading:
    """What the document holds; ``as_of`` is the day of a statement of assets."""
    journal = Journal(document.place, as_of, "")
    for table in _tables(document):
        rows = lines(table, document.place, _layout(document))
        if table.has(ASSETS):
            _assets(journal, rows)
        else:
            own = "" if table.has(ALL) else document.stem
            _transactions(journal, [_row(line, own) for line in rows])
    return journal.reading(FORMAT)


def _tables(document: Document) -> tuple[Table, ...]:
    found = tables(document.records, lambda words: _is_one(in_english(words)))
    return tuple(replace(table, columns=tuple(map(in_english_one, table.columns))) for table in found)


def _is_one(words: frozenset[str]) -> bool:
    return words >= ALL or words >= ONE or words >= ASSETS


def _layout(document: Document) -> Layout:
    """How cells are written where they do not tell: semicolons stand between them where a comma is decimal."""
    commas = document.separated == ";"
    order = DayForm.day_first if commas else DayForm.month_first
    return Layout(NUMBERS, frozenset({"date"}), Mark.comma if commas else Mark.point, order)


def _row(line: Line, own: str) -> _Row:
    """A transaction; of the amounts the one that fees and taxes are in counts, its sign is that of the kind."""
    kind = line.text("type")
    if not kind:
        raise line.at("type").error("is empty.", "Export the transactions again.")
    paid, effect = line.money("net transaction value", "value", "amount"), effect_of_kind(kind)
    out = goes_out(kind) or effect is Effect.buy
    units, size = abs(line.number("shares") or 0.0), abs(paid.value) if paid else 0.0
    entry = Entry(
        line.at("type"),
        line.day("date"),
        line.text("symbol") or line.text("isin") or line.text("security"),
        -units if out else units,
        line.number("quote"),
        -size if out else size,
        (paid.currency if paid else "") or line.text("currency"),
        abs(line.number("fees") or 0.0),
        line.text("account") or own,
        line.text("isin"),
        line.text("security"),
        kind,
    )
    if effect in (Effect.moved, Effect.cash) and not units:
        entry = replace(entry, symbol="", isin="")
    return _Row(line, kind, effect, entry, line.text("offset account"))


def _transactions(journal: Journal, rows: Sequence[_Row]) -> None:
    """Notes down transactions; a securities account and its cash account are one account where they belong together."""
    home = households([(row.entry.account, row.other) for row in rows if row.effect in (Effect.buy, Effect.sell)])
    sent = {_pair(row, home) for row in rows if row.effect is Effect.moved and goes_out(row.kind)}
    for row in rows:
        here, there = home.get(row.entry.account, row.entry.account), home.get(row.other, row.other)
        entry = replace(row.entry, account=here)
        if row.effect is Effect.moved and there:
            back = not goes_out(row.kind)
            if here != there and not (back and _pair(row, home) in sent):
                journal.post(Effect.moved, entry)
                journal.post(Effect.moved, _opposite(entry, there))
            continue
        if row.effect in (Effect.buy, Effect.sell) and there and here != there:
            _paid_elsewhere(journal, entry, there)
        journal.post(row.effect, entry)


def _pair(row: _Row, home: Mapping[str, str]) -> Pair:
    """What both rows of one transfer have in common."""
    ends = [home.get(name, name) for name in (row.entry.account, row.other)]
    here, there = ends if goes_out(row.kind) else reversed(ends)
    return row.entry.day, row.entry.symbol, abs(row.entry.quantity), abs(row.entry.amount or 0.0), here, there


def _opposite(entry: Entry, account: str) -> Entry:
    amount = None if entry.amount is None else -entry.amount
    return replace(entry, account=account, quantity=-entry.quantity, amount=amount)


def _paid_elsewhere(journal: Journal, entry: Entry, cash_account: str) -> None:
    """Notes down the cash of a trade as moved between the account of the securities and that of the money."""
    bought = entry.quantity < 0
    size = abs(entry.amount or 0.0)
    moved = replace(entry, symbol="", isin="", quantity=0.0, fee=0.0)
    journal.post(Effect.moved, replace(moved, account=cash_account, amount=-size if bought else size))
    journal.post(Effect.moved, replace(moved, amount=size if bought else -size))


def _assets(journal: Journal, rows: Iterable[Line]) -> None:
    """Notes down a statement of assets: securities have shares, cash has not, headings add up what follows."""
    listed = list(rows)
    require_few(len(listed), MOST_ASSETS, "lines", journal.place)
    worth = [line.money("market value") for line in listed]
    for n, line in enumerate(listed):
        units, value, name = line.number("shares"), worth[n], line.text("security")
        entry = Entry(line.at("security", "shares"), journal.as_of, line.text("symbol") or line.text("isin") or name)
        entry = replace(entry, isin=line.text("isin"), name=name, currency=(value.currency if value else ""))
        if units is not None:
            price = line.money("quote")
            cost, each = line.number("purchase value"), line.number("purchase price")
            paid = cost if cost is not None else None if each is None else each * units
            currency = (price.currency if price else "") or entry.currency
            held = replace(entry, quantity=units, price=price.value if price else None, amount=paid, currency=currency)
            journal.post(Effect.opening, held)
        elif value is not None and not _is_sum(n, [money.value if money else 0.0 for money in worth]):
            journal.post(Effect.opening, replace(entry, symbol=CASH, isin="", quantity=value.value))


def _is_sum(n: int, values: Sequence[float]) -> bool:
    """Whether a value is that of the rows that follow it, or of all above it."""
    total = 0.0
    for value in values[n + 1 :]:
        total += value
        if abs(total - values[n]) < CENT and total:
            return True
        if total > values[n] + CENT:
            break
    return bool(n) and n == len(values) - 1 and abs(_leaves(values[:n]) - values[n]) < CENT


def _leaves(values: Sequence[float]) -> float:
    """The sum of the values that are no sums of others."""
    return sum(value for n, value in enumerate(values) if not _is_sum(n, values))
