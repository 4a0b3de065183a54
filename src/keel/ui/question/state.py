"""What the controls of a question hold in the session: spread out from the question, and gathered again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, assert_never

import streamlit as st

from keel.domain.policy.records import (
    Cadence,
    Contributions,
    FlowMode,
    RunSettings,
)
from keel.domain.policy.settings import SETTINGS, Control, Setting
from keel.domain.study.question import Question

BY_PRODUCT = "By product"
LAGS: Mapping[str, int | None] = {"Usual": None, "Same day's close": 0, "Next close": 1}
NO_FLOW, PAID_IN, TAKEN_OUT = "None", "Put in", "Take out"
WINDOW = ("start", "end", "dataset", "proxies", "benchmark")  # the fields beside policies and settings
USUAL_FLOW = 100.0
SHORT = {"cost_bps": "cost", "initial_value": "initial", "annual_fee_bps": "fee", "risk_free": "rf"}

Values = dict[str, Any]


def key(prefix: str, name: str) -> str:
    """The session key of one control of a page's form."""
    return f"{prefix}-{SHORT.get(name, name)}"


def fill(prefix: str, question: Question) -> None:
    """Makes the controls show the question."""
    state = st.session_state
    for old in [name for name in state if str(name).startswith(key(prefix, "cost_bps") + "-")]:
        del state[old]
    state.update({key(prefix, name): value for name, value in spread(question).items()})


def shown(prefix: str) -> bool:
    """Whether the controls have been filled."""
    return all(key(prefix, name) in st.session_state for name in spread(Question("")))


def taken(prefix: str, question: Question) -> Question:
    """The question as the controls put it now; what they leave alone, or have no control for, stays to the last bit."""
    at = key(prefix, "")
    held = {str(name).removeprefix(at): value for name, value in st.session_state.items() if str(name).startswith(at)}
    inside = {row.name: _taken(row, getattr(question.settings, row.name), held) for row in SETTINGS.values()}
    beside = {name: held.get(name, getattr(question, name)) for name in WINDOW}
    return replace(question, settings=RunSettings(**inside), **beside)


def spread(question: Question) -> Values:
    """What each control holds, by its name."""
    values: Values = {name: getattr(question, name) for name in WINDOW}
    for row in SETTINGS.values():
        values |= _spread(row, getattr(question.settings, row.name))
    return values


def costs(held: Mapping[str, Any], prefix: str = "") -> dict[str, float]:
    """The cost of each product that has a control, by symbol."""
    at = f"{prefix}{SHORT['cost_bps']}-"
    return {name.removeprefix(at): value for name, value in held.items() if name.startswith(at)}


def lag_label(lag: int | None) -> str:
    """What the choice of a lag is called.

    >>> lag_label(None), lag_label(3)
    ('Usual', '3 closes later')
    """
    return next((label for label, value in LAGS.items() if value == lag), f"{lag} closes later")


def _taken(row: Setting, now: Any, held: Mapping[str, Any]) -> Any:
    before = _spread(row, now)
    names = [SHORT.get(name, name) for name in before]
    after = {name: held.get(short, before[name]) for name, short in zip(before, names, strict=True)}
    extra = costs(held) if row.control is Control.cost else {}
    if after == before and not any(extra.get(s) != before.get(f"{SHORT['cost_bps']}-{s}", 0.0) for s in extra):
        return now
    return _gathered(row, now, after, extra)


def _spread(row: Setting, value: Any) -> Values:
    """What the controls of one setting hold."""
    name = row.name
    match row.control:
        case Control.lag:
            return {name: lag_label(value)}
        case Control.cost:
            if isinstance(value, Mapping):
                return {name: BY_PRODUCT} | {f"{SHORT[name]}-{symbol}": float(bps) for symbol, bps in value.items()}
            return {name: int(value) if float(value).is_integer() else value}
        case Control.amount | Control.bps:
            return {name: float(value)}
        case Control.switch:
            return {name: value}
        case Control.rate:
            series = isinstance(value, str)
            return {name: 0.0 if series else round(100 * value, 10), f"{name}-series": value if series else ""}
        case Control.flows:
            return _spread_flows(name, value)
        case Control.buckets:
            return {name: list(value)}
        case _:
            assert_never(row.control)


def _spread_flows(name: str, flows: Contributions | None) -> Values:
    one = flows or Contributions(USUAL_FLOW)
    direction = NO_FLOW if flows is None else PAID_IN if flows.amount >= 0 else TAKEN_OUT
    return {
        name: direction,
        f"{name}-amount": abs(float(one.amount)),
        f"{name}-cadence": one.cadence,
        f"{name}-growth": round(100 * one.growth_per_year, 10),
        f"{name}-mode": one.mode,
    }


def _gathered(row: Setting, now: Any, held: Values, extra: Mapping[str, float]) -> Any:
    """The value that the controls of one setting hold. A number that was emptied stays as it is."""
    value = held[row.name]
    match row.control:
        case Control.lag:
            return LAGS.get(value, now)
        case Control.cost:
            if value != BY_PRODUCT:
                return float(value)
            known = now if isinstance(now, Mapping) else {}
            return {s: bps for s in dict.fromkeys([*known, *extra]) if (bps := extra.get(s) or 0.0) or s in known}
        case Control.amount | Control.bps:
            return now if value is None else float(value)
        case Control.switch:
            return bool(value)
        case Control.rate:
            return held[f"{row.name}-series"] or (0.0 if value is None else value / 100)
        case Control.flows:
            return _gathered_flows(row.name, held)
        case Control.buckets:
            return tuple(value)
        case _:
            assert_never(row.control)


def _gathered_flows(name: str, held: Values) -> Contributions | None:
    if held[name] == NO_FLOW:
        return None
    sign = 1.0 if held[name] == PAID_IN else -1.0
    return Contributions(
        amount=sign * float(held[f"{name}-amount"] or 0.0),
        cadence=Cadence(held[f"{name}-cadence"]),
        growth_per_year=float(held[f"{name}-growth"] or 0.0) / 100,
        mode=FlowMode(held[f"{name}-mode"]),
    )
