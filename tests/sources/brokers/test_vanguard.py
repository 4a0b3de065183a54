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


def test_accounts_of_funds_alone_have_their_names_and_what_is_paid_in_is_units() -> None:
    reading = text(
        "Fund Account Number,Fund Name,Price,Shares,Total Value\n"
        "208182839-01,500 Index Portfolio,$116.24,2.5,$290.60\n\n"
        "Account Number,Trade Date,Process Date,Transaction Type,Transaction Description,Investment Name,Share Price,"
        "Shares,Gross Amount,Net Amount\n"
        "208182839-01,03/02/2026,03/02/2026,Recurring Contribution,AIP,500 Index Portfolio,$100,3,$300,$300\n"
        "208182839-01,04/02/2026,04/02/2026,Qualified w/d Acct Owner,ACH,500 Index Portfolio,$110,-0.5,$-55,$-55\n"
    )
    held = add_up([reading.activities]).positions
    assert [(p.symbol, p.quantity, p.price) for p in held] == [("500 Index Portfolio", 2.5, 116.24)]
    assert held[0].lots[0].cost == 100


def test_a_plan_of_an_employer_is_read() -> None:
    held = text("Plan Number,Plan Name,Fund Name,Shares,Price,Total Value,\n090123,MINE,Target 2040,100,45,4500,\n")
    assert shorts(held) == ["opening 100 Target 2040 (Vanguard …0123)"]
    done = text(
        "Account Number,Trade Date,Run Date,Transaction Activity,Transaction Description,Investment Name,Share Price,"
        "Transaction Shares,Dollar Amount,\n090123,05/01/2026,05/01/2026,Plan Contribution,,Target 2040,45,10,450,\n"
    )
    assert shorts(done) == [
        "deposit 450 CASH +450.00 USD (Vanguard …0123)",
        "buy 10 Target 2040 -450.00 USD (Vanguard …0123)",
    ]
