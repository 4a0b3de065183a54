"""What fills the leaves of a framework: a portfolio's picks, the framework's own holdings, or cash."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from keel.domain.framework.records import Framework, Holding
from keel.domain.framework.tree import leaves
from keel.domain.market.prices import CASH
from keel.domain.portfolio.records import Portfolio
from keel.units import weight

Filling = Mapping[str, tuple[Holding, ...]]


def filling(portfolio: Portfolio, framework: Framework) -> Filling:
    """The holdings by path of leaf: the portfolio's picks, else the framework's own; a leaf without is left out."""
    picked: dict[str, list[Holding]] = {}
    for pick in portfolio.picks:
        picked.setdefault(pick.path, []).append(Holding(pick.symbol, pick.share))
    own = {leaf.path: leaf.holdings for leaf in leaves(framework)}
    return {path: tuple(picked.get(path, held)) for path, held in own.items() if path in picked or held}


def symbols_of(filled: Filling) -> tuple[str, ...]:
    """The symbols held, each once, cash left out."""
    return tuple(dict.fromkeys(h.symbol for held in filled.values() for h in held if h.symbol != CASH))


def in_cash(filled: Filling, lacking: Collection[str], framework: Framework) -> tuple[Filling, tuple[str, ...]]:
    """The filling with cash in place of the symbols that lack prices, and a sentence for each.

    >>> from keel.domain.framework.records import Bucket
    >>> one = Framework("One", (Bucket("A/B", "B", 1.0),))
    >>> in_cash({"A/B": (Holding("X", 0.25), Holding("Y", 0.75))}, {"X"}, one)[1]
    ('X has no prices: its 25.0% stays in cash.',)
    """
    targets = {leaf.path: leaf.target_weight for leaf in leaves(framework)}
    notes = tuple(
        f"{h.symbol} has no prices: its {weight(targets[path] * h.share)} stays in cash."
        for path, held in filled.items()
        for h in held
        if h.symbol in lacking
    )
    cash = {
        path: tuple(replace(h, symbol=CASH) if h.symbol in lacking else h for h in held)
        for path, held in filled.items()
    }
    return cash, notes
