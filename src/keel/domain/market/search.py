"""The search for a product by what a person types: a symbol, or words of its name."""

from __future__ import annotations

from collections.abc import Iterable

from keel.domain.market.instrument import Instrument


def search(instruments: Iterable[Instrument], text: str) -> tuple[Instrument, ...]:
    """The instruments whose symbol and name hold every word of the text; none for an empty one.

    The exact symbol comes first, then symbols that begin with the text, then names with a word that does, then the
    rest; within each by symbol.

    >>> from keel.domain.market.instrument import InstrumentType
    >>> funds = [Instrument(s, s, n, InstrumentType.etf) for s, n in
    ...          [("AVGO", "Gold miners"), ("GO", "Grocery"), ("GOVT", "US Treasury")]]
    >>> [fund.symbol for fund in search(funds, "go")]
    ['GO', 'GOVT', 'AVGO']
    """
    asked = text.casefold().split()
    if not asked:
        return ()
    fitting = [i for i in instruments if all(word in f"{i.symbol} {i.name}".casefold() for word in asked)]
    return tuple(sorted(fitting, key=lambda i: (_nearness(i, " ".join(asked)), i.symbol)))


def _nearness(instrument: Instrument, asked: str) -> int:
    symbol = instrument.symbol.casefold()
    if symbol == asked:
        return 0
    if symbol.startswith(asked):
        return 1
    return 2 if any(word.startswith(asked) for word in instrument.name.casefold().split()) else 3
