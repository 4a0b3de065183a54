"""The door to all formats: one table of them, and the one that a file's content shows it to be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from keel.domain.text import some
from keel.sources.brokers import (
    columns,
    fidelity,
    flex,
    ghostfolio,
    interactive_brokers,
    keel,
    performance,
    performance_xml,
    schwab,
    trade_republic,
    vanguard,
    wealthfolio,
)
from keel.sources.brokers.columns import Columns, Header, find_header
from keel.sources.brokers.reading import Reading
from keel.sources.brokers.statement.document import Document, open_document
from keel.sources.brokers.statement.table import words

CLOSE = 0.05  # formats that are surer than the next by less cannot be told apart
LEAST = 0.3
HEAD = 200  # rows in which a format shows itself
OWN = frozenset({"symbol", "quantity", "account", "price", "cost", "acquired", "role", "no_buy", "no_sell", "currency"})


@dataclass(frozen=True, slots=True)
class Format:
    """A format: what it is called, how sure a document is of it (0 to 1), and its reader."""

    name: str
    sure: Callable[[Document], float]
    read: Callable[[Document, date], Reading]


FORMATS = (
    Format("Fidelity", fidelity.sure, fidelity.read),
    Format("Schwab", schwab.sure, schwab.read),
    Format("Vanguard", vanguard.sure, vanguard.read),
    Format("Interactive Brokers statement", interactive_brokers.sure, interactive_brokers.read),
    Format("Interactive Brokers flex query", flex.sure, flex.read),
    Format("Trade Republic", trade_republic.sure, trade_republic.read),
    Format("Portfolio Performance", performance.sure, performance.read),
    Format("Portfolio Performance XML", performance_xml.sure, performance_xml.read),
    Format("Ghostfolio", ghostfolio.sure, ghostfolio.read),
    Format("Wealthfolio", wealthfolio.sure, wealthfolio.read),
    Format("Table", columns.sure, columns.read),
)


def read(data: bytes, name: str, as_of: date, said: Columns | None = None) -> Reading:
    """What a file called ``name`` holds, in the format that its content shows, or by the columns that are ``said``.

    ``as_of`` is the day of holdings that say none. Raises ImportFormatError, with row and column where there are some,
    for a file that no format knows, that several may be, or that is damaged.
    """
    document = open_document(data, name)
    reading = _read(document, data, as_of, said)
    notes = tuple(document.place.warning("not_read", note) for note in document.notes)
    return replace(reading, complaints=(*notes, *reading.complaints))


def _read(document: Document, data: bytes, as_of: date, said: Columns | None) -> Reading:
    if said is not None:
        return columns.read(document, as_of, said)
    if _is_own(document):
        return keel.read(data, document.place.file, as_of)
    head = replace(document, records=document.records[:HEAD])
    ranked = sorted(((format.sure(head), format) for format in FORMATS), key=lambda pair: -pair[0])
    (best, first), (second, other) = ranked[:2]
    if best < LEAST:
        raise document.place.error("no known format has these columns.", "Say which column is what.")
    if best - second < CLOSE:
        what = f"it may be of {some([first.name, other.name])}."
        raise document.place.error(what, "Say which column is what.")
    return first.read(document, as_of)


def header_of(data: bytes, name: str) -> Header | None:
    """The header of a table whose columns a person can say; None for what is no table."""
    return find_header(open_document(data, name))


def _is_own(document: Document) -> bool:
    """Whether a document is a list of holdings as Keel writes it."""
    top = words(document.records[0]) if document.records else frozenset()
    return {"symbol", "quantity"} <= top and top <= {name.replace("_", " ") for name in OWN}
