"""Cash flows of a run: when money comes in or goes out, and what it did to the results."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from keel.backtest.looks import period_ends
from keel.backtest.window import to_dates
from keel.domain.arrays import Days, Floats, Ints
from keel.domain.policy.records import Contributions, RunSettings


@dataclass(frozen=True, slots=True)
class Flows:
    """The f flows of a run in the base currency, at the closes of ``sessions`` (f,).

    ``amounts`` (f,) put in, negative taken out; ``trades`` (f, k) the value bought of each instrument, negative sold;
    ``costs`` (f,) what that cost: amount − Σ trades.
    """

    sessions: Ints
    dates: Days
    amounts: Floats
    trades: Floats

    @property
    def costs(self) -> Floats:
        """What trading each flow (f,) cost."""
        return np.asarray(self.amounts - self.trades.sum(axis=1), dtype=np.float64)


def schedule(dates: Days, contributions: Contributions) -> Floats:
    """The flow (n,) at each close: the amount on the last session of each period, 0 elsewhere and on session 0.

    The amount grows on each anniversary of the first session (of 29 February, on 1 March where there is none).

    >>> days = np.array(["2023-12-29", "2024-01-31", "2024-12-31", "2025-01-31"], dtype="datetime64[D]")
    >>> schedule(days, Contributions(100.0, growth_per_year=0.1)).round(6).tolist()
    [0.0, 100.0, 110.0, 110.0]
    """
    due = period_ends(dates, contributions.cadence)
    due[0] = False
    growth = (1.0 + contributions.growth_per_year) ** anniversaries(dates)
    return np.where(due, contributions.amount * growth, 0.0)


def anniversaries(dates: Days) -> Ints:
    """How many anniversaries of the first date lie at or before each date (n,)."""
    months = dates.astype("datetime64[M]")
    day = (dates.astype("datetime64[D]") - months).astype(np.int64)
    elapsed = (months - months[0]).astype(np.int64) - (day < day[0])
    return np.asarray(elapsed // 12, dtype=np.int64)


def index(value: Floats, amounts: Floats) -> Floats:
    """Time-weighted wealth (n,) from the value (n,) after trading: what a flow adds is no return, what it costs is.

    >>> index(np.array([1.0, 2.2, 4.4]), np.array([0.0, 1.0, 0.0])).round(6).tolist()
    [1.0, 1.2, 2.4]
    """
    with np.errstate(divide="ignore", invalid="ignore"):  # after a value of nothing there is no return: who asks looks
        steps = (value[1:] - amounts[1:]) / value[:-1]
    return np.concatenate([value[:1], value[0] * np.cumprod(steps)])


def flow_metrics(dates: Days, value: Floats, flows: Flows, settings: RunSettings) -> dict[str, object]:
    """What a run with flows adds to its figures; ``value`` (n,) in the base currency.

    ``invested`` is the initial value and every flow, what was taken out subtracted. ``money_weighted_return`` is the
    yearly rate at which they grow to the end value (XIRR, a year of 365.25 days); None when there is none.
    """
    moments = to_dates(np.concatenate([dates[:1], flows.dates, dates[-1:]]))
    paid = np.concatenate([[-settings.initial_value], -flows.amounts, value[-1:]])
    return {
        "end_value": float(value[-1]),
        "invested": float(settings.initial_value + flows.amounts.sum()),
        "money_weighted_return": _xirr(moments, paid.tolist()),
    }


def _xirr(moments: list[date], paid: list[float]) -> float | None:
    import pyxirr

    return pyxirr.xirr(moments, paid, day_count=pyxirr.DayCount.ACT_365_25, silent=True)
