"""Flex queries, with marks of sections and without."""

from __future__ import annotations

from datetime import date

import pytest
from tests.sources.brokers.samples import rows, sample, shorts, text

from keel.errors import ImportFormatError


def test_the_sections_of_a_query_are_read_once_in_the_finest_detail() -> None:
    reading = sample("flex.csv")
    assert [line.removesuffix(" (Interactive Brokers …4567)") for line in shorts(reading)] == [
        "buy 10 AAPL -1503.50 USD",
        "fee 0 SXR8 -3.00 USD",
        "sell 2 SXR8 +1200.00 EUR",
        "buy 1000 CASH -1000.00 EUR",
        "sell 1100 CASH +1100.00 USD",
        "fee 2 CASH -2.00 USD",
        "buy 200.65 CASH -200.65 USD",
        "dividend 0 AAPL +2.50 USD",
        "tax 0 AAPL -0.38 USD",
        "deposit 5000 CASH +5000.00 USD",
        "interest 4.2 CASH +4.20 USD",
        "opening 10 AAPL -1503.50 USD",
        "opening 4300.67 CASH",
        "opening 200 CASH",
    ]
    assert (reading.activities[11].acquired, reading.activities[11].date) == (date(2026, 3, 2), date(2026, 5, 4))
    assert rows(reading) == ["row 9, Symbol"]


def test_a_query_of_trades_alone_is_read() -> None:
    trades = (
        '"Buy/Sell","TradeDate","ISIN","Quantity","TradePrice","TradeMoney","CurrencyPrimary","IBCommission",'
        '"IBCommissionCurrency"\n'
        '"BUY","20230522","CH0111762537","7","282.7","1978.9","CHF","-5","CHF"\n'
        '"SELL","20230522","","-8000","1.1173","-8938.4","USD","-1.5","USD"\n'
    )
    reading = text(trades)
    assert shorts(reading)[0] == "buy 7 CH0111762537 -1983.90 CHF (Interactive Brokers)"
    assert [c.code for c in reading.complaints] == ["unknown_kind"]


def test_rows_marked_one_by_one_are_read() -> None:
    marked = (
        "BOF,U22222222,ACTIVITY,20251231,20250101,20251231\n"
        "HEADER,CTRN,ClientAccountID,CurrencyPrimary,FXRateToBase,Description,SettleDate,Amount,Type\n"
        "DATA,CTRN,U22222222,EUR,1,EUR CREDIT INT FOR AUG-2025,20250903,28.50,Broker Interest Received\n"
        "EOF,U22222222\n"
    )
    assert shorts(text(marked)) == ["interest 28.5 CASH +28.50 EUR (Interactive Brokers …2222)"]


def test_a_query_without_anything_that_is_held_is_refused() -> None:
    with pytest.raises(ImportFormatError, match="no section of trades"):
        text('"ClientAccountID","CurrencyPrimary","FromDate"\n"U1","USD","20250101"\n')
