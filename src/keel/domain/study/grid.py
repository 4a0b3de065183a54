"""A grid of policies: a base, and axes along which its fields vary; the product of the axes is never spelled out."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cached_property
from itertools import product

import numpy as np

from keel.domain.arrays import Floats
from keel.domain.policy.as_json import parse_policy, policy_json
from keel.domain.policy.kinds import KINDS, for_leaves
from keel.domain.policy.presets import PRESETS
from keel.domain.policy.records import Policy, RunSettings
from keel.domain.policy.settings import SETTINGS, parse_run_settings
from keel.errors import InputError, InvalidPolicyError

MAX_POLICIES = 2_000_000
SCENARIO_AXES = ("framework", "start", "end", "history")  # what is swept over, not how: the same for every policy
PRESET, COST = "preset", "cost_bps"
LIMITS = tuple(f"band.{field}" for kind in KINDS.values() if not for_leaves(kind.build()) for field in kind.fields)
WIDTHS = tuple(
    dict.fromkeys(f"band.{field}" for kind in KINDS.values() if for_leaves(kind.build()) for field in kind.fields)
)
INNER = (*WIDTHS, *LIMITS, "band.kind", "look.every_sessions")
OPEN = ("cost_bps.", "contributions.")  # whose inner names are symbols, or checked when the policy is read
POLICY_FIELDS = tuple(f.name for f in fields(Policy))
SETTING_FIELDS = tuple(SETTINGS)
HINT = "Raise it with --max-policies, or take fewer values."

Object = dict[str, object]


@dataclass(frozen=True, eq=False, slots=True)
class Axis:
    """One field by its dotted name and its values in order: numbers as an array, anything else as JSON values."""

    name: str
    values: Floats | tuple[object, ...]

    def __len__(self) -> int:
        return len(self.values)

    def value(self, i: int) -> object:
        """The i-th value as JSON; a whole number is an int."""
        value = self.values[i]
        if not isinstance(value, np.floating):
            return value
        return int(value) if float(value).is_integer() else float(value)


@dataclass(frozen=True, eq=False)
class Grid:
    """The product of the axes over a base; row 0 has the first value of each, the last axis varies fastest.

    ``base`` is policy and run settings in one JSON object. Axes of ``SCENARIO_AXES`` come first.
    """

    base: Mapping[str, object]
    axes: tuple[Axis, ...]
    shape: tuple[int, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "shape", tuple(len(axis) for axis in self.axes))

    @property
    def size(self) -> int:
        """The number of rows: policies, times the scenarios they are run on."""
        return math.prod(self.shape)

    @cached_property
    def scenarios(self) -> tuple[Axis, ...]:
        """The axes that say on what the policies are run."""
        return tuple(axis for axis in self.axes if axis.name in SCENARIO_AXES)

    @cached_property
    def widths(self) -> Axis | None:
        """The longest axis of numbers that is a band's width: all of it shares one scan of the prices."""
        found = [a for a in self.axes if a.name in WIDTHS and isinstance(a.values, np.ndarray)]
        return max(found, key=len, default=None)

    @cached_property
    def costs(self) -> Axis | None:
        """The axis of trading costs, when they are plain numbers: all of it shares one walk."""
        return next((a for a in self.axes if a.name == COST and isinstance(a.values, np.ndarray)), None)

    @cached_property
    def outer(self) -> tuple[Axis, ...]:
        """The other axes of policies and settings: each of their combinations is a family of its own."""
        taken = (*self.scenarios, self.widths, self.costs)
        return tuple(axis for axis in self.axes if axis not in taken)

    def at(self, row: int) -> dict[str, object]:
        """The value of every axis in one row, by name."""
        place = np.unravel_index(row, self.shape)
        return {axis.name: axis.value(int(i)) for axis, i in zip(self.axes, place, strict=True)}

    def policy(self, row: int) -> tuple[Policy, RunSettings]:
        """The policy and the run settings of one row; InvalidPolicyError when section and settings forbid it."""
        return self.parsed({k: v for k, v in self.at(row).items() if k not in SCENARIO_AXES})

    def parsed(self, values: Mapping[str, object]) -> tuple[Policy, RunSettings]:
        """The policy and run settings of the base with these values in place of its own."""
        flat = placed(self.base, values)
        settings = {name: flat.pop(name) for name in SETTING_FIELDS if name in flat}
        return parse_policy(flat), parse_run_settings(settings)

    def combinations(self) -> Iterator[tuple[tuple[int, ...], dict[str, object]]]:
        """The place and the values of every combination of the outer axes, in order."""
        for place in product(*(range(len(axis)) for axis in self.outer)):
            yield place, {axis.name: axis.value(i) for axis, i in zip(self.outer, place, strict=True)}


def over(grid: Grid, name: str, values: Sequence[object]) -> Grid:
    """The grid run on several scenarios: ``name`` is one of ``SCENARIO_AXES`` and becomes its first axis."""
    return Grid(grid.base, (Axis(name, tuple(values)), *grid.axes))


