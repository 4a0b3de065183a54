"""An activity: what happened, in the account of what names none."""

from __future__ import annotations

from datetime import date

from keel.domain.portfolio.activity import Activity, ActivityKind


def test_an_activity_lies_in_the_main_account_without_a_fee_unless_said_otherwise() -> None:
    bought = Activity(ActivityKind.buy, date(2026, 1, 5), "VTI", 10, 200.0, -2_000.0)
    assert (bought.account, bought.fee, bought.currency, bought.row) == ("Main", 0.0, "USD", None)
