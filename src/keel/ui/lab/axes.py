"""The axes of the policy lab: which policies are tried, their usual values, their text in a link, and their grid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import isfinite

import numpy as np

from keel import units
from keel.domain.market.frequency import session_noun
from keel.domain.policy.as_json import look_json, policy_json
from keel.domain.policy.kinds import KINDS, Sweep
from keel.domain.policy.records import (
    Cadence,
    EverySessions,
    Look,
    Policy,
    RunSettings,
)
from keel.domain.policy.settings import settings_json
from keel.domain.study.grid import COST, Axis, Grid
from keel.errors import InputError

MOST_POLICIES = 50_000  # of one lab, before costs: what a page can still show at once
MOST_WIDTHS, MOST_LOOKS, MOST_OFFSETS = 1_000, 120, 63
FINE_WIDTHS, FINE_LOOKS = 200, 50  # 10,000 policies
COSTS = (0.0, 10.0, 25.0, 50.0)
BY_PRODUCT = -1.0  # bps; on the axis of costs: each product has its own, as the run settings say


SWEEPS: Mapping[str, Sweep] = {
    name: sweep
    for _, name, sweep in sorted((kind.sweep.place, name, kind.sweep) for name, kind in KINDS.items() if kind.sweep)
}

NAMED: Mapping[str, tuple[str, ...]] = {  # looks on offer and the usual ones, by the frequency of the data
    "daily": ("daily", "weekly", "10", "monthly", "quarterly", "semiannual", "annual"),
    "weekly": ("weekly", "2", "monthly", "quarterly", "semiannual", "annual"),
    "monthly": ("monthly", "2", "quarterly", "4", "semiannual", "annual"),
    "quarterly": ("quarterly", "semiannual", "3", "annual"),
    "annual": ("annual", "2", "3"),
}
DESTINATIONS: Mapping[float, str] = {
    0.0: "back to target",
    0.5: "halfway back",
    0.875: "to 87.5% of the band",
    1.0: "to the band's edge",
}
LAGS: Mapping[int, str] = {0: "same close", 1: "next close"}


@dataclass(frozen=True, slots=True)
class Axes:
    """The policies of one lab. ``looks`` are words of ``NAMED`` or a number of sessions as text."""

    band: str = "absolute"
    low: float = 100.0
    high: float = 1_000.0
    count: int = 19
    looks: tuple[str, ...] = NAMED["monthly"]
    destinations: tuple[float, ...] = (0.0,)
    lags: tuple[int, ...] = (0,)
    offsets: int = 1
    costs: tuple[float, ...] = field(default=COSTS)

    @property
    def kind(self) -> Sweep:
        """The bands' kind as an axis."""
        return SWEEPS[self.band]

    @property
    def size(self) -> int:
        """The number of policies; costs are not counted."""
        return self.count * len(self.looks) * len(self.destinations) * len(self.lags) * self.offsets

    def widths(self) -> list[float]:
        """The widths in bps, evenly spaced with both ends."""
        step = (self.high - self.low) / (self.count - 1) if self.count > 1 else 0.0
        return [round(self.low + i * step, 9) for i in range(self.count)]


def usual(frequency: str, lag: int, costs: Sequence[float] = COSTS) -> Axes:
    """The axes before anybody chose.

    >>> usual("monthly", 0).size
    114
    """
    return Axes(looks=NAMED.get(frequency, NAMED["daily"]), lags=(lag,), costs=tuple(costs))


def fine(axes: Axes) -> Axes:
    """Ten thousand policies: many widths, and every number of sessions between looks.

    >>> fine(usual("monthly", 0)).size
    10000
    """
    kind = axes.kind
    looks = tuple(str(n) for n in range(1, FINE_LOOKS + 1))
    return replace(
        axes,
        low=2 * kind.high / FINE_WIDTHS,
        high=2 * kind.high,
        count=FINE_WIDTHS,
        looks=looks,
        destinations=axes.destinations[:1],
        lags=axes.lags[:1],
        offsets=1,
    )


def require(axes: Axes) -> None:
    """Raises InputError with one sentence about the first axis that makes no sense."""
    kind = axes.kind
    low, high = (
        f"{units.number(x / 100, 2).rstrip('0').rstrip('.')}{units.SPACE}{kind.unit}" for x in (axes.low, axes.high)
    )
    if not (isfinite(axes.low) and isfinite(axes.high)) or axes.low < 0:
        raise InputError("A band cannot be narrower than nothing.", hint="Start the widths at 0 or more.")
    if axes.count > 1 and axes.high <= axes.low:
        raise InputError(f"The widths must rise; they go from {low} to {high}.", hint="Make the last one the widest.")
    if not axes.looks:
        raise InputError("The lab has no look to try.", hint="Choose how often the policies look.")
    if not axes.destinations or not axes.lags or not axes.costs:
        raise InputError("One of the axes is empty.", hint="Choose at least one value of each.")
    for count, most, noun in (
        (axes.count, MOST_WIDTHS, "widths"),
        (len(axes.looks), MOST_LOOKS, "looks"),
        (axes.offsets, MOST_OFFSETS, "days of the look"),
    ):
        if not 1 <= count <= most:
            raise InputError(f"The lab takes 1 to {most:,} {noun}, not {count:,}.", hint="keel sweep takes more.")
    if axes.size > MOST_POLICIES:
        raise InputError(
            f"These axes make {axes.size:,} policies; the page shows at most {MOST_POLICIES:,}.",
            hint="Take fewer widths or looks here; keel sweep takes more, with --max-policies.",
        )


