"""The drift report as JSON values."""

from __future__ import annotations

import json

import pytest
from tests.domain.drift.test_report import live, of

from keel.domain.drift.as_json import drift_json
from keel.domain.portfolio.position import Position


def test_json_has_every_key_and_no_nan() -> None:
    found = drift_json(live(*of(40, 60, 37.5, Position("CASH", 5))))
    text = json.dumps(found, allow_nan=False)
    assert json.loads(text) == found
    assert {"as_of", "total_drift", "max_drift", "rebalance_needed", "last_rebalance", "next_check"} <= found.keys()
    bucket = json.loads(text)["buckets"][0]
    assert {"path", "label", "actual", "target", "drift", "relative_drift", "band", "status"} <= bucket.keys()
    assert bucket["band"] == pytest.approx(0.05)