def parse_grid(obj: object, max_policies: int = MAX_POLICIES) -> Grid:
    """The grid of ``{"base": {policy and run settings}, "axes": {dotted name: values}}``; InputError for any other.

    ``base`` may be a preset's name. Values are a list, or ``{"from", "to", "count"}``: evenly spaced with both ends.
    Each field is checked alone here; which combinations are allowed is found when the grid is run.

    >>> grid = parse_grid({"base": "abs_5pp", "axes": {"band.width_bps": {"from": 100, "to": 500, "count": 5}}})
    >>> grid.size, grid.policy(1)[0].band
    (5, Absolute(width_bps=200.0, kind='absolute'))
    """
    if not isinstance(obj, dict) or "axes" not in obj:
        raise _bad('The grid must be a JSON object {"base": {…}, "axes": {…}}.', "grid")
    for name in obj:
        if name not in ("base", "axes"):
            raise _bad(f"{str(name)[:60]!r} is not a field of the grid; it has base and axes.", str(name))
    base = _base(obj.get("base", {}))
    given = obj["axes"]
    if not isinstance(given, dict) or not given:
        raise _bad("The grid has no axes; give at least one field and its values.", "axes")
    axes = [_axis(str(name), values, max_policies) for name, values in given.items()]
    axes.sort(key=lambda axis: axis.name not in SCENARIO_AXES)
    grid = Grid(base, tuple(axes))
    if grid.size > max_policies:
        raise _too_many(grid.size, max_policies)
    return grid


def grid_json(grid: Grid) -> Object:
    """The grid as JSON values; ``parse_grid`` reads it back with the same rows.

    >>> grid_json(parse_grid({"base": {"trigger": "calendar"}, "axes": {"cost_bps": [0, 2.5]}}))
    {'base': {'trigger': 'calendar'}, 'axes': {'cost_bps': [0, 2.5]}}
    """
    axes = {axis.name: [axis.value(i) for i in range(len(axis))] for axis in grid.axes}
    return {"base": dict(grid.base), "axes": axes}


def placed(base: Mapping[str, object], values: Mapping[str, object]) -> Object:
    """The base with the values put at their dotted names; a preset is put first, a whole object before its fields.

    >>> placed({"trigger": "band", "band": {"kind": "absolute"}}, {"band.width_bps": 100, "cost_bps": 5})
    {'trigger': 'band', 'band': {'kind': 'absolute', 'width_bps': 100}, 'cost_bps': 5}
    """
    flat = dict(base)
    if PRESET in values:
        flat |= policy_json(PRESETS[str(values[PRESET])])
    for name, value in sorted(values.items(), key=lambda item: "." in item[0]):
        outer, _, inner = name.partition(".")
        if inner:
            whole = flat.get(outer)
            flat[outer] = {**(whole if isinstance(whole, dict) else {}), inner: value}
        elif name != PRESET:
            flat[name] = value
    return flat


def shown(values: Mapping[str, object]) -> str:
    """The values of a combination as a sentence names them.

    >>> shown({"trigger": "calendar", "band.width_bps": 100, "look": {"every_sessions": 5}})
    'trigger calendar, band.width_bps 100, look {"every_sessions": 5}'
    """
    words = [f"{k} {v if isinstance(v, str) else json.dumps(v)}" for k, v in values.items()]
    return ", ".join(words)


def _base(obj: object) -> Object:
    if isinstance(obj, str):
        return dict(policy_json(parse_policy(obj)))
    if not isinstance(obj, dict):
        raise _bad("base must be a JSON object of policy and run settings, or a preset's name.", "base")
    for name in obj:
        if name not in POLICY_FIELDS and name not in SETTING_FIELDS:
            raise _bad(f"base has an unknown field {str(name)[:60]!r}; it takes {', '.join(_known())}.", str(name))
    return dict(obj)


def _known() -> tuple[str, ...]:
    return (*POLICY_FIELDS, *SETTING_FIELDS)


def _axis(name: str, values: object, limit: int) -> Axis:
    if name not in (*_known(), *INNER, *SCENARIO_AXES, PRESET) and not name.startswith(OPEN):
        known = ", ".join((PRESET, *_known(), *INNER, *SCENARIO_AXES[:3]))
        raise _bad(f"There is no axis {name[:60]!r}; the axes are {known}.", name)
    if isinstance(values, dict):
        return Axis(name, _spaced(name, values, limit))
    if not isinstance(values, list):
        raise _bad(f'The axis {name} must be a list of values or {{"from", "to", "count"}}.', name)
    if not values:
        raise _bad(f"The axis {name} has no values.", name)
    if len(values) > limit:
        raise _too_many(len(values), limit)
    if name == PRESET:
        for value in values:
            if value not in tuple(PRESETS):
                raise _bad(f"The axis preset has {json.dumps(value)[:60]}; it takes {', '.join(PRESETS)}.", name)
    if all(isinstance(v, int | float) and not isinstance(v, bool) for v in values):
        return Axis(name, _numbers(name, values))
    return Axis(name, tuple(values))


def _numbers(name: str, values: Sequence[int | float]) -> Floats:
    try:
        numbers = np.array(values, dtype=np.float64)
    except OverflowError as error:
        raise _bad(f"The axis {name} has a number that is too large.", name) from error
    if not np.isfinite(numbers).all():
        raise _bad(f"The axis {name} has a number that is not finite.", name)
    return numbers


def _spaced(name: str, given: Object, limit: int) -> Floats:
    if set(given) != {"from", "to", "count"}:
        raise _bad(f"The axis {name} must have from, to and count, and nothing else.", name)
    count = given["count"]
    if isinstance(count, bool) or not isinstance(count, int) or count < 1:
        raise _bad(f"The count of the axis {name} must be a whole number of at least 1.", name)
    if count > limit:
        raise _too_many(count, limit)
    ends = [given["from"], given["to"]]
    if any(isinstance(end, bool) or not isinstance(end, int | float) for end in ends):
        raise _bad(f"from and to of the axis {name} must be numbers.", name)
    first, last = _numbers(name, [end for end in ends if isinstance(end, int | float)])
    return np.linspace(first, last, count)


def _too_many(count: int, limit: int) -> InputError:
    return _bad(f"The grid has {count:,} policies, more than the limit of {limit:,}.", "axes", HINT)


def _bad(message: str, subject: str, hint: str = "") -> InputError:
    return InvalidPolicyError(message, hint=hint, subject=subject)
