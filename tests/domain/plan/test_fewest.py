"""How few orders are said to be enough."""

from __future__ import annotations

from keel.domain.plan.fewest import Curve, Step, sentence


def test_one_order_removes_and_none_says_nothing() -> None:
    assert sentence(Curve((Step(0, 0.1, 0.0), Step(1, 0.0, 0.0))), 1) == "1 of 1 trades removes 100% of the drift."
    assert sentence(Curve((Step(0, 0.0, 0.0),)), 0) == ""