def grid(axes: Axes, settings: RunSettings) -> Grid:
    """The grid of the axes over the settings of a run; InputError for axes that make no sense."""
    require(axes)
    base = settings_json(settings) | {"trigger": "band", "band": {"kind": axes.band}}
    return Grid(
        base,
        (
            Axis("destination", np.array(axes.destinations)),
            Axis("lag", np.array(axes.lags, dtype=np.float64)),
            Axis("offset", np.arange(axes.offsets, dtype=np.float64)),
            Axis("look", tuple(look_json(look(word)) for word in axes.looks)),
            Axis(f"band.{axes.kind.field}", np.array(axes.widths())),
            _costs(axes.costs, settings),
        ),
    )


def alone(policy: Policy, settings: RunSettings, costs: Sequence[float]) -> Grid:
    """One policy at every cost."""
    base = policy_json(policy) | settings_json(settings)
    return Grid(base, (_costs(costs, settings),))


def _costs(costs: Sequence[float], settings: RunSettings) -> Axis:
    """The axis of costs; each product's own stand in it as the settings have them."""
    if BY_PRODUCT not in costs:
        return Axis(COST, np.array(costs))
    own = settings_json(settings)[COST]
    return Axis(COST, tuple(own if cost == BY_PRODUCT else cost for cost in costs))


def cost_words(cost: float) -> str:
    """A cost as a choice names it.

    >>> cost_words(10.0), cost_words(BY_PRODUCT)
    ('10', 'By product')
    """
    return "By product" if cost == BY_PRODUCT else f"{cost:g}"


def look(word: str) -> Look:
    """The look of a word.

    >>> look("quarterly").value, look("4").every_sessions
    ('quarterly', 4)
    """
    return EverySessions(int(word)) if word.isdecimal() else Cadence(word)


CADENCES = {"semiannual": "half-yearly", "annual": "yearly"}


def look_words(word: str, frequency: str) -> str:
    """How often a look comes, as an adjective where there is one.

    >>> look_words("annual", "monthly"), look_words("4", "monthly"), look_words("1", "daily")
    ('yearly', '4 months', '1 session')
    """
    if not word.isdecimal():
        return CADENCES.get(word, word)
    noun = session_noun(frequency)
    return f"{word} {noun if word == '1' else noun + 's'}"


def look_phrase(word: str, frequency: str) -> str:
    """A look in a policy's name.

    >>> look_phrase("annual", "monthly"), look_phrase("4", "monthly")
    ('yearly look', 'a look every 4 months')
    """
    words = look_words(word, frequency)
    return f"{words} look" if not word.isdecimal() else f"a look every {words.removeprefix('1 ')}"


def to_text(axes: Axes) -> dict[str, str]:
    """The axes as query parameters.

    >>> to_text(usual("monthly", 0))["widths"]
    '100-1000x19'
    """
    every = [str(n) for n in range(1, len(axes.looks) + 1)]
    return {
        "band": axes.band,
        "widths": f"{axes.low:g}-{axes.high:g}x{axes.count}",
        "looks": f"1-{len(every)}" if len(every) > 1 and list(axes.looks) == every else ",".join(axes.looks),
        "to": ",".join(f"{d:g}" for d in axes.destinations),
        "lags": ",".join(map(str, axes.lags)),
        "days": str(axes.offsets),
    }


def from_text(params: Mapping[str, str], start: Axes) -> Axes:
    """The axes of query parameters; what is absent or unreadable stays as in ``start``.

    >>> from_text({"widths": "200-400x3", "looks": "annual,2,nonsense"}, usual("monthly", 0)).looks
    ('annual', '2')
    """
    band = params.get("band", start.band)
    out = replace(start, band=band if band in SWEEPS else start.band)
    ends, _, count = params.get("widths", "").partition("x")
    low, _, high = ends.partition("-")
    numbers = [number(text) for text in (low, high, count)]
    if all(n is not None for n in numbers):
        first, last, many = (n or 0.0 for n in numbers)
        out = replace(out, low=first, high=last, count=int(many))
    looks = _looks(params.get("looks", ""))
    destinations = tuple(n for text in _split(params.get("to", "")) if (n := number(text)) in DESTINATIONS)
    lags = tuple(int(text) for text in _split(params.get("lags", "")) if text.isdecimal() and int(text) in LAGS)
    days = params.get("days", "")
    return replace(
        out,
        looks=looks or out.looks,
        destinations=tuple(d for d in destinations if d is not None) or out.destinations,
        lags=lags or out.lags,
        offsets=int(days) if days.isdecimal() else out.offsets,
    )


def _looks(text: str) -> tuple[str, ...]:
    first, dash, last = text.partition("-")
    if dash and first == "1" and last.isdecimal() and 1 < int(last) <= MOST_LOOKS:
        return tuple(str(n) for n in range(1, int(last) + 1))
    words = [w for w in _split(text) if w in tuple(Cadence) or (w.isdecimal() and 0 < int(w) <= 10_000)]
    return tuple(dict.fromkeys(words))


def _split(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def number(text: str) -> float | None:
    """The finite number of a text, or None."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if isfinite(value) else None
