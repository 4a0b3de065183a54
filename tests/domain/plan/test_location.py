"""Where assets are best held."""

from __future__ import annotations

from keel.domain.market.instrument import Instrument, InstrumentType
from keel.domain.plan.location import Location, class_of, ranks_of
from keel.domain.portfolio.account import Account, AccountKind


def product(**facts: object) -> Instrument:
    return Instrument("id", "S", "S", InstrumentType.etf, **facts)  # type: ignore[arg-type]


def test_what_yields_income_ranks_by_it() -> None:
    assert class_of(product(asset_class="bonds", tags=("credit:high_yield",))) == "high_yield"
    assert class_of(product(asset_class="equity", subclass="reit")) == "real_estate"
    assert class_of(product(asset_class="equity")) == "equity"


def test_classes_are_known_as_the_products_facts_write_them() -> None:
    assert class_of(product(asset_class="Bonds")) == "bonds"
    assert class_of(product(asset_class="Alternatives", subclass="REIT")) == "real_estate"
    assert class_of(product(asset_class="Bonds", subclass="High Yield")) == "high_yield"


def test_bonds_lie_best_where_gains_are_deferred_and_what_has_no_rank_lies_well_anywhere() -> None:
    accounts = [Account("T"), Account("D", AccountKind.deferred), Account("E", AccountKind.exempt)]
    where = Location({"B": "bonds", "S": "equity", "G": "alternatives"})
    ranks = {symbol: ranks_of([symbol] * 3, accounts, where).tolist() for symbol in "BSGZ"}
    assert ranks == {"B": [2.0, 0.0, 1.0], "S": [0.0, 1.0, 0.0], "G": [0.0] * 3, "Z": [0.0] * 3}
