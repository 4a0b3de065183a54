"""The axes of the policy lab: which policies are tried, their usual values, their text in a link, and their grid."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import isfinite

import numpy as np

from keel import units
from keel.domain.arrays import Floats
from keel.domain.frozen import Frozen
from keel.domain.market.frequency import session_noun
from keel.domain.policy.as_json import look_json, policy_json
from keel.domain.policy.kinds import KINDS, Sweep
from keel.domain.policy.records import (
    Cadence,
    EverySessions,
    Look,
    Policy,
    RunSettings,
    Scope,
)
from keel.domain.policy.settings import settings_json
from keel.domain.study.grid import COST, SETTING_FIELDS, Axis, Grid
from keel.domain.study.sweepable import SWEEPABLE, Way, typed, written
from keel.errors import InputError

MOST_POLICIES = 50_000  # of one lab, before costs: what a page can still show at once
MOST_WIDTHS, MOST_LOOKS, MOST_OFFSETS = 1_000, 120, 63
FINE_WIDTHS, FINE_LOOKS = 200, 50  # 10,000 policies
COSTS = (0.0, 10.0, 25.0, 50.0)
MOST_COST = 1_000.0  # bps a link may ask for
OWN = "own"  # in a link: each product has a cost of its own
OTHERS = tuple(row.name for row in SWEEPABLE.values() if row.other)
DESTINATIONS, LAGS = SWEEPABLE["destination"].values, SWEEPABLE["lag"].values

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
Cost = float | None  # bps; None: each product has its own, as the run settings say
Others = Mapping[str, tuple[object, ...]]
NONE: Others = Frozen({})


@dataclass(frozen=True, slots=True)
class Axes:
    """The policies of one lab. ``looks`` are words of ``NAMED`` or a number of sessions as text.

    ``others`` are the values of further axes of ``SWEEPABLE`` by name: those that differ from what every policy has.
    """

    band: str = "absolute"
    low: float = 100.0
    high: float = 1_000.0
    count: int = 19
    looks: tuple[str, ...] = NAMED["monthly"]
    destinations: tuple[float, ...] = (0.0,)
    lags: tuple[int, ...] = (0,)
    offsets: int = 1
    costs: tuple[Cost, ...] = COSTS
    others: Others = NONE

    @property
    def kind(self) -> Sweep:
        """The bands' kind as an axis."""
        return SWEEPS[self.band]

    @property
    def size(self) -> int:
        """The number of policies; costs are not counted."""
        return self.count * len(self.looks) * len(self.destinations) * len(self.lags) * self.offsets * self.mixtures

    @property
    def mixtures(self) -> int:
        """The number of combinations of the other axes' values."""
        return math.prod(self.mixture)

    @property
    def mixture(self) -> tuple[int, ...]:
        """The number of values on each of the other axes."""
        return tuple(len(values) for values in self.others.values())

    def mixed(self, other: int) -> tuple[tuple[str, object], ...]:
        """The names and values of one combination of the other axes."""
        places = np.unravel_index(other, self.mixture) if self.others else ()
        return tuple((name, values[i]) for (name, values), i in zip(self.others.items(), places, strict=True))

    def widths(self) -> list[float]:
        """The widths in bps, evenly spaced with both ends."""
        step = (self.high - self.low) / (self.count - 1) if self.count > 1 else 0.0
        return [round(self.low + i * step, 9) for i in range(self.count)]


def usual(frequency: str, lag: int, costs: Sequence[Cost] = COSTS) -> Axes:
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
        others=NONE,
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
    if Scope.whole_book in axes.others.get("scope", ()) and any(axes.destinations):
        back, everything = SWEEPABLE["destination"].values[0.0], SWEEPABLE["scope"].values[Scope.whole_book.value]
        raise InputError(
            f"A policy that trades {everything} goes {back}; these axes also have it stop before.",
            hint=f"Choose {back!r} alone, or not {everything!r}.",
        )
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
            *(_axis(name, values) for name, values in axes.others.items()),
            _costs(axes.costs, settings),
        ),
    )


def alone(policy: Policy, settings: RunSettings, costs: Sequence[Cost], others: Others = NONE) -> Grid:
    """One policy at every cost, and with every other run setting that the axes vary."""
    base = policy_json(policy) | settings_json(settings)
    varied = (_axis(name, values) for name, values in others.items() if name in SETTING_FIELDS)
    return Grid(base, (*varied, _costs(costs, settings)))


def over_others(axes: Axes, values: Floats) -> Floats:
    """What ``alone`` gave for each cost and each combination of the other axes, shape (costs, mixtures)."""
    there = tuple(len(chosen) if name in SETTING_FIELDS else 1 for name, chosen in axes.others.items())
    whole = np.broadcast_to(values.reshape(*there, len(axes.costs)), (*axes.mixture, len(axes.costs)))
    return whole.reshape(-1, len(axes.costs)).T


def _axis(name: str, values: tuple[object, ...]) -> Axis:
    if SWEEPABLE[name].way is Way.numbers:
        return Axis(name, np.array(values, dtype=np.float64))
    return Axis(name, values)


def _costs(costs: Sequence[Cost], settings: RunSettings) -> Axis:
    """The axis of costs; each product's own stand in it as the settings have them."""
    if None not in costs:
        return Axis(COST, np.array(costs, dtype=np.float64))
    own = settings_json(settings)[COST]
    return Axis(COST, tuple(own if cost is None else cost for cost in costs))


def ascending(costs: Iterable[Cost]) -> tuple[Cost, ...]:
    """The costs in order and each once, each product's own first.

    >>> ascending((10.0, None, 0.0, 10.0))
    (None, 0.0, 10.0)
    """
    return tuple(sorted(set(costs), key=lambda cost: (cost is not None, cost or 0.0)))


def cost_words(cost: Cost) -> str:
    """A cost as a choice names it.

    >>> cost_words(10.0), cost_words(None)
    ('10', 'By product')
    """
    return "By product" if cost is None else f"{cost:g}"


def cost_text(cost: Cost) -> str:
    """A cost in a link; ``read_cost`` reads it back.

    >>> cost_text(2.5), cost_text(None), read_cost("2.5", 7.0), read_cost("own", 7.0), read_cost("-1", 7.0)
    ('2.5', 'own', 2.5, None, 7.0)
    """
    return OWN if cost is None else f"{cost:.12g}"


def read_cost(text: str, instead: Cost) -> Cost:
    """The cost of a link; ``instead`` where it is none that the lab takes."""
    if text == OWN:
        return None
    bps = number(text)
    return instead if bps is None or not 0.0 <= bps < MOST_COST else bps


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
        "costs": ",".join(map(cost_text, axes.costs)),
        **{name: written(values) for name, values in axes.others.items()},
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
        costs=_read_costs(params.get("costs", "")) or out.costs,
        others=Frozen({name: values for name in OTHERS if (values := _others(name, params.get(name, "")))}),
    )


def _read_costs(text: str) -> tuple[Cost, ...]:
    read = [read_cost(word, math.nan) for word in _split(text)]
    return ascending(cost for cost in read if cost is None or isfinite(cost))


def _others(name: str, text: str) -> tuple[object, ...]:
    """The values of a link on another axis; none where one of them is no value."""
    try:
        return typed(name, text)
    except InputError:
        return ()


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
