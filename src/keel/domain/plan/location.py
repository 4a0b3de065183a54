"""Where assets are best held: a rank of account kinds by asset class."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from keel.domain.arrays import Floats
from keel.domain.market.instrument import Instrument
from keel.domain.portfolio.account import Account, AccountKind
from keel.domain.reading.place import Place
from keel.domain.reading.values import read_number, read_object

_TAXED_AS_INCOME = {AccountKind.deferred: 0, AccountKind.exempt: 1, AccountKind.taxable: 2}
_TAXED_AS_GAINS = {AccountKind.taxable: 0, AccountKind.exempt: 0, AccountKind.deferred: 1}
Ranks = Mapping[str, Mapping[AccountKind, int]]
CLASSES = ("bonds", "real_estate", "high_yield", "equity", "alternatives", "cash")
WORST = 9
USUAL: Ranks = {
    "bonds": _TAXED_AS_INCOME,
    "real_estate": _TAXED_AS_INCOME,
    "high_yield": _TAXED_AS_INCOME,
    "equity": _TAXED_AS_GAINS,
}


@dataclass(frozen=True, slots=True)
class Location:
    """By asset class how well each kind of account suits it, 0 the best; ``classes`` are those of symbols.

    A class without a rank lies equally well anywhere.
    """

    classes: Mapping[str, str] = field(default_factory=dict)
    ranks: Ranks = field(default_factory=lambda: USUAL)


def parse_ranks(given: object, place: Place) -> Ranks:
    """The ranks in a JSON object; a class or a kind of account that it leaves out keeps its usual rank.

    Raises ImportFormatError.

    >>> parse_ranks({"equity": {"taxable": 2}}, Place("location"))["equity"][AccountKind.taxable]
    2
    """
    return {**USUAL, **{name: _ranks(name, row, place.field(name)) for name, row in read_object(given, place).items()}}


def _ranks(name: str, given: object, place: Place) -> Mapping[AccountKind, int]:
    if name not in CLASSES:
        raise place.error("is no class of assets.", f"Use {', '.join(CLASSES)}.")
    found = dict(USUAL.get(name) or dict.fromkeys(AccountKind, 0))
    for kind, rank in read_object(given, place).items():
        if kind not in list(AccountKind):
            raise place.field(kind).error("is no kind of account.", f"Use {', '.join(AccountKind)}.")
        at = read_number(rank, place.field(kind))
        if at != int(at) or not 0 <= at <= WORST:
            raise place.field(kind).error(f"is {at:g}; a rank is a whole number from 0, the best, to {WORST}.")
        found[AccountKind(kind)] = int(at)
    return found


def ranks_json(ranks: Ranks) -> dict[str, dict[str, int]]:
    """The ranks as ``parse_ranks`` reads them."""
    return {name: {kind.value: rank for kind, rank in row.items()} for name, row in ranks.items()}


def class_of(product: Instrument) -> str:
    """The class that a product is ranked by: what it yields matters more than what it is."""
    kind = _plain(product.subclass)
    if "credit:high_yield" in product.tags or kind == "high_yield":
        return "high_yield"
    if "what:real_estate" in product.tags or kind == "reit":
        return "real_estate"
    return _plain(product.asset_class)


def _plain(fact: str) -> str:
    """A fact as classes are named: sources write ``High Yield`` where others write ``high_yield``."""
    return fact.strip().lower().replace(" ", "_")


def ranks_of(symbols: Sequence[str], accounts: Sequence[Account], where: Location) -> Floats:
    """The rank of each line (n,): of its symbol in its account."""
    rows = [
        float(where.ranks.get(where.classes.get(symbol, ""), {}).get(account.kind, 0))
        for symbol, account in zip(symbols, accounts, strict=True)
    ]
    return np.array(rows, dtype=np.float64)
