"""What weighs on a number and must stand beside it: proxies, missing dividends, survivors, a fee, idle cash."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence, Sized
from dataclasses import dataclass

from keel.domain.issue import Finding, Severity
from keel.domain.market.lines.conversion import in_words
from keel.domain.market.lines.likeness import weak_proxies
from keel.domain.market.prices import CASH, PriceMatrix
from keel.domain.policy.records import RunSettings
from keel.domain.portfolio.book import Book
from keel.units import from_bps, pct2, weight

MOST_NAMED = 8


@dataclass(frozen=True, slots=True)
class Caveat:
    """One thing that weighs on a number: a word or two with how much of it, and the sentence behind them.

    ``phrase`` is how it is said among others in a sentence.
    """

    words: str
    sentence: str
    step: str = ""  # where something can be done about it
    phrase: str = ""


def doubtful(health: Mapping[str, Sequence[Finding]]) -> tuple[Caveat, ...]:
    """What is wrong with the prices of the products, by symbol; none where there are only notes.

    >>> doubtful({"SPY": [Finding("stale", Severity.warning, "SPY", "The last price is old.")]})[0].words
    'Doubtful prices 1'
    """
    grave = {s: [f for f in found if f.severity is not Severity.note] for s, found in health.items()}
    named = {symbol: found for symbol, found in grave.items() if found}
    if not named:
        return ()
    said = [f"{symbol}: {' '.join(f.message for f in found)}" for symbol, found in named.items()]
    rest = f" And {len(said) - MOST_NAMED} more." if len(said) > MOST_NAMED else ""
    return (Caveat(f"Doubtful prices {len(said)}", " ".join(said[:MOST_NAMED]) + rest, "data"),)


def caveats(prices: PriceMatrix, book: Book, settings: RunSettings) -> tuple[Caveat, ...]:
    """What weighs on a result of ``book`` on ``prices``, in a fixed order; none when nothing does.

    >>> import numpy as np
    >>> from keel.domain.portfolio.book import alone
    >>> two = PriceMatrix(np.array(["2020-01-31", "2020-02-29"], "datetime64[D]"), ("SPY",), np.ones((2, 1)),
    ...                   kinds=("price_return",))
    >>> [caveat.words for caveat in caveats(two, alone("SPY"), RunSettings(annual_fee_bps=100))]
    ['No dividends 1', 'Fee 1.00%']
    """
    held = tuple(dict.fromkeys(symbol for symbol in book.symbols if symbol != CASH))
    found = (
        _proxies(prices, held),
        _weak(prices, held),
        _converted(prices, held),
        _dividends(prices, held),
        _survivors(prices, held),
        _fee(settings),
        _cash(book),
    )
    return tuple(caveat for caveat in found if caveat is not None)


def _proxies(prices: PriceMatrix, held: Sequence[str]) -> Caveat | None:
    stand_ins = {s.symbol: s.series for s in prices.proxied if s.symbol in held}
    if not stand_ins:
        return None
    pairs = _some([f"{series} for {symbol}" for symbol, series in stand_ins.items()])
    return Caveat(
        f"Proxy {len(stand_ins)}",
        f"A similar series stands in where a product has no prices of its own, less the product's fee: {pairs}.",
        phrase=_count(stand_ins, "proxy", "proxies"),
    )


def _weak(prices: PriceMatrix, held: Sequence[str]) -> Caveat | None:
    """The proxies that move apart from their funds."""
    weak = weak_proxies(found for found in prices.likenesses if found.symbol in held)
    if not weak:
        return None
    sentence = " ".join([*(finding.message for finding in weak), weak[0].affects])
    return Caveat(f"Weak proxy {len(weak)}", sentence, phrase=_count(weak, "weak proxy", "weak proxies"))


def _converted(prices: PriceMatrix, held: Sequence[str]) -> Caveat | None:
    """What was in another currency: its returns hold the exchange rate's."""
    found = [each for each in prices.converted if each.symbol in held]
    if not found:
        return None
    symbols = dict.fromkeys(each.symbol for each in found)
    return Caveat(
        f"Converted {len(symbols)}",
        f"{' '.join(in_words(found))} Returns hold the exchange rate's too, unhedged.",
        phrase=_count(symbols, "product in another currency", "products in other currencies"),
    )


def _dividends(prices: PriceMatrix, held: Sequence[str]) -> Caveat | None:
    kinds = dict(zip(prices.symbols, prices.kinds, strict=False))
    without = [symbol for symbol in held if kinds.get(symbol) == "price_return"]
    if not without:
        return None
    return Caveat(
        f"No dividends {len(without)}",
        f"{len(without)} of {len(held)} series leave dividends out, so their returns are too low: {_some(without)}.",
        phrase=f"dividends left out of {len(without)} of {len(held)} series",
    )


def _survivors(prices: PriceMatrix, held: Sequence[str]) -> Caveat | None:
    names = [symbol for symbol in held if symbol in prices.survivors]
    if not names:
        return None
    return Caveat(
        f"Survivors {len(names)}",
        f"{_some(names)}: in the data because they lived on, so every result with them is too good.",
        phrase=_count(names, "survivor", "survivors"),
    )


def _fee(settings: RunSettings) -> Caveat | None:
    if not settings.annual_fee_bps:
        return None
    fee = pct2(from_bps(settings.annual_fee_bps))
    sentence = f"An advisory fee of {fee} a year is taken from every policy, not from the benchmark."
    return Caveat(f"Fee {fee}", sentence, phrase=f"an advisory fee of {fee} a year")


def _cash(book: Book) -> Caveat | None:
    gaps = {path: label for path, label in zip(book.paths, book.labels, strict=True) if path in book.gaps}
    part = math.fsum(float(t) for path, t in zip(book.paths, book.targets, strict=True) if path in gaps)
    if not gaps:
        return None
    return Caveat(
        f"Cash {weight(part, 0)}",
        f"{weight(part)} has no product with prices, stays in cash and earns nothing: {_some(list(gaps.values()))}.",
        phrase=f"{weight(part, 0)} in cash for want of a product",
    )


def _count(many: Sized, one: str, several: str) -> str:
    return f"1 {one}" if len(many) == 1 else f"{len(many)} {several}"


def _some(names: Sequence[str]) -> str:
    """The names, and how many more when they are many."""
    rest = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" and {rest} more" if rest > 0 else "")
