"""A plan as JSON values."""

from __future__ import annotations

from tests.domain.plan.desks import desk, held

from keel.domain.plan.as_json import order_json, plan_json
from keel.domain.plan.limits import Limits
from keel.domain.plan.outcome import outcome
from keel.domain.plan.trade import trades
from keel.domain.policy.presets import PRESETS


def test_every_field_is_there_and_parts_only_where_there_are_several() -> None:
    lines = desk({"C": (0.5, {"V": 1.0}), "U": (0.5, {"V": 0.5, "W": 0.5})}, held({"V": 60, "CASH": 40}))
    found = outcome(lines, trades(lines, PRESETS["monthly"], Limits()), "to_destination")
    data = plan_json(found, [{"type": "max_turnover"}])
    assert list(data) == [
        *("rule", "total_before", "total_after", "drift_before", "drift_after", "realised_gain", "tax", "trades"),
        *("leftover", "cash", "factors", "buckets", "constraints", "notes", "findings"),
    ]
    rows = [order_json(order) for order in found.orders]
    assert data["trades"] == rows
    assert [("parts" in row) for row in rows] == [False, True]
    assert rows[0]["symbol"] == "W"
