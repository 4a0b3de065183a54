"""What fills a leaf: picks first, then the framework's holdings; cash where there are no prices."""

from __future__ import annotations

from keel.domain.framework.records import Bucket, Framework, Holding
from keel.domain.market.prices import CASH
from keel.domain.portfolio.filling import filling, in_cash, symbols_of
from keel.domain.portfolio.records import Pick, Portfolio

FRAMEWORK = Framework(
    "F",
    (
        Bucket("P/A", "A", 0.5),
        Bucket("P/B", "B", 0.3, holdings=(Holding("OWN", 1.0),)),
        Bucket("P/C", "C", 0.2, holdings=(Holding("KEPT", 1.0),)),
    ),
)
PICKS = (
    Pick("P/A", "1", "X", 0.25),
    Pick("P/A", "2", "Y", 0.75),
    Pick("P/B", "3", "X", 1.0),
    Pick("P/Z", "4", "Z", 1.0),
)


def test_picks_replace_a_leaf_s_own_holdings_and_unknown_paths_are_left_out() -> None:
    filled = filling(Portfolio("P", "f", 1, PICKS), FRAMEWORK)
    assert filled == {
        "P/A": (Holding("X", 0.25), Holding("Y", 0.75)),
        "P/B": (Holding("X", 1.0),),
        "P/C": (Holding("KEPT", 1.0),),
    }
    assert symbols_of(filled) == ("X", "Y", "KEPT")


def test_a_leaf_without_anything_is_left_out() -> None:
    assert filling(Portfolio("P", "f", 1), Framework("F", (Bucket("P/A", "A", 1.0),))) == {}


def test_cash_takes_the_place_of_what_lacks_prices_and_says_how_much() -> None:
    filled, notes = in_cash(filling(Portfolio("P", "f", 1, PICKS), FRAMEWORK), {"X"}, FRAMEWORK)
    assert filled["P/A"] == (Holding(CASH, 0.25), Holding("Y", 0.75))
    assert filled["P/B"] == (Holding(CASH, 1.0),)
    assert notes == ("X has no prices: its 12.5% stays in cash.", "X has no prices: its 30.0% stays in cash.")
    assert symbols_of(filled) == ("Y", "KEPT")
