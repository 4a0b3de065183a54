"""The table of a sweep: one row per policy, a column per axis and metric, and the policy as JSON."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from keel.backtest.metrics import table as metrics
from keel.backtest.metrics.row import Kind
from keel.backtest.sweep.batches import Batch, Part
from keel.domain.arrays import Floats, Ints
from keel.domain.policy.as_json import band_json, policy_json
from keel.domain.policy.records import Policy, RunSettings
from keel.domain.policy.settings import settings_json
from keel.domain.policy.words import describe
from keel.domain.study.families import Family
from keel.domain.study.grid import COST, SCENARIO_AXES, Axis, Grid

LARGEST = 2.0**53  # a float beyond it is no longer one whole number
WHOLE = ("offset", "lag", "cooldown_days", "tranches", "look.every_sessions", "history")
WIDTH_MARK, COST_MARK = "<width>", "<cost>"


@dataclass(eq=False)
class SweepTable:
    """What a sweep found, filled batch by batch.

    ``values`` (m, size), a row a composing metric, NaN where undefined or not (yet) run.
    A row of the grid that no batch filled (a forbidden combination, or one that a cancelled sweep did not reach) is
    left out of ``rows``, ``metric`` and ``to_arrow``.
    """

    grid: Grid
    families: tuple[Family, ...]
    values: Floats
    filled: NDArray[np.bool_]
    others: dict[int, dict[str, object]] | None = None
    done: int = field(default=0)

    @classmethod
    def empty(cls, grid: Grid, families: tuple[Family, ...], every: bool) -> SweepTable:
        """A table of which no row is done."""
        values = np.full((len(metrics.composing()), grid.size), np.nan)
        return cls(grid, families, values, np.zeros(grid.size, dtype=np.bool_), {} if every else None)

    def fill(self, batch: Batch, part: Part) -> None:
        """Takes in the metrics of a batch."""
        rows = self._rows_of(batch.scenario, self.families[batch.family].place, batch.widths, batch.costs)
        self.values[:, rows] = part.values
        if self.others is not None:
            self.others |= zip(rows.ravel().tolist(), part.every, strict=True)
        self.filled[rows] = True
        self.done += rows.size

    @property
    def complete(self) -> bool:
        """Whether every allowed policy is there."""
        return self.done == self.scenarios * sum(family.size for family in self.families)

    @property
    def scenarios(self) -> int:
        """The number of scenarios the policies are run on."""
        return math.prod(len(axis) for axis in self.grid.scenarios)

    @property
    def rows(self) -> Ints:
        """The row numbers of the grid that are done, in order."""
        return np.flatnonzero(self.filled)

    def __len__(self) -> int:
        return self.done

    def metric(self, name: str) -> Floats:
        """One composing metric of the rows that are done, NaN where undefined."""
        return np.asarray(self.values[metrics.composing().index(name)][self.filled], dtype=np.float64)

    def axis(self, name: str) -> list[object]:
        """The value of one axis in the rows that are done."""
        at = [axis.name for axis in self.grid.axes].index(name)
        axis = self.grid.axes[at]
        return [axis.value(int(i)) for i in self._places[at]]

    def policy(self, i: int) -> tuple[Policy, RunSettings]:
        """The policy and run settings of the i-th row that is done."""
        return self.grid.policy(int(self.rows[i]))

    def describe(self, i: int) -> str:
        """The i-th row in plain words.

        A cost of nothing is not mentioned: "±5 pp band, looked at every session, back to target, 10 bps".
        """
        policy, settings = self.policy(i)
        cost = settings.cost_bps
        words = [describe(policy)] if isinstance(cost, float) and cost == 0.0 else [describe(policy), _cost(settings)]
        return ", ".join(words)

    def to_arrow(self) -> Any:
        """The rows that are done as an Arrow table: axes by their dotted names, metrics, and ``policy``.

        ``policy`` is JSON with the policy and the run settings that are not at their default; undefined is null.
        """
        pa = import_module("pyarrow")
        columns: dict[str, Any] = {}
        for axis, places in zip(self.grid.axes, self._places, strict=True):
            columns[axis.name] = _axis_column(axis, places)
        for i, name in enumerate(metrics.composing()):
            column = self.values[i][self.filled]
            kind = pa.int64() if metrics.row(name).kind is Kind.count else pa.float64()
            columns[name] = pa.array(column, mask=np.isnan(column)).cast(kind)
        if self.others is not None:
            for name in metrics.others():
                found = [self.others[row].get(name) for row in self.rows.tolist()]
                columns[name] = pa.array(found, type=pa.date32() if metrics.row(name).kind is Kind.day else None)
        columns["policy"] = self._policies()
        return pa.table(columns)

    @cached_property
    def _strides(self) -> dict[str, int]:
        """How far apart in rows two neighbouring values of each axis are."""
        apart = np.cumprod([1, *self.grid.shape[:0:-1]])[::-1]
        return {axis.name: int(step) for axis, step in zip(self.grid.axes, apart, strict=True)}

    @property
    def _places(self) -> tuple[Ints, ...]:
        return tuple(np.asarray(p) for p in np.unravel_index(self.rows, self.grid.shape))

    def _rows_of(self, scenario: int, place: tuple[int, ...], widths: Ints, costs: Ints) -> Ints:
        """The row numbers (w, c) of some widths and costs."""
        grid, strides = self.grid, self._strides
        row = scenario * (grid.size // self.scenarios)
        row += sum(strides[axis.name] * i for axis, i in zip(grid.outer, place, strict=True))
        across = widths * strides[grid.widths.name] if grid.widths is not None else widths
        down = costs * strides[grid.costs.name] if grid.costs is not None else costs
        return np.asarray(row + across[:, None] + down[None, :])

    def _policies(self) -> Any:
        """The policies as JSON, put together column-wise: a million of them take no Python loop."""
        pa, compute = import_module("pyarrow"), import_module("pyarrow.compute")
        grid = self.grid
        where = dict(zip((axis.name for axis in grid.axes), self._places, strict=True))
        number = np.zeros(self.done, dtype=np.int64)
        for axis in grid.outer:
            number = number * len(axis) + where[axis.name]
        shape = tuple(len(axis) for axis in grid.outer)
        known = np.full(int(np.prod(shape, dtype=np.int64)), -1, dtype=np.int64)
        for i, family in enumerate(self.families):
            known[np.ravel_multi_index(family.place, shape) if shape else 0] = i
        parts = [_parts(family, grid) for family in self.families]
        which = pa.array(known[number])
        pieces = [pa.array([p[0] for p in parts], pa.string()).take(which)]
        for i, inner in enumerate((grid.widths, grid.costs), start=1):
            if inner is not None:
                numbers = compute.cast(pa.array(np.asarray(inner.values)), pa.string())
                pieces.append(numbers.take(pa.array(where[inner.name])))
            pieces.append(pa.array([p[i] for p in parts], pa.string()).take(which))
        return compute.binary_join_element_wise(*pieces, "")


def _parts(family: Family, grid: Grid) -> tuple[str, str, str]:
    """The JSON of a family's policy before the width, between width and cost, and after the cost."""
    usual, own = policy_json(Policy()), policy_json(family.policy)
    flat = {k: v for k, v in own.items() if k == "trigger" or v != usual[k]}
    if grid.widths is not None and family.policy.band is not None:
        flat["band"] = {**band_json(family.policy.band), grid.widths.name.partition(".")[2]: WIDTH_MARK}
    usual, own = settings_json(RunSettings()), settings_json(family.settings)
    flat |= {k: v for k, v in own.items() if v != usual[k] and k != COST}
    flat[COST] = own[COST] if grid.costs is None else COST_MARK
    head, middle, tail = json.dumps(flat), "", ""
    if grid.widths is not None:
        head, _, middle = head.partition(f'"{WIDTH_MARK}"')
    if grid.costs is not None:
        before = head if grid.widths is None else middle
        before, _, tail = before.partition(f'"{COST_MARK}"')
        head, middle = (before, "") if grid.widths is None else (head, before)
    return head, middle, tail


def _axis_column(axis: Axis, places: Ints) -> Any:
    """The values of an axis in every row: numbers as numbers, words as words, anything else as JSON."""
    pa = import_module("pyarrow")
    if isinstance(axis.values, np.ndarray):
        sound = (axis.values == np.floor(axis.values)) & (np.abs(axis.values) < LARGEST)
        whole = axis.name in WHOLE and bool(sound.all())
        return pa.array(axis.values.astype(np.int64)[places] if whole else axis.values[places])
    plain = all(v is None or isinstance(v, bool) for v in axis.values)
    values = axis.values if plain else [v if v is None or isinstance(v, str) else _text(v, axis) for v in axis.values]
    return pa.array(values).take(pa.array(places))


def _text(value: object, axis: Axis) -> str:
    return str(value) if axis.name in SCENARIO_AXES else json.dumps(value)


def _cost(settings: RunSettings) -> str:
    return f"{settings.cost_bps:g} bps" if isinstance(settings.cost_bps, float) else "costs by instrument"
