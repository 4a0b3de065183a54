"""Wealthfolio's activities and holdings."""

from __future__ import annotations

import pytest
from tests.sources.brokers.samples import rows, sample, shorts, text

from keel.errors import ImportFormatError

HEAD = "date,symbol,quantity,activityType,unitPrice,currency,fee,amount\n"


def test_activities_are_read_and_a_split_by_its_ratio() -> None:
    reading = sample("wealthfolio-activities.csv")
    assert [line.removesuffix(" (Main account)") for line in shorts(reading)] == [
        "deposit 5000 CASH +5000.00 USD",
        "buy 10 NVDA -3809.95 USD",
        "sell 5 NVDA +2045.05 USD",
        "dividend 0 NVDA +3.75 USD",
        "split 15 NVDA",
        "fee 12 CASH -12.00 USD",
        "tax 0 NVDA -25.00 USD",
        "transfer_in 2 GOOGL -280.00 USD",
        "buy 3001.3 CASH -3001.30 USD",
        "withdrawal 200 CASH -200.00 USD",
    ]
    assert rows(reading) == ["row 5, subtype", "row 10, activityType"]


def test_the_sample_of_a_newer_version_is_read() -> None:
    newer = (
        "date,type,symbol,instrumentType,quantity,unit_price,currency,fee,amount,comment,fxRate,subtype\n"
        "2024-01-15,BUY,AAPL,EQUITY,10,185.50,USD,4.95,,Initial,,\n2024-03-01,DEPOSIT,,,,,USD,,5000,Monthly,,\n"
        "2024-04-15,FEE,,,,,USD,,25.00,Advisory fee,,MANAGEMENT_FEE\n"
    )
    assert shorts(text(newer)) == [
        "buy 10 AAPL -1859.95 USD (Main)",
        "deposit 5000 CASH +5000.00 USD (Main)",
        "fee 25 CASH -25.00 USD (Main)",
    ]


def test_holdings_are_openings_of_their_day() -> None:
    reading = sample("wealthfolio-holdings.csv")
    assert [(a.symbol, a.quantity, a.currency) for a in reading.activities] == [
        ("AAPL", 50.0, "USD"),
        ("TD.TO", 100.0, "CAD"),
        ("CASH", 5000.0, "USD"),
        ("CASH", 2500.0, "CAD"),
    ]


def test_a_split_of_what_is_not_in_the_file_is_said() -> None:
    reading = text(HEAD + "2024-01-15,NVDA,4,SPLIT,1,USD,0,4\n")
    assert [c.code for c in reading.complaints] == ["split_of_nothing"]
    with pytest.raises(ImportFormatError, match="a split needs its ratio"):
        text(HEAD + "2024-01-15,NVDA,,SPLIT,1,USD,0,\n")


def test_activities_as_it_keeps_them_itself_are_read() -> None:
    reading = text(
        "id,accountId,accountName,assetId,assetSymbol,activityType,date,quantity,unitPrice,currency,fee,isDraft\n"
        "a1,x,Mine,uuid-1,VTI,BUY,2024-01-05T00:00:00Z,10,200,USD,1,false\n"
    )
    assert shorts(reading) == ["buy 10 VTI -2001.00 USD (Mine)"]
    raw = text(
        "id,accountId,assetId,activityType,activityDate,quantity,unitPrice,currency,fee\na1,x,VTI,SELL,2024-01-05,1,9,USD,0\n"
    )
    assert (raw.format, shorts(raw)) == ("Wealthfolio", ["sell 1 VTI +9.00 USD (Main)"])
