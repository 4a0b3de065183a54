"""Each account's part of the whole, and its holdings'."""

from __future__ import annotations

from keel.domain.drift.accounts import Part, by_account
from keel.domain.portfolio.position import Position, Role


def test_the_parts_of_all_accounts_make_the_whole_without_what_lies_outside() -> None:
    held = (
        Position("VTI", 3, account="IRA"),
        Position("VTI", 1),
        Position("CASH", 100),
        Position("OLD", 9, role=Role.excluded),
        Position("ODD", 5),
    )
    ira, main = by_account(held, {"VTI": 100.0, "OLD": 1.0}, 500.0)
    assert ira.whole == Part("IRA", 300, 0.6)
    assert (main.whole, main.holdings) == (Part("Main", 200, 0.4), (Part("VTI", 100, 0.2), Part("CASH", 100, 0.2)))
