"""The activity statement of Interactive Brokers, section by section."""

from __future__ import annotations

from datetime import date

import pytest
from tests.sources.brokers.samples import rows, sample, shorts, text

from keel.errors import ImportFormatError

HEAD = 'Statement,Header,Field Name,Field Value\nStatement,Data,Period,"January 1, 2024 - December 31, 2024"\n'
POSITIONS = (
    "Open Positions,Header,DataDiscriminator,Asset Category,Currency,Symbol,Open,Quantity,Mult,Cost Price,Cost Basis,"
    "Close Price,Value,Unrealized P/L,% of NAV,Code\n"
)
TRADES = (
    "Trades,Header,DataDiscriminator,Asset Category,Currency,Symbol,Date/Time,Quantity,T. Price,Proceeds,Comm/Fee,"
    "Code\n"
)


def test_the_sections_of_a_statement_are_read() -> None:
    reading = sample("U1234567_2024.csv")
    assert [line.removesuffix(" (Interactive Brokers …4567)") for line in shorts(reading)] == [
        "opening 1010 VTI -202000.00 USD",
        "opening 5 SXR8 -2500.00 EUR",
        "buy 1010 VTI -202001.00 USD",
        "sell 1799 CASH +1799.00 USD",
        "buy 100.65 CASH -100.65 USD",
        "sell 3500 CASH +3500.00 EUR",
        "buy 3850 CASH -3850.00 USD",
        "fee 2 CASH -2.00 USD",
        "transfer_in 25 BND",
        "deposit 215000 CASH +215000.00 USD",
        "withdrawal 1000 CASH -1000.00 USD",
        "fee 4.5 CASH -4.50 USD",
        "dividend 0 VTI +919.61 USD",
        "tax 0 VTI -137.94 USD",
        "interest 3.2 CASH +3.20 EUR",
        "split 20 SCHD",
        "adjustment 2.5 GEV",
        "opening 1003.2 CASH",
        "opening 5896.52 CASH",
    ]
    assert reading.activities[0].date == date(2024, 12, 31)
    assert (reading.activities[0].isin, reading.activities[2].date) == ("US9229087690", date(2024, 3, 1))
    assert rows(reading) == ["row 15, Symbol", "row 21, Symbol", "row 22, Symbol", "row 46, Description"]


def test_lots_come_instead_of_their_sum() -> None:
    lots = (
        "Open Positions,Data,Summary,Stocks,CAD,ENB,-,28,1,51.8,1450,49,1372,-78,4.65,\n"
        'Open Positions,Data,Lot,Stocks,CAD,ENB,"2023-07-07, 15:39:46",15,,48.5,727.56,49,735,7,,ST\n'
        'Open Positions,Data,Lot,Stocks,CAD,ENB,"2023-02-10, 15:10:44",13,,54.0,702.33,49,637,-65,,ST\n'
    )
    reading = text(HEAD + POSITIONS + lots)
    assert [(a.quantity, a.amount, a.acquired) for a in reading.activities] == [
        (15.0, -727.56, date(2023, 7, 7)),
        (13.0, -702.33, date(2023, 2, 10)),
    ]


def test_cash_beside_trades_but_no_positions_does_not_say_what_is_held() -> None:
    trade = 'Trades,Data,Order,Stocks,USD,VTI,"2024-03-01, 10:30:00",1,200,-200,-1,O\n'
    cash = "Cash Report,Header,Currency Summary,Currency,Total\nCash Report,Data,Ending Cash,USD,5\n"
    reading = text(HEAD + TRADES + trade + cash)
    assert [c.code for c in reading.complaints] == ["cash_alone"]
    assert shorts(reading) == ["buy 1 VTI -201.00 USD (Interactive Brokers)"]


def test_a_cancelled_order_takes_its_trade_back() -> None:
    trades = (
        'Trades,Data,Order,Stocks,USD,VTI,"2024-03-01, 10:30:00",1,200,-200,-1,O\n'
        'Trades,Data,Order,Stocks,USD,BND,"2024-03-01, 10:30:00",1,70,-70,-1,O\n'
        'Trades,Data,Order,Stocks,USD,VTI,"2024-03-01, 10:30:00",-1,200,200,1,Ca\n'
    )
    assert shorts(text(HEAD + TRADES + trades)) == ["buy 1 BND -71.00 USD (Interactive Brokers)"]


def test_the_newer_history_of_transactions_is_read() -> None:
    history = (
        "Summary,Header,Field Name,Field Value\nSummary,Data,Base Currency,GBP\n"
        "Transaction History,Header,Date,Account,Description,Transaction Type,Symbol,Quantity,Price,Gross Amount ,"
        "Commission,Net Amount\n"
        "Transaction History,Data,2025-11-03,U***00000,VT Cash Dividend,Dividend,VT,-,-,20.0,-,20.0\n"
        "Transaction History,Data,2025-08-15,U***00000,FUND,Sell,CNX1,-2.0,1001.00,2002.0,-3.0,1999.0\n"
        "Transaction History,Data,2025-01-01,U***00000,Electronic Fund Transfer,Deposit,-,-,-,5000.0,-,5000.0\n"
    )
    account = "(Interactive Brokers …0000)"
    assert shorts(text(HEAD + history)) == [
        f"dividend 0 VT +20.00 GBP {account}",
        f"sell 2 CNX1 +1999.00 GBP {account}",
        f"deposit 5000 CASH +5000.00 GBP {account}",
    ]


def test_a_statement_in_another_language_is_refused_in_one_sentence() -> None:
    with pytest.raises(ImportFormatError, match="this statement is not in English") as caught:
        text("Extracto,Header,Campo,Valor\nExtracto,Data,Titulo,X\nOperaciones,Header,A,B\nOperaciones,Data,1,2\n")
    assert "English" in caught.value.hint


def test_a_trade_without_proceeds_costs_its_price_and_fee() -> None:
    head = TRADES.replace("Proceeds,", "")
    trade = 'Trades,Data,Order,Stocks,USD,VTI,"2024-03-01, 10:30:00",2,200,-1,O\n'
    assert shorts(text(HEAD + head + trade)) == ["buy 2 VTI -401.00 USD (Interactive Brokers)"]


def test_a_month_is_a_statement_until_its_last_day() -> None:
    held = "Open Positions,Data,Summary,Stocks,USD,VTI,-,28,1,51.8,1450,49,1372,-78,4.65,\n"
    head = "Statement,Header,Field Name,Field Value\nStatement,Data,Period,January 2026\n"
    assert text(head + POSITIONS + held).activities[0].date == date(2026, 1, 31)


def test_rows_in_english_under_a_head_in_german_are_in_its_currency() -> None:
    reading = text(
        "Statement,Header,Feldname,Feldwert\nStatement,Data,Title,Transaction History\n"
        "Summary,Header,Feldname,Feldwert\nSummary,Data,Basiswährung,EUR\n"
        "Transaction History,Header,Date,Account,Description,Transaction Type,Symbol,Quantity,Price,Price Currency,"
        "Gross Amount ,Commission,Net Amount\n"
        "Transaction History,Data,2026-05-14,U***1,Fund,Buy,SPY,2.0,500.0,USD,-1000,-2.14,-1002.14\n"
    )
    assert [a.currency for a in reading.activities] == ["EUR"]
