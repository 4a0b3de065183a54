"""A file of holdings by ids of instruments: what is matched, what is chosen, what nobody knows."""

from __future__ import annotations

from datetime import date

from tests.engine import blank

from keel.domain.market.instrument import Instrument, InstrumentType
from keel.domain.portfolio.account import Account
from keel.services.shared.held.columns import remembered
from keel.services.shared.held.reading import File, read_file, remember_said
from keel.sources.brokers.columns import Columns
from keel.store import instruments

TODAY = date(2026, 1, 8)


def test_products_become_instruments_and_money_gets_its_currency() -> None:
    db = blank()
    instruments.upsert_many(db, (Instrument("vti", "VTI", "Total Market", InstrumentType.etf),))
    text = b"symbol,quantity,account\nVTI,4,IRA\nODD,1,\nMINE,2,\nCASH,5,IRA\n"
    known = read_file(db, File(text, "h.csv", TODAY, {"MINE": "VTI"}), "CHF", (Account("IRA", currency="EUR"),))
    assert [(a.symbol, a.currency) for a in known.statement.activities] == [
        ("vti", "EUR"),
        ("ODD", "CHF"),
        ("vti", "CHF"),
        ("CASH", "EUR"),
    ]
    assert ([one.symbol for one in known.unknown], known.names) == (["ODD"], {"vti": "VTI"})
    said = File(b"Was,Wieviel,X\nVTI,1,a\n", "w.csv", TODAY, said=Columns(symbol="Was", quantity="Wieviel"))
    db.transact(lambda cursor: remember_said(db, cursor, said, read_file(db, said, "CHF")))
    assert remembered(db, said.data, said.name) == said.said
    db.close()
