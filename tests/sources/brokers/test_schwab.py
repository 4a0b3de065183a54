"""Schwab's positions of several accounts, and its transactions as CSV and JSON."""

from __future__ import annotations

from datetime import date

import pytest
from tests.sources.brokers.samples import content, rows, sample, shorts, text

from keel.errors import ImportFormatError
from keel.sources.brokers import detect

DONE = '"Date","Action","Symbol","Description","Quantity","Price","Fees & Comm","Amount"\n'


def test_positions_are_those_of_each_account_without_totals() -> None:
    reading = sample("All-Accounts-Positions-2026-05-04.csv")
    assert shorts(reading) == [
        "opening 1250.5 SCHB -20008.00 USD (Brokerage …234)",
        "opening 2000 CASH (Brokerage …234)",
        "opening 400 SCHZ (Rollover IRA …567)",
        "opening 0 CASH (Rollover IRA …567)",
    ]
    assert [a.kind for a in reading.accounts] == ["taxable", "deferred"]
    assert {a.date for a in reading.activities} == {date(2026, 5, 4)}
    assert rows(reading) == ["row 6, Symbol"]


def test_transactions_are_read_and_every_row_is_accounted_for() -> None:
    reading = sample("Individual_XXX234_Transactions_20260504-115444.csv")
    told = [line.removesuffix(" (Individual …234)") for line in shorts(reading)]
    assert told == [
        "sell 8 BNDX +1978.90 USD",
        "interest 0.09 CASH +0.09 USD",
        "interest 1.05 CASH +1.05 USD",
        "buy 1250.65 CASH -1250.65 USD",
        "split 40 SCHB",
        "buy 0.5 SCHB -12.00 USD",
        "dividend 0 SCHB +12.00 USD",
        "dividend 0 NOK +6.32 USD",
        "fee 0 NOK -0.47 USD",
        "tax 0 NOK -1.05 USD",
        "adjustment 100 QQZ",
        "interest 6.87 CASH +6.87 USD",
        "transfer_in 10 GOOG",
        "withdrawal 500 CASH -500.00 USD",
        "deposit 1000 CASH +1000.00 USD",
        "buy 45 SCHB -1075.05 USD",
        "sell 3 CASH +3.00 USD",
    ]
    assert reading.activities[2].date == date(2026, 4, 15)
    assert [c.code for c in reading.complaints] == ["not_taken", "cost_unknown", "unknown_kind"]


def test_the_json_of_transactions_says_the_same() -> None:
    reading = sample("transactions.json")
    assert shorts(reading) == ["sell 8 BNDX +1978.90 USD (Main)", "buy 45 SCHB -1075.05 USD (Main)"]
    assert reading.activities[1].date == date(2026, 3, 31)
    with pytest.raises(ImportFormatError, match="is no list of transactions"):
        detect.read(b'{"BrokerageTransactions": [1]}', "t.json", date(2026, 1, 1))


def test_the_title_names_the_account() -> None:
    title = '"Transactions  for account Brokerage XXXX-1234 as of 11/15/2020 18:00:21 ET"\n'
    bought = (
        '"11/05/2020","Buy","VTI","FUND","1","$261.50","","-$261.50",\nTransactions Total,"","","","","","",$0.00\n'
    )
    assert shorts(text(title + DONE.replace("\n", ",\n") + bought)) == ["buy 1 VTI -261.50 USD (Brokerage …1234)"]


def test_columns_in_another_order_and_in_a_sheet_saved_again_say_the_same() -> None:
    lower = (
        "date\taction\tsymbol\tdescription\tprice\tquantity\tfees & comm\tamount\n"
        "5/1/26\tSell\tBNDX\tFUND\t247.37\t8\t0.06\t1978.9\n"
    )
    assert shorts(text(lower)) == ["sell 8 BNDX +1978.90 USD (Main)"]


def test_a_trade_without_a_quantity_is_said() -> None:
    reading = text(DONE + '"11/05/2020","Buy","VTI","FUND","","$261.50","","-$261.50"\n')
    assert [(c.code, c.subject) for c in reading.complaints] == [("no_quantity", "row 2, Action")]
    assert shorts(reading) == ["buy 261.5 CASH -261.50 USD (Main)"]


def test_newer_columns_and_titles_of_positions_are_read() -> None:
    newer = (
        '"Positions for account Individual ...XXX876 as of 12:52 PM ET, 2026/08/22"\n""\n'
        '"Symbol","Description","Qty (Quantity)","Price","Price Chng $","Mkt Val (Market Value)","Cost Basis",'
        '"Cost/Share","Asset Type",\n'
        '"BMY","BRISTOL MYERS","200","67.01","1.54","$13,402.00","$10,664.32","$53.32","Equity",\n'
        '"Cash & Cash Investments","","","","","$4,500.00","","","Cash"\n'
        '"Account Total","","","","","$17,902.00","","","--"\n'
    )
    assert shorts(text(newer)) == [
        "opening 200 BMY -10664.32 USD (Individual …876)",
        "opening 4500 CASH (Individual …876)",
    ]


def test_what_is_cut_off_inside_quotes_is_refused() -> None:
    whole = content("Individual_XXX234_Transactions_20260504-115444.csv")
    with pytest.raises(ImportFormatError):
        detect.read(whole[: whole.rindex(b"Total") + 3], "t.csv", date(2026, 1, 1))


def test_a_sheet_saved_again_where_commas_are_decimal_has_days_first() -> None:
    head = DONE.replace('"', "").replace(",", ";")
    (sold,) = text(head + "05/01/2026;Sell;BNDX;FUND;8;247,37;0,06;1978,90\n").activities
    assert (sold.date, sold.amount) == (date(2026, 1, 5), 1978.9)


def test_both_rows_of_a_reverse_split_are_one_whatever_they_stand_under() -> None:
    rows = (
        '"06/10/2024","Reverse Split","TNXP","TONIX HLDGS","10","","",""\n'
        '"06/10/2024","Reverse Split","890260854","TONIX HLDGS XXXREVERSE SPLIT EFF: 06/10/24","-100","","",""\n'
    )
    assert shorts(text(DONE + rows)) == ["split -90 TNXP (Main)"]


def test_a_column_that_is_not_needed_may_be_missing() -> None:
    body = "Date,Action,Symbol,Quantity,Price,Fees & Comm,Amount\n06/10/2024,Stock Split,NVDA,90,,,\n"
    assert shorts(text(body)) == ["split 90 NVDA (Main)"]


def test_a_dividend_in_shares_is_taken_over_without_a_cost() -> None:
    reading = text(DONE + '"08/28/2023","Stock Div Dist","AMC","AMC CLASS A","4","","",""\n')
    assert shorts(reading) == ["adjustment 4 AMC (Main)"]
    assert [c.code for c in reading.complaints] == ["cost_unknown"]
