"""Policies, bands and run settings as JSON values, both ways."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import fields
from enum import StrEnum
from typing import TypeVar

from keel.domain.policy.kinds import KINDS, Absolute, Band, Trigger, for_leaves
from keel.domain.policy.records import (
    PRESETS,
    Cadence,
    Contributions,
    EverySessions,
    FlowMode,
    Look,
    Policy,
    RunSettings,
    Scope,
    require_band,
    require_policy,
    require_settings,
)
from keel.domain.text import named
from keel.errors import InvalidPolicyError

Choice = TypeVar("Choice", bound=StrEnum)
Object = dict[str, object]

_SHORT_CADENCE = {"Q": Cadence.quarterly, "A": Cadence.annual, "M": Cadence.monthly}
_POLICY_FIELDS = tuple(f.name for f in fields(Policy))
_SETTING_FIELDS = tuple(f.name for f in fields(RunSettings))
_FLOW_FIELDS = tuple(f.name for f in fields(Contributions))


def parse_policy(obj: object) -> Policy:
    """The valid policy of a JSON value: an object as ``policy_json`` writes it, the short form, or a preset's name.

    The short form ``{"cadence": "Q" | "A" | "M", "drift_bps" or "band_bps": n}`` is an absolute band looked at on that
    cadence. An unknown field, a wrong type and every forbidden combination is an InvalidPolicyError naming it.

    >>> parse_policy({"cadence": "Q", "drift_bps": 300}) == Policy(Trigger.band, Cadence.quarterly, band=Absolute(300))
    True
    >>> parse_policy("annual").look.value
    'annual'
    """
    if isinstance(obj, str):
        if obj not in PRESETS:
            raise _invalid("policy", f"There is no preset policy named {obj[:60]!r}; there are {', '.join(PRESETS)}.")
        return PRESETS[obj]
    given = _object(obj, "The policy")
    policy = _short_form(given) if "cadence" in given else _long_form(given)
    require_policy(policy)
    return policy


def _long_form(given: Object) -> Policy:
    for name in given:
        if name in _SETTING_FIELDS:
            raise _invalid(name, f"{name} is a run setting, not a field of the policy.", "Give it beside the policy.")
    _require_known(given, _POLICY_FIELDS, "policy")
    if "trigger" not in given:
        raise _invalid("trigger", f"The policy has no trigger; it is one of {', '.join(Trigger)}.")
    band = given.get("band")
    scope = given.get("scope")
    return Policy(
        trigger=_choice(given["trigger"], Trigger, "trigger"),
        look=_look(given.get("look", "daily")),
        offset=_whole(given.get("offset", 0), "offset"),
        band=None if band is None else _band(band, "band"),
        destination=_number(given.get("destination", 0.0), "destination"),
        scope=None if scope is None else _choice(scope, Scope, "scope"),
        cooldown_days=_whole(given.get("cooldown_days", 0), "cooldown_days"),
        tranches=_whole(given.get("tranches", 1), "tranches"),
    )


def _short_form(given: Object) -> Policy:
    _require_known(given, ("cadence", "drift_bps", "band_bps"), "policy")
    cadence = given["cadence"]
    if not isinstance(cadence, str) or cadence not in _SHORT_CADENCE:
        raise _invalid("cadence", f"cadence must be one of Q, A, M, not {_shown(cadence)}.")
    if ("drift_bps" in given) == ("band_bps" in given):
        raise _invalid("drift_bps", "A policy with a cadence needs either drift_bps or band_bps.")
    name = "drift_bps" if "drift_bps" in given else "band_bps"
    return Policy(Trigger.band, _SHORT_CADENCE[cadence], band=Absolute(_number(given[name], name)))


def parse_band(obj: object, name: str = "band") -> Band:
    """The valid band of one leaf, from a JSON object with its ``kind``; missing widths take the kind's defaults.

    >>> parse_band({"kind": "absolute", "width_bps": 300})
    Absolute(width_bps=300.0, kind='absolute')
    """
    band = _band(obj, name)
    if not for_leaves(band):
        words = band.kind.replace("_", " ")
        raise _invalid(f"{name}.kind", f"A {words} belongs to the whole portfolio, so a bucket cannot have one.")
    return band


def _band(obj: object, name: str) -> Band:
    given = _object(obj, name)
    kind = given.get("kind")
    if kind is None:
        raise _invalid(f"{name}.kind", f"{name} has no kind; it is one of {', '.join(KINDS)}.")
    if not isinstance(kind, str) or kind not in KINDS:
        raise _invalid(f"{name}.kind", f"{name}.kind must be one of {', '.join(KINDS)}, not {_shown(kind)}.")
    _require_known(given, ("kind", *KINDS[kind].fields), f"{name} of kind {kind}")
    widths = {f: _number(given[f], f"{name}.{f}") for f in KINDS[kind].fields if f in given}
    band = KINDS[kind].build(**widths)
    require_band(band, name)
    return band


def parse_run_settings(obj: object) -> RunSettings:
    """The valid run settings of a JSON object; what is missing takes its default.

    >>> parse_run_settings({"lag": 1, "cost_bps": {"VTI": 2}}).cost_bps
    {'VTI': 2.0}
    """
    given = _object(obj, "The run settings")
    _require_known(given, _SETTING_FIELDS, "run settings")
    lag = given.get("lag")
    charge = given.get("charge_initial", False)
    if not isinstance(charge, bool):
        raise _invalid("charge_initial", f"charge_initial must be true or false, not {_shown(charge)}.")
    amounts = ("fixed_fee", "min_trade", "initial_value", "annual_fee_bps")
    flows = given.get("contributions")
    settings = RunSettings(
        lag=None if lag is None else _whole(lag, "lag"),
        cost_bps=_cost(given.get("cost_bps", 0.0)),
        charge_initial=charge,
        risk_free=_rate(given.get("risk_free", 0.0)),
        contributions=None if flows is None else parse_contributions(flows),
        frozen=_names(given.get("frozen") or [], "frozen"),
        **{f: _number(given[f], f) for f in amounts if f in given},
    )
    require_settings(settings)
    return settings


def parse_contributions(obj: object) -> Contributions:
    """The cash flows of a JSON object: the ``amount`` (negative takes out), and when and how.

    >>> parse_contributions({"amount": 500, "mode": "steer"}).mode.value
    'steer'
    """
    given = _object(obj, "contributions")
    _require_known(given, _FLOW_FIELDS, "contributions")
    return Contributions(
        amount=_number(given.get("amount"), "contributions.amount"),
        cadence=_choice(given.get("cadence", "monthly"), Cadence, "contributions.cadence"),
        growth_per_year=_number(given.get("growth_per_year", 0.0), "contributions.growth_per_year"),
        mode=_choice(given.get("mode", "proportional"), FlowMode, "contributions.mode"),
    )


def policy_json(policy: Policy) -> Object:
    """The policy as a JSON object with every field; ``parse_policy`` reads it back equal."""
    look: object = policy.look.value if isinstance(policy.look, Cadence) else look_json(policy.look)
    return {
        "trigger": policy.trigger.value,
        "look": look,
        "offset": policy.offset,
        "band": None if policy.band is None else band_json(policy.band),
        "destination": policy.destination,
        "scope": None if policy.scope is None else policy.scope.value,
        "cooldown_days": policy.cooldown_days,
        "tranches": policy.tranches,
    }


def look_json(look: Look) -> object:
    """The look as JSON: its name, or ``{"every_sessions": n}``."""
    return look.value if isinstance(look, Cadence) else {"every_sessions": look.every_sessions}


def band_json(band: Band) -> Object:
    """The band as a JSON object, kind first.

    >>> from keel.domain.policy.kinds import FiveTwentyFive
    >>> band_json(FiveTwentyFive())
    {'kind': 'five_twenty_five', 'absolute_bps': 500.0, 'relative_bps': 2500.0}
    """
    return {"kind": band.kind, **{f: getattr(band, f) for f in KINDS[band.kind].fields}}


def settings_json(settings: RunSettings) -> Object:
    """The run settings as a JSON object with every field; ``parse_run_settings`` reads it back equal."""
    out: Object = {f: getattr(settings, f) for f in _SETTING_FIELDS}
    if isinstance(settings.cost_bps, Mapping):
        out["cost_bps"] = dict(settings.cost_bps)
    out["contributions"] = None if settings.contributions is None else contributions_json(settings.contributions)
    out["frozen"] = list(settings.frozen)
    return out


def contributions_json(flows: Contributions) -> Object:
    """The cash flows as a JSON object with every field; ``parse_contributions`` reads it back equal."""
    return {
        "amount": flows.amount,
        "cadence": flows.cadence.value,
        "growth_per_year": flows.growth_per_year,
        "mode": flows.mode.value,
    }


def _object(obj: object, what: str) -> Object:
    if not isinstance(obj, dict):
        raise _invalid(what.lower().removeprefix("the "), f"{what} must be a JSON object, not {_shown(obj)}.")
    return obj


def _require_known(given: Object, known: tuple[str, ...], what: str) -> None:
    for name in given:
        if name not in known:
            raise _invalid(str(name), f"{_shown(name)} is not a field of the {what}; it has {', '.join(known)}.")


def _choice(value: object, kind: type[Choice], name: str) -> Choice:
    options = [member.value for member in kind]
    if not isinstance(value, str) or value not in options:
        raise _invalid(name, f"{name} must be one of {', '.join(options)}, not {_shown(value)}.")
    return kind(value)


def _look(value: object) -> Look:
    if isinstance(value, dict):
        _require_known(value, ("every_sessions",), "look")
        return EverySessions(_whole(value.get("every_sessions"), "look.every_sessions"))
    return _choice(value, Cadence, "look")


def _cost(value: object) -> float | dict[str, float]:
    if isinstance(value, dict):
        return {str(symbol): _number(cost, f"cost_bps.{symbol}") for symbol, cost in value.items()}
    return _number(value, "cost_bps")


def _rate(value: object) -> float | str:
    return value if isinstance(value, str) else _number(value, "risk_free")


def _names(value: object, name: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise _invalid(name, f"{name} must be a list of bucket paths or labels, not {_shown(value)}.")
    return tuple(value)


def _whole(value: object, name: str) -> int:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise _invalid(name, f"{name} must be a whole number, not {_shown(value)}.")
    return value


def _number(value: object, name: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _invalid(name, f"{name} must be a number, not {_shown(value)}.")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise _invalid(name, f"{name} must be a finite number.")
    return number


def _shown(value: object) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{value:g}" if abs(value) < 1e15 else "a number that large"
    return named(value)


def _invalid(field: str, message: str, hint: str = "") -> InvalidPolicyError:
    return InvalidPolicyError(message, hint=hint, subject=field)
