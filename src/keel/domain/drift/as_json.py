"""The drift report as plain values, ready for JSON."""

from __future__ import annotations

from datetime import date

from keel.domain.drift.accounts import Part
from keel.domain.drift.forecast import Chances, Forecast, chances_json, forecast_json
from keel.domain.drift.measure import BucketDrift
from keel.domain.drift.report import DriftReport, HoldingDrift
from keel.domain.issue import rows


def drift_json(report: DriftReport, forecast: Forecast | None = None) -> dict[str, object]:
    """The report as ``drift --json`` prints it; a band is one number, or ``[below, above]`` when it is uneven.

    A leaf's ``breach_chance`` is null where the forecast does not tell it.
    """
    chances = forecast.by_path if forecast else {}
    return {
        "as_of": report.as_of.isoformat(),
        "priced_at": _day(report.priced_at),
        "value": report.value,
        "excluded": report.excluded,
        "total_drift": report.totals.total_drift,
        "max_drift": report.totals.max_drift,
        "rebalance_needed": report.rebalance_needed,
        "last_rebalance": _day(report.last_rebalance),
        "last_check": _day(report.last_check),
        "next_check": _day(report.next_check),
        "judged_against": report.judged_against,
        "buckets": [_bucket(row, chances.get(row.path)) for row in report.buckets],
        "holdings": [_holding(row) for row in report.holdings],
        "forecast": forecast_json(forecast),
        "accounts": [
            {**_part(account.whole), "holdings": [_part(part) for part in account.holdings]}
            for account in report.accounts
        ],
        "notes": list(report.notes),
        "findings": rows(report.findings),
    }


def _part(part: Part) -> dict[str, object]:
    return {"name": part.name, "value": part.value, "weight": part.weight}


def _bucket(row: BucketDrift, chances: Chances | None) -> dict[str, object]:
    return {
        "path": row.path,
        **_drift(row),
        "leaf": row.leaf,
        "value": row.value,
        "value_to_trade": row.value_to_trade,
        "rise": row.rise,
        "fall": row.fall,
        "breach_chance": chances_json(chances) if chances else None,
    }


def _holding(row: HoldingDrift) -> dict[str, object]:
    return {
        "symbol": row.symbol,
        "path": row.path,
        "quantity": row.quantity,
        "price": row.price,
        "value": row.value,
        **_drift(row),
        "value_to_trade": row.value_to_trade,
    }


def _drift(row: BucketDrift) -> dict[str, object]:
    return {
        "label": row.label,
        "actual": row.actual,
        "target": row.target,
        "drift": row.drift,
        "relative_drift": row.relative_drift,
        "band": row.below if row.below == row.above else [row.below, row.above],
        "status": str(row.status),
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
