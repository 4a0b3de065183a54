"""The chance that a leaf leaves its band: live weights carried along resampled histories, nothing traded.

A leaf counts from the first close at which it is in breach. What is held outside the framework moves with the rest;
what has no history keeps its price.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from keel.domain.arrays import Floats, Ints, Mask
from keel.domain.drift.measure import OUT_OF_BAND, Status
from keel.domain.drift.report import DriftReport
from keel.domain.market.frequency import periods_in_year
from keel.domain.policy.band import breached

HORIZONS = (21, 63, 252)  # sessions: about a month, a quarter and a year
Chances = tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """What is worth something today: ``value`` (k,) by line, and the leaf (k,) of each, −1 outside the framework.

    ``paths``, ``targets``, ``below``, ``above`` are the leaves' (m,); ``still`` (m,) marks those that never call for a
    trade: frozen, or without a price.
    """

    symbols: tuple[str, ...]
    value: Floats
    leaf: Ints
    paths: tuple[str, ...]
    targets: Floats
    below: Floats
    above: Floats
    still: Mask


@dataclass(frozen=True, slots=True)
class Forecast:
    """The chances (one a horizon) of each leaf by path, and of ``any`` of them; None where it cannot be told.

    A leaf that is out of its band already has chance 1. ``steps`` are the horizons in closes of the ``frequency``.
    ``returns`` of the history from ``first`` to ``last`` were drawn in blocks of mean length ``block``. ``notes`` say
    what a reader must know: proxies, lines without a history, horizons that are too long or too short for it.
    """

    by_path: Mapping[str, Chances]
    any: Chances
    steps: tuple[int, ...]
    frequency: str
    first: date | None
    last: date | None
    returns: int
    block: int
    draws: int
    seed: int
    notes: tuple[str, ...]


def standing(report: DriftReport) -> Standing:
    """Where a report's lines stand, for a forecast."""
    leaves = [row for row in report.buckets if row.leaf and row.path]
    paths = tuple(row.path for row in leaves)
    lines = [row for row in report.holdings if row.value]
    return Standing(
        symbols=tuple(line.symbol for line in lines),
        value=np.array([line.value for line in lines], dtype=np.float64),
        leaf=np.array([paths.index(line.path) if line.path else -1 for line in lines], dtype=np.int64),
        paths=paths,
        targets=np.array([row.target for row in leaves]),
        below=np.array([row.below for row in leaves]),
        above=np.array([row.above for row in leaves]),
        still=np.array([row.status in (Status.frozen, Status.no_price) for row in leaves], dtype=np.bool_),
    )


def steps_of(periods_per_year: float) -> tuple[int, ...]:
    """The horizons in closes of that many a year; 0 for one that is shorter than half the time between two.

    >>> steps_of(252.0), steps_of(12.0), steps_of(4.0)
    ((21, 63, 252), (1, 3, 12), (0, 1, 4))
    """
    return tuple(round(sessions * periods_per_year / periods_in_year("daily")) for sessions in HORIZONS)


def first_breach(now: Standing, growth: Floats, rows: Ints) -> Ints:
    """The close (d, m), from 1 on, at which each leaf is first in breach in each history; h + 1 where it is not.

    ``growth`` (n, k) are the factors by which each line's price changes, ``rows`` (d, h) the ones that each history
    takes in turn.

    >>> now = Standing(("A", "B"), np.array([50.0, 50.0]), np.array([0, 1]), ("a", "b"), np.array([0.5, 0.5]),
    ...                np.array([0.1, 0.1]), np.array([0.1, 0.1]), np.array([False, False]))
    >>> first_breach(now, np.array([[1.3, 1.0]]), np.zeros((1, 3), dtype=int)).tolist()  # 56.5 %, then 62.8 %
    [[2, 2]]
    """
    draws, horizon = rows.shape
    found = np.full((len(now.paths), draws), horizon + 1, dtype=np.int64)
    lines, order = np.ascontiguousarray(growth.T), np.ascontiguousarray(rows.T)
    value = np.tile(now.value[:, None], draws)
    with np.errstate(over="ignore", invalid="ignore"):  # beyond a number nothing can be said, and nothing is
        for step in range(horizon):
            value *= lines[:, order[step]]
            weights = leaf_sums(now, value) / value.sum(axis=0)
            out = breached(weights.T, now.targets, now.below, now.above, now.still).T
            found[out & (found > horizon)] = step + 1
    return np.ascontiguousarray(found.T)


def leaf_sums(now: Standing, value: Floats) -> Floats:
    """The value of each leaf (m, d) from those of the lines (k, d); a matrix product would wait for its threads."""
    sums = np.zeros((len(now.paths), value.shape[1]))
    for line, leaf in enumerate(now.leaf.tolist()):
        if leaf >= 0:
            sums[leaf] += value[line]
    return sums


def chances(found: Ints, steps: tuple[int, ...]) -> tuple[Chances, ...]:
    """The part of histories (m, one a horizon) in which each leaf is in breach by then; None for a horizon of 0 steps.

    >>> chances(np.array([[1], [4], [9]]), (0, 3, 8))
    ((None, 0.3333333333333333, 0.6666666666666666),)
    """
    within = [(found <= n).mean(axis=0) if n else None for n in steps]
    return tuple(
        tuple(None if part is None else float(part[leaf]) for part in within) for leaf in range(found.shape[1])
    )


def already_out(report: DriftReport) -> frozenset[str]:
    """The paths of the leaves that are out of their bands today."""
    return frozenset(row.path for row in report.buckets if row.leaf and row.status in OUT_OF_BAND)


def forecast_json(forecast: Forecast | None) -> dict[str, object] | None:
    """What the chances rest on, as ``drift --json`` prints it; the leaves have theirs as ``breach_chance``."""
    if forecast is None:
        return None
    return {
        "any": chances_json(forecast.any),
        "frequency": forecast.frequency,
        "first": forecast.first.isoformat() if forecast.first else None,
        "last": forecast.last.isoformat() if forecast.last else None,
        "returns": forecast.returns,
        "block": forecast.block,
        "draws": forecast.draws,
        "seed": forecast.seed,
        "notes": list(forecast.notes),
    }


def chances_json(given: Chances) -> dict[str, float | None]:
    """The chances by horizon in sessions.

    >>> chances_json((0.1, None, 1.0))
    {'21': 0.1, '63': None, '252': 1.0}
    """
    return {str(sessions): chance for sessions, chance in zip(HORIZONS, given, strict=True)}
