"""The instruments that a file's products may be, and the choices that are remembered."""

from __future__ import annotations

from tests.engine import blank

from keel.domain.market.instrument import Instrument, InstrumentType
from keel.domain.portfolio.held.matching import Called
from keel.services.shared.held.directory import by_symbol, directory, remember
from keel.store import instruments, names


def test_products_are_found_by_symbol_isin_full_name_and_an_earlier_choice() -> None:
    db = blank()
    instruments.upsert_many(db, (Instrument("vti", "VTI", "Total Market", InstrumentType.etf),))

    def told(cursor: object) -> None:
        names.call(cursor, "isin", {"US9229087690": "vti"})  # type: ignore[arg-type]
        remember(cursor, {"MY FUND": "vti"})  # type: ignore[arg-type]
        names.resolve(cursor, ["BARE"])  # type: ignore[arg-type]

    db.transact(told)
    asked = [Called("VTI"), Called("", "US9229087690"), Called("X", name="total market"), Called("MY FUND")]
    found = directory(db, [*asked, Called("BARE")])
    assert [found.find(one) for one in asked] == ["vti"] * 4
    assert found.find(Called("BARE")) is None
    assert by_symbol(db, ["VTI", "BARE"]) == {"VTI": "vti"}
    db.close()
