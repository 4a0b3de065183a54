"""What a drift report says is held, as limits look at it."""

from __future__ import annotations

from datetime import date

import pytest

from keel.domain.constraints.exposures import Line
from keel.domain.drift.lines import lines
from keel.domain.drift.report import Occasion, report
from keel.domain.framework.records import Bucket, Framework, Holding
from keel.domain.portfolio.book import book
from keel.domain.portfolio.position import Position, Role

PAIR = Framework(
    "Pair",
    (
        Bucket("A/Stocks", "Stocks", 0.6, holdings=(Holding("VTI", 1.0),)),
        Bucket("A/Bonds", "Bonds", 0.4, holdings=(Holding("BND", 1.0),)),
    ),
)


def test_what_has_a_price_is_a_line_and_what_lies_outside_has_no_path() -> None:
    held = (
        Position("VTI", 6, 100),
        Position("BND", 3),
        Position("ODD", 1, 200),
        Position("CASH", 200),
        Position("OLD", 9, 9, Role.excluded),
    )
    found = lines(report(PAIR, book(PAIR), held, {}, Occasion(date(2026, 1, 2))))
    assert found == (
        Line("A/Stocks", "VTI", "VTI", pytest.approx(0.6)),
        Line("", "ODD", "ODD", pytest.approx(0.2)),
        Line("", "CASH", "CASH", pytest.approx(0.2)),
    )
