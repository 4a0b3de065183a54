"""What an audit finds: the largest difference between our wealth and the auditor's, and the first day they part."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from keel.audit.auditor import NAME
from keel.backtest.window import to_date
from keel.domain.arrays import Floats
from keel.units import day

if TYPE_CHECKING:
    from keel.audit.orders import Tape
    from keel.backtest.result import BacktestResult

TOLERANCE = 1e-9  # relative to the auditor's wealth


@dataclass(frozen=True, slots=True)
class Parting:
    """The first close at which the two wealths differ, and both of them; wealth starts at 1."""

    date: date
    keel: float
    auditor: float


@dataclass(frozen=True, slots=True)
class Audit:
    """What came of one policy's replay; ``largest_difference`` is relative to the auditor's wealth.

    ``orders`` is how many the auditor executed, the first purchase included.
    """

    policy: str
    version: str
    orders: int
    largest_difference: float
    first_difference: Parting | None
    auditor: str = NAME

    @property
    def ok(self) -> bool:
        """Whether the two agree at every close."""
        return self.first_difference is None


def wealth(tape: Tape, values: Floats) -> Floats:
    """The wealth (n,) of the auditor's values: over what it started with, money that comes in or goes out no return.

    >>> from types import SimpleNamespace
    >>> tape = SimpleNamespace(cash=np.array([100.0]), flows=np.array([0.0, 50.0, 0.0]))
    >>> wealth(tape, np.array([100.0, 160.0, 320.0])).round(9).tolist()
    [1.0, 1.1, 2.2]
    """
    growth = (values[1:] - len(tape.cash) * tape.flows[1:]) / values[:-1]
    return np.asarray(values[0] / tape.cash.sum() * np.concatenate([[1.0], np.cumprod(growth)]), dtype=np.float64)


def compare(result: BacktestResult, audited: Floats, version: str, orders: int) -> Audit:
    """The audit of a run by the wealth (n,) the auditor came to.

    >>> from types import SimpleNamespace
    >>> days = np.array(["2024-01-02", "2024-01-03"], dtype="datetime64[D]")
    >>> run = SimpleNamespace(name="Yearly", dates=days, wealth=np.array([1.0, 1.1]))
    >>> compare(run, np.array([1.0, 1.2]), "1.2.0", 2).first_difference
    Parting(date=datetime.date(2024, 1, 3), keel=1.1, auditor=1.2)
    """
    apart = np.abs(result.wealth - audited) / np.abs(audited)
    far = np.flatnonzero(~(apart <= TOLERANCE))
    parting = None
    if len(far):
        t = far[0]
        parting = Parting(to_date(result.dates[t]), float(result.wealth[t]), float(audited[t]))
    return Audit(result.name, version, orders, float(apart.max()), parting)


def sentence(audit: Audit) -> str:
    """The audit in words, without the policy's name.

    >>> sentence(Audit("Yearly", "1.2.0", 9, 3.2e-12, None))
    'audited against vectorbt 1.2.0, largest difference 3e-12'
    """
    engine = f"{audit.auditor} {audit.version}".strip()
    if audit.first_difference is None:
        return f"audited against {engine}, largest difference {audit.largest_difference:.0e}"
    parting = audit.first_difference
    return (
        f"differs from {engine} first on {day(parting.date)}: wealth {parting.keel!r} here, {parting.auditor!r} there"
    )


def to_json(audit: Audit) -> dict[str, object]:
    """The audit as JSON values, floats in full precision."""
    parting = audit.first_difference
    return {
        "policy": audit.policy,
        "auditor": audit.auditor,
        "version": audit.version,
        "orders": audit.orders,
        "largest_difference": audit.largest_difference,
        "first_difference": None
        if parting is None
        else {"date": parting.date.isoformat(), "keel": parting.keel, "auditor": parting.auditor},
        "ok": audit.ok,
    }
