"""What a generator may say, for tests."""

from __future__ import annotations

from typing import Any


def bucket(path: str, target: float, **others: Any) -> dict[str, Any]:
    """A bucket with a reason."""
    label = path.rpartition("/")[2]
    return {"path": path, "label": label, "target_weight": target, "rules": {}, "reason": f"{label} because."} | others


def pair(equity: float = 0.3, **others: Any) -> dict[str, Any]:
    """A proposal of equity and bonds."""
    buckets = [bucket("AssetClass/Equity", equity), bucket("AssetClass/Bonds", round(1 - equity, 12))]
    return {"buckets": buckets, "rebalancing": "annual", "rebalancing_reason": "Few buckets."} | others
