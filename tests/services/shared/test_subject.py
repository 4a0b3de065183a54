"""What a question is asked of: the book and the closes of everything in it."""

from __future__ import annotations

from datetime import date

import pytest
from tests.services.portfolios import portfolio

from keel.domain.framework.records import Holding
from keel.domain.market.prices import CASH
from keel.domain.policy.records import RunSettings
from keel.domain.study.question import Question
from keel.errors import PortfolioNotFoundError, PricesMissingError
from keel.services.shared.subject import subject, window
from keel.store.connection import Database


def test_a_product_without_prices_is_cash_and_named(db: Database) -> None:
    half = (Holding("MSCI US", 0.5), Holding("UNHEARD", 0.5))
    mine = portfolio(db, {"Mixed": 0.6, "MSCI US": 0.4}, Mixed=half)
    on = subject(db, Question(mine.id))
    assert on.book.symbols == ("MSCI US", CASH, "MSCI US")
    assert on.notes == ("UNHEARD has no prices: its 30.0% stays in cash.",)
    assert on.portfolio == mine


def test_a_rate_that_is_a_series_stands_beside_the_book_and_in_the_window(db: Database) -> None:
    mine = portfolio(db, {"SPY": 0.6, "TLT": 0.4})
    question = Question(mine.id, settings=RunSettings(risk_free="XLU"), dataset="etf_daily", proxies=False)
    on = subject(db, question, ["EFA", "XLU"])
    assert on.rates == ("XLU", "EFA")
    assert on.book.symbols == ("SPY", "TLT")
    assert {"SPY", "TLT", "XLU", "EFA"} == set(on.prices.symbols)
    assert set(window(on, question).symbols) >= {"SPY", "TLT", "XLU", "EFA"}


def test_the_window_is_the_question_s(db: Database) -> None:
    mine = portfolio(db, {"MSCI US": 1.0})
    question = Question(mine.id, start=date(2005, 1, 1), end=date(2010, 12, 31))
    dates = window(subject(db, question), question).dates
    assert (str(dates[0])[:7], str(dates[-1])[:7]) == ("2005-01", "2010-12")


def test_what_cannot_be_studied_is_said(db: Database) -> None:
    with pytest.raises(PricesMissingError, match="No product of Test has prices"):
        subject(db, Question(portfolio(db, {"UNHEARD": 1.0}).id))
    with pytest.raises(PortfolioNotFoundError):
        subject(db, Question("pf_nothing"))
