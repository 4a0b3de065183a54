"""Policies and bands as JSON values, both ways."""

from __future__ import annotations

from dataclasses import fields

from keel.domain.policy.kinds import KINDS, Absolute, Band, Trigger, for_leaves
from keel.domain.policy.presets import PRESETS
from keel.domain.policy.records import (
    Cadence,
    EverySessions,
    Look,
    Policy,
    RunSettings,
    Scope,
    require_band,
    require_policy,
)
from keel.domain.policy.values import Object, choice, invalid, json_object, number, require_known, shown, whole

_SHORT_CADENCE = {"Q": Cadence.quarterly, "A": Cadence.annual, "M": Cadence.monthly}
_POLICY_FIELDS = tuple(f.name for f in fields(Policy))
_SETTING_FIELDS = tuple(f.name for f in fields(RunSettings))


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
            raise invalid("policy", f"There is no preset policy named {obj[:60]!r}; there are {', '.join(PRESETS)}.")
        return PRESETS[obj]
    given = json_object(obj, "The policy")
    policy = _short_form(given) if "cadence" in given else _long_form(given)
    require_policy(policy)
    return policy


def _long_form(given: Object) -> Policy:
    for name in given:
        if name in _SETTING_FIELDS:
            raise invalid(name, f"{name} is a run setting, not a field of the policy.", "Give it beside the policy.")
    require_known(given, _POLICY_FIELDS, "policy")
    if "trigger" not in given:
        raise invalid("trigger", f"The policy has no trigger; it is one of {', '.join(Trigger)}.")
    band = given.get("band")
    scope = given.get("scope")
    return Policy(
        trigger=choice(given["trigger"], Trigger, "trigger"),
        look=_look(given.get("look", "daily")),
        offset=whole(given.get("offset", 0), "offset"),
        band=None if band is None else _band(band, "band"),
        destination=number(given.get("destination", 0.0), "destination"),
        scope=None if scope is None else choice(scope, Scope, "scope"),
        cooldown_days=whole(given.get("cooldown_days", 0), "cooldown_days"),
        tranches=whole(given.get("tranches", 1), "tranches"),
    )


def _short_form(given: Object) -> Policy:
    require_known(given, ("cadence", "drift_bps", "band_bps"), "policy")
    cadence = given["cadence"]
    if not isinstance(cadence, str) or cadence not in _SHORT_CADENCE:
        raise invalid("cadence", f"cadence must be one of Q, A, M, not {shown(cadence)}.")
    if ("drift_bps" in given) == ("band_bps" in given):
        raise invalid("drift_bps", "A policy with a cadence needs either drift_bps or band_bps.")
    name = "drift_bps" if "drift_bps" in given else "band_bps"
    return Policy(Trigger.band, _SHORT_CADENCE[cadence], band=Absolute(number(given[name], name)))


def parse_band(obj: object, name: str = "band") -> Band:
    """The valid band of one leaf, from a JSON object with its ``kind``; missing widths take the kind's defaults.

    >>> parse_band({"kind": "absolute", "width_bps": 300})
    Absolute(width_bps=300.0, kind='absolute')
    """
    band = _band(obj, name)
    if not for_leaves(band):
        words = band.kind.replace("_", " ")
        raise invalid(f"{name}.kind", f"A {words} belongs to the whole portfolio, so a bucket cannot have one.")
    return band


def _band(obj: object, name: str) -> Band:
    given = json_object(obj, name)
    kind = given.get("kind")
    if kind is None:
        raise invalid(f"{name}.kind", f"{name} has no kind; it is one of {', '.join(KINDS)}.")
    if not isinstance(kind, str) or kind not in KINDS:
        raise invalid(f"{name}.kind", f"{name}.kind must be one of {', '.join(KINDS)}, not {shown(kind)}.")
    require_known(given, ("kind", *KINDS[kind].fields), f"{name} of kind {kind}")
    widths = {f: number(given[f], f"{name}.{f}") for f in KINDS[kind].fields if f in given}
    band = KINDS[kind].build(**widths)
    require_band(band, name)
    return band


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


def _look(value: object) -> Look:
    if isinstance(value, dict):
        require_known(value, ("every_sessions",), "look")
        return EverySessions(whole(value.get("every_sessions"), "look.every_sessions"))
    return choice(value, Cadence, "look")
