"""Where assets are best held: a rank of account kinds by asset class."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from keel.domain.arrays import Floats
from keel.domain.market.instrument import Instrument
from keel.domain.portfolio.account import Account, AccountKind

_TAXED_AS_INCOME = {AccountKind.deferred: 0, AccountKind.exempt: 1, AccountKind.taxable: 2}
_TAXED_AS_GAINS = {AccountKind.taxable: 0, AccountKind.exempt: 0, AccountKind.deferred: 1}
USUAL: Mapping[str, Mapping[AccountKind, int]] = {
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
    ranks: Mapping[str, Mapping[AccountKind, int]] = field(default_factory=lambda: USUAL)


def class_of(product: Instrument) -> str:
    """The class that a product is ranked by: what it yields matters more than what it is."""
    if "credit:high_yield" in product.tags or product.subclass == "high_yield":
        return "high_yield"
    if "what:real_estate" in product.tags or product.subclass == "reit":
        return "real_estate"
    return product.asset_class


def ranks_of(symbols: Sequence[str], accounts: Sequence[Account], where: Location) -> Floats:
    """The rank of each line (n,): of its symbol in its account."""
    rows = [
        float(where.ranks.get(where.classes.get(symbol, ""), {}).get(account.kind, 0))
        for symbol, account in zip(symbols, accounts, strict=True)
    ]
    return np.array(rows, dtype=np.float64)
