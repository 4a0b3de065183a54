"""Fidelity's positions and history, with its core cash, footers, options and cancelled trades."""

from __future__ import annotations

from datetime import date

import pytest
from tests.sources.brokers.samples import rows, sample, shorts, text

from keel.domain.portfolio.held.ledger import add_up
from keel.errors import ImportFormatError

HELD = "Account Number,Account Name,Symbol,Description,Quantity,Last Price,Current Value,Cost Basis Total,Type\n"
DONE = "Run Date,Action,Symbol,Description,Quantity,Price,Commission,Fees,Amount,Settlement Date\n"


def test_positions_are_openings_of_the_day_of_the_download() -> None:
    reading = sample("Portfolio_Positions_Feb-18-2026.csv")
    assert shorts(reading) == [
        "opening 2643.76 CASH (Brokerage)",
        "opening 120.5 VTI -24100.00 USD (Brokerage)",
        "opening 10 BRKB (Brokerage)",
        "opening 300 BND -22500.00 USD (ROTH IRA)",
    ]
    assert {a.date for a in reading.activities} == {date(2026, 2, 18)}
    assert [(a.name, a.kind) for a in reading.accounts] == [("Brokerage", "taxable"), ("ROTH IRA", "exempt")]
    assert reading.activities[1].price == 310.25
    assert [c.code for c in reading.complaints] == ["not_taken", "not_taken", "pending"]
    assert rows(reading)[0] == "row 5, Symbol"


def test_history_is_read_with_its_transfers_splits_and_reinvestments() -> None:
    reading = sample("History_for_Account_X00000001.csv")
    assert shorts(reading) == [
        "deposit 5000 CASH +5000.00 USD (Account …0001)",
        "buy 10 VTI -3102.50 USD (Account …0001)",
        "sell 20 BND +1435.01 USD (Account …0001)",
        "dividend 0 VTI +91.05 USD (Account …0001)",
        "buy 0.294 VTI -91.05 USD (Account …0001)",
        "dividend 12.5 CASH +12.50 USD (Account …0001)",
        "tax 0 VXUS -3.21 USD (Account …0001)",
        "split 90 NVDA (Account …0001)",
        "sell 84.33 CASH +84.33 USD (Account …0001)",
        "transfer_in 100 BND (Account …0001)",
        "withdrawal 40 CASH -40.00 USD (Account …0001)",
    ]
    assert reading.activities[2].fee == pytest.approx(4.99)
    assert rows(reading) == ["row 13, Action"]


def test_two_accounts_of_one_name_stay_two() -> None:
    two = HELD + "X1234,IRA,VTI,A,1,$1.00,$1.00,,Cash\nX5678,IRA,VTI,A,2,$1.00,$2.00,,Cash\n"
    assert [account.name for account in text(two).accounts] == ["IRA …1234", "IRA …5678"]


def test_a_position_below_zero_is_said_and_left_out() -> None:
    reading = text(HELD + "X1,A,VTI,Fund,1,$1.00,$1.00,,Cash\nX1,A,TSLA,Short,-5,$200.00,-$1000.00,,Margin\n")
    assert [c.code for c in reading.complaints] == ["below_zero"]
    assert len(reading.activities) == 1


def test_older_columns_and_several_accounts_are_read() -> None:
    older = (
        "\n\nRun Date,Account,Action,Symbol,Security Description,Security Type,Quantity,Price ($),Commission ($),"
        "Fees ($),Accrued Interest ($),Amount ($),Settlement Date\n"
        " 01/15/2024,INDIVIDUAL X1,YOU BOUGHT,AAPL,APPLE INC,Cash,10,150.5,,,,-1505.00,01/17/2024\n"
    )
    assert shorts(text(older)) == ["buy 10 AAPL -1505.00 USD (INDIVIDUAL X1)"]


def test_a_damaged_cell_is_refused_with_its_place() -> None:
    with pytest.raises(ImportFormatError, match=r'file\.csv, row 2, column Quantity: "1O" is not a number') as caught:
        text(HELD + "X1,A,VTI,Fund,1O,$1.00,$1.00,,Cash\n")
    assert (caught.value.row, caught.value.column) == (2, "Quantity")
    with pytest.raises(ImportFormatError, match="row 2, column Run Date"):
        text(DONE + "soon,YOU BOUGHT,VTI,Fund,1,1,,,-1,\n")
    with pytest.raises(ImportFormatError, match="breaks off in this row"):
        text(HELD + "X1,A,VTI,Fund,1,$1.00,$1.00,,Cash\nX1,A,BND,Fu")


def test_a_cancelled_trade_without_its_trade_is_said() -> None:
    row = "01/15/2024,CANCELLED TRADE YOU BOUGHT,VTI,Fund,-1,10,,,10,\n"
    assert [c.code for c in text(DONE + row).complaints] == ["cancelled"]


def test_columns_that_a_header_names_in_the_wrong_order_are_put_right() -> None:
    shifted = (
        "Run Date,Account,Account Number,Action,Symbol,Description,Type,Exchange Quantity,Exchange Currency,Quantity,"
        "Currency,Price,Exchange Rate,Commission,Fees,Accrued Interest,Amount,Settlement Date\n"
        "12/20/2021,INDIVIDUAL,X1,YOU BOUGHT,VTI,FUND,Cash,0,,USD,200.5,5,0,,,,-1002.50,12/22/2021\n"
    )
    (bought,) = text(shifted).activities
    assert (bought.quantity, bought.price, bought.amount, bought.currency) == (5.0, 200.5, -1002.5, "USD")


def test_shares_that_cost_nothing_come_without_a_cost() -> None:
    reading = text(DONE + "03/16/2026,YOU BOUGHT RSU#### AS OF 03-13-26,TGT,TARGET CORP,12,,,,,\n")
    assert shorts(reading) == ["transfer_in 12 TGT (Main)"]
    assert [c.code for c in reading.complaints] == ["cost_unknown"]


def test_a_plan_of_an_employer_buys_units_with_what_is_paid_in() -> None:
    plan = (
        "Date,Investment,Transaction Type,Shares/Unit,Amount ($)\n10/08/2025,TARGET 2030,Contributions,5,1000\n"
        '10/09/2025,TARGET 2030,RECORDKEEPING FEE,"-0.5","-100"\n10/09/2025,TARGET 2030,Change in Market Value,0,1.85\n'
    )
    reading = text(plan, "History_for_Account_12345.csv")
    (held,) = add_up([reading.activities]).positions
    assert (held.account, held.quantity, held.lots[0].cost) == ("Account …2345", 4.5, 200)
    assert not reading.complaints


def test_a_history_without_a_day_of_settlement_and_a_fund_of_cash_without_stars_are_known() -> None:
    head = "Run Date,Account,Action,Symbol,Description,Quantity,Price,Amount\n"
    reading = text(head + "06/01/2026,Mine,YOU BOUGHT,AAA,ACME,1,10,-10\n06/01/2026,Mine,INTEREST,315994103,CASH,,,1\n")
    assert shorts(reading) == ["buy 1 AAA -10.00 USD (Mine)", "interest 1 CASH +1.00 USD (Mine)"]
    own = "Symbol,Description,Quantity,Last Price,Current Value\nSPAXX,MONEY MARKET,100,1,100\n"
    assert shorts(text(own)) == ["opening 100 CASH (Main)"]
