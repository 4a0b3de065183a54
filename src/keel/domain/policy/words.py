"""Policies in words: the names of the presets, and any policy described."""

from __future__ import annotations

from collections.abc import Mapping

from keel.domain.policy.kinds import KINDS, TRIGGERS, Band
from keel.domain.policy.presets import PRESETS
from keel.domain.policy.records import Cadence, EverySessions, Look, Policy, Scope, scope_of

PRESET_LABELS: Mapping[str, str] = {
    "never": "Never",
    "annual": "Yearly",
    "quarterly": "Quarterly",
    "monthly": "Monthly",
    "five_twenty_five": "5/25 band",
    "abs_5pp": "±5 pp band",
    "edge_5pp": "±5 pp to the edge",
    "opportunistic": "Opportunistic",
    "vanguard_200_175": "Vanguard 200/175",
}

OWN = "Own policy"
_EVERY = {
    Cadence.daily: "Every session",
    Cadence.weekly: "Every week",
    Cadence.monthly: "Every month",
    Cadence.quarterly: "Every quarter",
    Cadence.semiannual: "Every half-year",
    Cadence.annual: "Every year",
}


def preset_name(policy: Policy) -> str | None:
    """The name of the preset that means the same, or None.

    >>> from keel.domain.policy.kinds import Trigger
    >>> preset_name(Policy(Trigger.calendar, Cadence.annual)), preset_name(Policy(Trigger.never, Cadence.monthly))
    ('annual', 'never')
    """
    return next((name for name, preset in PRESETS.items() if _meaning(preset) == _meaning(policy)), None)


def label_of(policy: Policy) -> str:
    """What a framework's own policy is called beside others: as its preset, where it is one.

    >>> label_of(PRESETS["annual"])
    'Yearly'
    """
    name = preset_name(policy)
    return PRESET_LABELS[name] if name else OWN


def _meaning(policy: Policy) -> tuple[object, ...]:
    if not TRIGGERS[policy.trigger].looks:
        return (policy.trigger,)
    return (
        policy.trigger,
        policy.look,
        policy.offset,
        policy.band,
        policy.destination,
        scope_of(policy),
        policy.cooldown_days,
        policy.tranches,
    )


def describe(policy: Policy) -> str:
    """The policy in plain words.

    >>> describe(PRESETS["five_twenty_five"])
    '5/25 band, looked at every session, back to target'
    >>> describe(PRESETS["opportunistic"])
    '20% of target band, looked at every 10 sessions, breached leaves halfway back to target'
    >>> describe(PRESETS["annual"])
    'Every year, back to target'
    """
    if not TRIGGERS[policy.trigger].looks:
        return "Bought once and never rebalanced"
    when = _look(policy.look)
    if policy.band is None:
        words = [when, "back to target"]
    else:
        words = [
            f"{describe_band(policy.band)}{KINDS[policy.band.kind].noun}",
            f"looked at {when[0].lower()}{when[1:]}",
            _destination(policy),
        ]
    if policy.offset:
        words.append(f"{policy.offset} {_plural('session', policy.offset)} later")
    if policy.cooldown_days:
        words.append(f"at least {policy.cooldown_days} {_plural('day', policy.cooldown_days)} after the last")
    if policy.tranches > 1:
        words.append(f"in {policy.tranches} tranches")
    return ", ".join(words)


def describe_band(band: Band) -> str:
    """The band's width in plain words.

    >>> from keel.domain.policy.kinds import Absolute, Hybrid
    >>> describe_band(Absolute(500)), describe_band(Hybrid())
    ('±5 pp', '20% of target (at least 1 pp)')
    """
    return KINDS[band.kind].words(band)


def _look(look: Look) -> str:
    if isinstance(look, EverySessions):
        n = look.every_sessions
        return "Every session" if n == 1 else f"Every {n} sessions"
    return _EVERY[look]


def _destination(policy: Policy) -> str:
    d = policy.destination
    leaves = "breached leaves " if scope_of(policy) is Scope.breached_only else ""
    if d == 0.0:
        return f"{leaves}back to target"
    if d == 1.0:
        return f"{leaves}to the band's edge"
    return f"{leaves}halfway back to target" if d == 0.5 else f"{leaves}to {100 * d:g}% of the band"


def _plural(word: str, count: int) -> str:
    return word if count == 1 else word + "s"
