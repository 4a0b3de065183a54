"""The one table of run settings: what a run assumes beside the policy.

JSON, ``--run``, the axes of a grid, the form on the pages and the words beside a result select their rows from it. A
setting is added by a field of ``RunSettings`` and a row here.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from keel import units
from keel.domain.policy.records import (
    Cadence,
    Contributions,
    FlowMode,
    RunSettings,
)
from keel.domain.policy.values import (
    Object,
    choice,
    flag,
    invalid,
    json_object,
    number,
    require_below_all,
    require_between,
    require_known,
    require_whole,
    shown,
    whole,
)

LEAST_MONEY, MOST_MONEY = 1e-6, 1e18  # to begin with, in any currency: amounts are divided by it


class Section(StrEnum):
    """Where a person looks for a setting."""

    prices = "Prices"
    trading = "Trading"
    money = "Money in and out"
    rates = "Fees and rates"


class Control(StrEnum):
    """What a setting is set with: a number of some unit, a switch, or a control of its own."""

    lag = "lag"
    cost = "cost"
    amount = "amount"
    bps = "bps"
    switch = "switch"
    rate = "rate"
    flows = "flows"
    buckets = "buckets"


@dataclass(frozen=True, slots=True)
class Setting:
    """One run setting.

    ``label`` names its control, ``tip`` explains it; ``least`` and ``step`` are the control's where it is a number.
    ``read`` takes a JSON value and the field's name, ``write`` gives it back; ``require`` raises InvalidPolicyError.
    ``words`` say the value, with amounts in a currency.
    """

    name: str
    label: str
    section: Section
    control: Control
    read: Callable[[Any, str], Any]
    require: Callable[[str, Any], None]
    words: Callable[[Any, str], str]
    tip: str = ""
    write: Callable[[Any], object] = lambda value: value
    least: float = 0.0
    step: float = 1.0


def parse_run_settings(obj: object) -> RunSettings:
    """The valid run settings of a JSON object; what is missing takes its default.

    >>> parse_run_settings({"lag": 1, "cost_bps": {"VTI": 2}}).cost_bps
    {'VTI': 2.0}
    """
    given = json_object(obj, "The run settings")
    require_known(given, SETTINGS, "run settings")
    settings = RunSettings(**{name: SETTINGS[name].read(value, name) for name, value in given.items()})
    require_settings(settings)
    return settings


def settings_json(settings: RunSettings) -> Object:
    """The run settings as a JSON object with every field; ``parse_run_settings`` reads it back equal."""
    return {name: row.write(getattr(settings, name)) for name, row in SETTINGS.items()}


def require_settings(settings: RunSettings) -> None:
    """Raises InvalidPolicyError, whose one sentence names the first run setting out of range."""
    for name, row in SETTINGS.items():
        row.require(name, getattr(settings, name))


def unusual(settings: RunSettings, ccy: str = "USD", said: Collection[str] = ()) -> dict[str, str]:
    """The settings that differ from the usual, but for those ``said`` already: their labels and what they are.

    >>> unusual(RunSettings(fixed_fee=5.0, frozen=("Gold",)))
    {'Fee per order': '$5.00', 'Frozen buckets': 'Gold'}
    """
    usual = RunSettings()
    return {
        row.label: row.words(getattr(settings, name), ccy)
        for name, row in SETTINGS.items()
        if name not in said and getattr(settings, name) != getattr(usual, name)
    }


def parse_contributions(obj: object) -> Contributions:
    """The cash flows of a JSON object: the ``amount`` (negative takes out), and when and how.

    >>> parse_contributions({"amount": 500, "mode": "steer"}).mode.value
    'steer'
    """
    given = json_object(obj, "contributions")
    require_known(given, tuple(f.name for f in fields(Contributions)), "contributions")
    return Contributions(
        amount=number(given.get("amount"), "contributions.amount"),
        cadence=choice(given.get("cadence", "monthly"), Cadence, "contributions.cadence"),
        growth_per_year=number(given.get("growth_per_year", 0.0), "contributions.growth_per_year"),
        mode=choice(given.get("mode", "proportional"), FlowMode, "contributions.mode"),
    )


def contributions_json(flows: Contributions) -> Object:
    """The cash flows as a JSON object with every field; ``parse_contributions`` reads it back equal."""
    return {
        "amount": flows.amount,
        "cadence": flows.cadence.value,
        "growth_per_year": flows.growth_per_year,
        "mode": flows.mode.value,
    }


def flow_words(flows: Contributions, ccy: str = "USD") -> str:
    """The cash flows in words.

    >>> flow_words(Contributions(500.0, growth_per_year=0.02, mode=FlowMode.steer))
    '$500 put in each month, 2.0% more each year, to what is furthest below target'
    >>> flow_words(Contributions(-100.0, Cadence.annual))
    '$100 taken out each year'
    """
    verb = "put in" if flows.amount >= 0 else "taken out"
    parts = [f"{units.money(abs(flows.amount), ccy)} {verb} {EACH[flows.cadence]}"]
    if flows.growth_per_year:
        more = "more" if flows.growth_per_year > 0 else "less"
        parts.append(f"{units.pct(abs(flows.growth_per_year))} {more} each year")
    if flows.mode is FlowMode.steer:
        parts.append("to what is furthest below target" if flows.amount >= 0 else "from what is furthest above target")
    return ", ".join(parts)


EACH: Mapping[Cadence, str] = {
    Cadence.daily: "each session",
    Cadence.weekly: "each week",
    Cadence.monthly: "each month",
    Cadence.quarterly: "each quarter",
    Cadence.semiannual: "each half-year",
    Cadence.annual: "each year",
}


def _read_lag(value: object, name: str) -> int | None:
    return None if value is None else whole(value, name)


def _require_lag(name: str, value: int | None) -> None:
    if value is not None:
        require_whole(name, value, 0)


def _lag_words(value: int | None, _ccy: str) -> str:
    match value:
        case None:
            return "the usual close for the data"
        case 0:
            return "the same close"
        case 1:
            return "the next close"
        case _:
            return f"{value} closes later"


def _read_cost(value: object, name: str) -> float | dict[str, float]:
    if isinstance(value, dict):
        return {str(symbol): number(cost, f"{name}.{symbol}") for symbol, cost in value.items()}
    return number(value, name)


def _require_cost(name: str, value: float | Mapping[str, float]) -> None:
    if not isinstance(value, Mapping):
        require_below_all(name, value)
        return
    for symbol, cost in value.items():
        require_below_all(f"{name}.{symbol}", cost)


def _write_cost(value: float | Mapping[str, float]) -> object:
    return dict(value) if isinstance(value, Mapping) else value


def _cost_words(value: float | Mapping[str, float], _ccy: str) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{symbol} {_bps(cost)}" for symbol, cost in value.items()) or "none for any product"
    return f"{_bps(value)} of traded value, each side"


def _read_rate(value: object, name: str) -> float | str:
    return value if isinstance(value, str) else number(value, name)


def _require_rate(name: str, value: float | str) -> None:
    if not isinstance(value, str):
        require_between(name, value, -0.99, 10.0)
    elif not value.strip():
        raise invalid(name, f"{name} must be a rate a year or the symbol of a series, not empty.")


def _rate_words(value: float | str, _ccy: str) -> str:
    return f"the return of {value}" if isinstance(value, str) else f"{units.pct2(value)} a year"


def _read_flows(value: object, _name: str) -> Contributions | None:
    return None if value is None else parse_contributions(value)


def _require_flows(name: str, flows: Contributions | None) -> None:
    if flows is not None:
        require_between(f"{name}.amount", flows.amount, -1e15, 1e15)
        require_between(f"{name}.growth_per_year", flows.growth_per_year, -0.99, 10.0)


def _read_names(value: object, name: str) -> tuple[str, ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise invalid(name, f"{name} must be a list of bucket paths or labels, not {shown(value)}.")
    return tuple(value)


def _bucket_words(value: tuple[str, ...], _ccy: str) -> str:
    return ", ".join(name.rpartition("/")[2] for name in value) or "none"


def _require_amount(name: str, value: float) -> None:
    require_between(name, value, 0.0, MOST_MONEY if value > 0.0 else math.inf)


def _require_initial(name: str, value: float) -> None:
    if value == 0.0:
        raise invalid(name, f"{name} must be more than 0.")
    require_between(name, value, LEAST_MONEY, MOST_MONEY)


def _money(value: float, ccy: str) -> str:
    return units.money(value, ccy, 0 if value >= 1_000 and float(value).is_integer() else 2)


def _bps(value: float) -> str:
    return f"{value:g}{units.SPACE}bps"


SETTINGS: Mapping[str, Setting] = {
    row.name: row
    for row in (
        Setting("lag", "Trade at", Section.trading, Control.lag, _read_lag, _require_lag, _lag_words,
                "Sessions between the decision and the trade."),
        Setting("cost_bps", "Cost", Section.trading, Control.cost, _read_cost, _require_cost, _cost_words,
                "What trading takes, each side, in bps of traded value.", _write_cost),
        Setting("fixed_fee", "Fee per order", Section.trading, Control.amount, number, _require_amount, _money,
                "Each order of a rebalance pays it."),
        Setting("min_trade", "Smallest order", Section.trading, Control.amount, number, _require_amount, _money,
                "What is less is not traded.", step=50.0),
        Setting("charge_initial", "First purchase costs too", Section.trading, Control.switch, flag,
                lambda *_: None, lambda on, _: "yes" if on else "no"),
        Setting("initial_value", "Initial amount", Section.money, Control.amount, number, _require_initial, _money,
                least=1.0, step=1_000.0),
        Setting("annual_fee_bps", "Advisory fee", Section.rates, Control.bps, number, require_below_all,
                lambda bps, _: f"{_bps(bps)} a year", "Taken from every holding, every session.", step=5.0),
        Setting("risk_free", "Risk-free rate", Section.rates, Control.rate, _read_rate, _require_rate, _rate_words,
                "What money earns without risk; ratios count only what is above it."),
        Setting("contributions", "Contributions", Section.money, Control.flows, _read_flows, _require_flows,
                lambda flows, ccy: flow_words(flows, ccy) if flows else "none",
                "Money put in or taken out at the close of each period's last session.",
                lambda flows: contributions_json(flows) if flows else None),
        Setting("frozen", "Frozen buckets", Section.trading, Control.buckets, _read_names, lambda *_: None,
                _bucket_words, "They keep what was bought at first and are never traded.", list),
        Setting("allow_gaps", "Read on over gaps", Section.prices, Control.switch, flag, lambda *_: None,
                lambda on, _: "yes" if on else "no", "Where no product has a price for weeks, count it as one period."),
    )
}  # fmt: skip
