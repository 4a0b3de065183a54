"""The health of the series that a study stands on."""

from __future__ import annotations

from tests.services.portfolios import YEARLY, portfolio

from keel.domain.study.question import Question
from keel.domain.study.trust import doubtful
from keel.services import study
from keel.services.market.health import of_products
from keel.store import prices
from keel.store.connection import Database


def test_every_product_is_judged_by_the_series_that_serves_it(db: Database) -> None:
    mine = portfolio(db, {"SPY": 0.5, "TLT": 0.5})
    asked = Question(mine.id, YEARLY, proxies=False)
    found = of_products(db, study.run_backtest(db, asked).sources)
    assert {symbol: {f.code for f in of} for symbol, of in found.items()} == {
        "SPY": {"dividends_excluded"}, "TLT": {"dividends_excluded"},
    }  # fmt: skip
    assert doubtful(found) == ()
    spy = prices.series(db, ["SPY"], "etf_daily")
    prices.write_matrix(db, "public", "daily", spy)
    (caveat,) = doubtful(of_products(db, study.run_backtest(db, asked).sources))
    assert (caveat.words, caveat.step) == ("Doubtful prices 1", "data")
    assert caveat.sentence.startswith("SPY: The last price is of 1 Jul 2016")
