"""A plan as plain values, ready for JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from keel.domain.issue import Finding, rows
from keel.domain.plan.outcome import Order, Outcome

COLUMNS = ("symbol", "side", "quantity", "price", "value")


def plan_json(
    outcome: Outcome, constraints: Iterable[Mapping[str, object]], findings: Iterable[Finding] = ()
) -> dict[str, object]:
    """The plan as ``plan --json`` prints it; value and quantity are signed, a sale is negative.

    ``findings`` are what makes its figures doubtful.
    """
    return {
        "rule": outcome.rule,
        "total_before": outcome.total_before,
        "total_after": outcome.total_after,
        "drift_before": outcome.drift_before,
        "drift_after": outcome.drift_after,
        "realised_gain": outcome.realised.gain,
        "tax": outcome.tax,
        "trades": [order_json(order) for order in outcome.orders],
        "leftover": outcome.leftover,
        "cash": dict(outcome.cash),
        "factors": dict(outcome.factors),
        "buckets": [
            {"path": row.path, "label": row.label, "before": row.before, "after": row.after, "target": row.target}
            for row in outcome.buckets
        ],
        "constraints": list(constraints),
        "notes": list(outcome.notes),
        "findings": rows(findings),
    }


def order_json(order: Order) -> dict[str, object]:
    """One order; ``parts`` say what of it is for which bucket, where it serves several."""
    row: dict[str, object] = {
        "account": order.account,
        "symbol": order.symbol,
        "value": order.value,
        "quantity": order.quantity,
        "price": order.price,
        "gain": order.gain,
    }
    if len(order.parts) > 1:
        row["parts"] = [{"path": part.path, "value": part.value} for part in order.parts]
    return row


def order_rows(trades: Iterable[Mapping[str, object]], account: str) -> list[tuple[object, ...]]:
    """The trades of one account as rows of ``COLUMNS``, quantities and values without a sign.

    >>> order_rows([order_json(Order("Main", "VTI", -500.0, -2.0, 250.0))], "Main")
    [('VTI', 'sell', 2.0, 250.0, 500.0)]
    """
    return [
        (row["symbol"], "sell" if _size(row["value"]) < 0 else "buy", *(abs(_size(row[n])) for n in COLUMNS[2:]))
        for row in trades
        if row["account"] == account
    ]


def _size(value: object) -> float:
    return float(str(value))
