"""A book: the leaves of a framework and the instruments that fill them, as arrays for arithmetic."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from keel.domain.arrays import Floats
from keel.domain.framework.records import Bucket, Framework, Holding
from keel.domain.framework.tree import effective_band, leaves, within
from keel.domain.market.prices import CASH
from keel.domain.policy.kinds import Band
from keel.errors import InvalidFrameworkError, InvalidPolicyError
from keel.units import WEIGHT_TOLERANCE, weight


@dataclass(frozen=True, slots=True)
class Book:
    """Leaves (m of them, in tree order) and instruments (k of them).

    ``targets`` (m,) fractions of the whole that sum to 1; ``leaf`` (k,) the index of each instrument's leaf; ``shares``
    (k,) its share of that leaf, summing to 1 within each; ``bands`` (m,) a leaf's own band override or None.
    A leaf without a product is filled with the symbol ``CASH``, whose price is 1, and named in ``gaps``. ``frozen``
    (m,) says which leaves keep the quantities first bought; empty when none does.
    """

    paths: tuple[str, ...]
    labels: tuple[str, ...]
    targets: Floats
    symbols: tuple[str, ...]
    leaf: NDArray[np.int64]
    shares: Floats
    bands: tuple[Band | None, ...]
    gaps: tuple[str, ...] = ()
    frozen: tuple[bool, ...] = ()


def alone(symbol: str) -> Book:
    """A book of one leaf that is one instrument.

    >>> alone("SPY").targets.tolist()
    [1.0]
    """
    return Book((symbol,), (symbol,), np.ones(1), (symbol,), np.zeros(1, dtype=np.int64), np.ones(1), (None,))


def frozen_leaves(book: Book, names: Sequence[str] = ()) -> NDArray[np.bool_]:
    """True for each leaf (m,) that is frozen: by the book, or as one of ``names``, paths or labels of buckets.

    The path of an inner bucket freezes its leaves. Raises InvalidPolicyError for a name that no bucket has.
    """
    out = np.array(book.frozen or [False] * len(book.paths), dtype=np.bool_)
    for name in names:
        named = np.array([within(path, name) for path in book.paths], dtype=np.bool_)
        if not named.any():
            named = np.array([label == name for label in book.labels], dtype=np.bool_)
        if not named.any():
            raise InvalidPolicyError(
                f"frozen names {name!r}, which is no bucket; there are {', '.join(book.labels)}.", subject="frozen"
            )
        out |= named
    return out


def book(
    framework: Framework,
    picks: Mapping[str, tuple[Holding, ...]] | None = None,
    columns: Collection[str] | None = None,
) -> Book:
    """The leaves of a framework with what fills each: its picks, else its own holdings, else the column of its label.

    ``columns`` are the symbols that have prices; a leaf that none of these fills is held in ``CASH`` and named in
    ``gaps``. Raises InvalidFrameworkError when there are no leaves, or targets or shares do not sum to 1 within 1e-9.

    >>> from keel.domain.framework.records import Bucket
    >>> pair = Framework("Pair", (Bucket("A/Stocks", "Stocks", 0.6), Bucket("A/Bonds", "Bonds", 0.4)))
    >>> made = book(pair, {"A/Stocks": (Holding("VTI", 1.0),)}, columns=["VTI", "SPY"])
    >>> made.symbols, made.targets.tolist(), made.gaps
    (('VTI', 'CASH'), [0.6, 0.4], ('A/Bonds',))
    """
    ends = leaves(framework)
    if not ends:
        raise InvalidFrameworkError("The framework has no buckets yet.", hint="Add a bucket.", subject=framework.name)
    filled = [_filled(b, picks, columns) for b in ends]
    lines = [(n, h) for n, held in enumerate(filled) for h in held or (Holding(CASH, 1.0),)]
    pairs = tuple(zip(ends, filled, strict=True))
    shares = [_exact([h.share for h in held] or [1.0], f"The products of {b.label}") for b, held in pairs]
    return Book(
        paths=tuple(b.path for b in ends),
        labels=tuple(b.label for b in ends),
        targets=_exact([b.target_weight for b in ends], "The buckets"),
        symbols=tuple(h.symbol for _, h in lines),
        leaf=np.array([n for n, _ in lines], dtype=np.int64),
        shares=np.concatenate(shares),
        bands=tuple(effective_band(framework, b.path) for b in ends),
        gaps=tuple(b.path for b, held in pairs if not held),
    )


def with_assigned(book: Book, assigned: Iterable[tuple[str, str]]) -> Book:
    """The book with room for symbols in the leaves that a person assigned them to, each given with its leaf's path.

    In a leaf without a product they share the target alike; beside products they have no share. What is there already
    and a path that is no leaf change nothing.
    """
    there = {(book.symbols[j], book.paths[leaf]) for j, leaf in enumerate(book.leaf)}
    new = [pair for pair in dict.fromkeys(assigned) if pair not in there and pair[1] in book.paths and pair[0] != CASH]
    if not new:
        return book
    filled = {path for _, path in new if path in book.gaps}
    kept = [j for j, leaf in enumerate(book.leaf) if book.paths[leaf] not in filled]
    count = Counter(path for _, path in new)
    return replace(
        book,
        symbols=(*(book.symbols[j] for j in kept), *(symbol for symbol, _ in new)),
        leaf=np.concatenate([book.leaf[kept], [book.paths.index(path) for _, path in new]]).astype(np.int64),
        shares=np.concatenate([book.shares[kept], [1 / count[path] if path in filled else 0.0 for _, path in new]]),
        gaps=tuple(path for path in book.gaps if path not in filled),
    )


def _filled(
    bucket: Bucket, picks: Mapping[str, tuple[Holding, ...]] | None, columns: Collection[str] | None
) -> tuple[Holding, ...]:
    chosen = tuple((picks or {}).get(bucket.path, ())) or bucket.holdings
    if chosen:
        return chosen
    return (Holding(bucket.label, 1.0),) if columns is not None and bucket.label in columns else ()


def _exact(parts: Sequence[float], subject: str) -> Floats:
    """The parts without the dust that floats and 12 stored decimals leave; more than dust is an error, not rescaled."""
    total = math.fsum(parts)
    if not abs(total - 1.0) <= WEIGHT_TOLERANCE:
        what = f"{subject} make {weight(total)}, not 100.0%."
        raise InvalidFrameworkError(what, hint="Correct the weights so that they sum to 100%.", subject=subject)
    return np.array(parts, dtype=np.float64) / total
