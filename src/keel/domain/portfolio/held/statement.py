"""What one file, or one table that was typed, says of a portfolio; and what all of them together come to."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from keel.domain.market.prices import CASH
from keel.domain.portfolio.activity import Activity, ActivityKind
from keel.domain.portfolio.held.ledger import Books, add_up
from keel.domain.portfolio.position import Position

Key = tuple[str, str]  # account and symbol


@dataclass(frozen=True, slots=True)
class Statement:
    """Records, and positions whose role, price, limits and bucket are said beside them; their quantity says nothing."""

    activities: tuple[Activity, ...] = ()
    stated: tuple[Position, ...] = ()


def standing(statements: Sequence[Statement], named: Mapping[str, str] | None = None) -> Books:
    """What statements come to, in the order they came: of one position the last word counts.

    A price that is said wins over one that a list of holdings tells by the way, until a newer list comes.
    """
    books = add_up([statement.activities for statement in statements], named)
    said = _settings(statements)
    positions = tuple(_settled(p, said.get((p.account, p.symbol))) for p in books.positions)
    given = {key for key, setting in said.items() if setting.price is not None}
    priced_on = {key: when for key, when in books.priced_on.items() if key not in given}
    return replace(books, positions=positions, priced_on=priced_on, traded=books.traded - given)


def typed(before: Sequence[Position], table: Sequence[Position], as_of: date, anew: Collection[str] = ()) -> Statement:
    """What a table says that was typed over the positions of before: accounts that differ, and settings that do.

    The accounts ``anew`` are said even where they do not differ.
    """
    accounts = dict.fromkeys(p.account for p in (*before, *table))
    changed = {name for name in accounts if name in anew or _amounts(before, name) != _amounts(table, name)}
    activities = [a for p in table if p.account in changed for a in openings(p, as_of)]
    emptied = [name for name in accounts if name in changed and not any(p.account == name for p in table)]
    activities += [a for name in emptied for a in openings(Position(CASH, 0.0, account=name), as_of)]
    known = {(p.account, p.symbol, p.currency): p for p in before}
    differ = tuple(p for p in table if _setting(p) != _setting(known.get((p.account, p.symbol, p.currency))))
    return Statement(tuple(activities), differ)


def openings(position: Position, as_of: date) -> Iterator[Activity]:
    """A position as the records that state it: one a lot, and one for what no lot tells the cost of."""
    rest = position.quantity - sum(lot.quantity for lot in position.lots)
    opening = Activity(
        ActivityKind.opening,
        as_of,
        position.symbol,
        rest,
        position.price,
        currency=position.currency,
        account=position.account,
    )
    apart = False
    for lot in position.lots:
        money = lot.currency or position.currency
        price = position.price if money == position.currency else None  # a record is in one currency
        apart |= price != position.price
        amount = -lot.quantity * lot.cost
        yield replace(opening, quantity=lot.quantity, amount=amount, acquired=lot.acquired, price=price, currency=money)
    if rest > 0 or not position.lots or apart:
        yield replace(opening, quantity=max(rest, 0.0))


def _settings(statements: Sequence[Statement]) -> dict[Key, Position]:
    """The last word on each position; a newer list of holdings takes back the prices said before it."""
    said: dict[Key, Position] = {}
    for statement in statements:
        listed = {a.account for a in statement.activities if a.kind is ActivityKind.opening}
        said = {key: replace(p, price=None) if key[0] in listed else p for key, p in said.items()}
        said |= {(p.account, p.symbol): p for p in statement.stated}
    return said


def _settled(position: Position, said: Position | None) -> Position:
    if said is None:
        return position
    price, currency = (position.price, position.currency)
    if said.price is not None and position.symbol != CASH:
        price, currency = said.price, said.currency or position.currency
    own = replace(position, price=price, currency=currency, role=said.role, bucket=said.bucket)
    return replace(own, no_buy=said.no_buy, no_sell=said.no_sell)


def _setting(position: Position | None) -> Position | None:
    return position and replace(position, quantity=0.0, lots=())


def _amounts(positions: Sequence[Position], account: str) -> list[Position]:
    """Quantities and lots of an account, without what is said beside them."""
    own = (p for p in positions if p.account == account)
    bare = [Position(p.symbol, p.quantity, account=account, lots=p.lots, currency=_cash(p)) for p in own]
    return sorted(bare, key=lambda p: (p.symbol, p.currency, p.quantity))


def _cash(position: Position) -> str:
    return position.currency if position.symbol == CASH else ""
