"""Vanguard's download: two tables in one file, and a settlement fund that is cash."""

from __future__ import annotations

from datetime import date

import pytest
from tests.sources.brokers.samples import AS_OF, sample, shorts, text

from keel.domain.portfolio.held.ledger import add_up
from keel.errors import ImportFormatError

HELD = "Account Number,Investment Name,Symbol,Shares,Share Price,Total Value,\n"


def test_both_tables_are_read_and_sweeps_move_nothing() -> None:
    reading = sample("OfxDownload.csv")
    assert [line.removesuffix(" (Vanguard …5678)") for line in shorts(reading)] == [
        "deposit 400 CASH +400.00 USD",
        "buy 2.5 VTSAX -363.08 USD",
        "dividend 0 VTSAX +12.50 USD",
        "buy 0.086 VTSAX -12.50 USD",
        "sell 10 BND +719.98 USD",
        "transfer_in 25 BND",
        "opening 100.586 VTSAX",
        "opening 549.5 CASH",
    ]
    assert reading.activities[-1].date == date(2026, 7, 22)
    assert not reading.complaints


def test_holdings_after_the_transactions_are_what_is_held() -> None:
    held = add_up([sample("OfxDownload.csv").activities]).positions
    assert [(p.symbol, p.quantity) for p in held] == [("VTSAX", 100.586), ("CASH", 549.5)]


def test_holdings_alone_are_those_of_the_day_of_the_import() -> None:
    reading = text(HELD + "12345678,Fund,VTSAX,1,10,10,\n12345678,Total,,,,10,\n")
    assert [(a.symbol, a.date) for a in reading.activities] == [("VTSAX", AS_OF)]


def test_a_dividend_told_with_its_units_is_reinvested() -> None:
    head = "Account Number,Trade Date,Transaction Type,Investment Name,Symbol,Shares,Share Price,Net Amount\n"
    reading = text(head + "12345678,07/20/2026,Dividend,Fund,VTSAX,0.5,0,-12.50\n")
    assert shorts(reading) == [
        "dividend 0 VTSAX +12.50 USD (Vanguard …5678)",
        "buy 0.5 VTSAX -12.50 USD (Vanguard …5678)",
    ]


def test_a_holding_without_units_is_said_and_one_without_anything_refused() -> None:
    assert [c.code for c in text(HELD + "12345678,Fund,VTSAX,,10,10,\n").complaints] == ["no_quantity"]
    with pytest.raises(ImportFormatError, match="row 2, column Shares: is empty"):
        text(HELD + "12345678,Fund,VTSAX,,10,,\n")
