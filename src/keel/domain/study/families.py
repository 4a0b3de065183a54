"""The families of a grid: what is left when widths and costs are kept as vectors, each checked once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from keel.domain.arrays import Floats
from keel.domain.policy.records import Policy, RunSettings
from keel.domain.study.grid import COST, Axis, Grid, shown
from keel.errors import InvalidPolicyError

SKIP = "--skip-invalid leaves such combinations out."


@dataclass(frozen=True, eq=False, slots=True)
class Family:
    """One combination of the outer axes: their ``place`` and ``values``.

    ``policy`` and ``settings`` hold the width and the cost of the first allowed place; ``widths`` and ``costs`` are the
    allowed places on those axes (0 alone without the axis).
    """

    place: tuple[int, ...]
    values: Mapping[str, object]
    policy: Policy
    settings: RunSettings
    widths: NDArray[np.int64]
    costs: NDArray[np.int64]

    @property
    def size(self) -> int:
        """The number of policies."""
        return len(self.widths) * len(self.costs)


def families(grid: Grid, skip_invalid: bool = False) -> tuple[Family, ...]:
    """Every combination of the outer axes with the widths and costs that it allows.

    A forbidden combination is an InvalidPolicyError that names it, or is left out; so is a grid with none allowed.
    """
    found, first_refusal = [], None
    for place, values in grid.combinations():
        family, refusal = _family(grid, place, values)
        if refusal is not None and not skip_invalid:
            raise refusal
        first_refusal = first_refusal or refusal
        if family is not None:
            found.append(family)
    if not found and first_refusal is not None:
        message = f"No combination of the grid is allowed; the first: {first_refusal.message}"
        raise InvalidPolicyError(message, subject=first_refusal.subject)
    return tuple(found)


def _family(
    grid: Grid, place: tuple[int, ...], values: dict[str, object]
) -> tuple[Family | None, InvalidPolicyError | None]:
    """The allowed part of one combination, and why its first forbidden policy is forbidden.

    A width or cost is allowed in one interval from 0, whatever the others are, so a few trials stand for all.
    """
    width, cost = grid.widths, grid.costs
    neutral = values | {axis.name: 0.0 for axis in (width, cost) if axis is not None}
    if _refusal(grid, neutral) is not None:
        return None, _refusal(grid, _at(values, width, 0, cost, 0))
    widths = np.zeros(1, dtype=np.int64) if width is None else _allowed(grid, neutral, width, (100_000.0, 10_000.0))
    costs = np.zeros(1, dtype=np.int64) if cost is None else _allowed(grid, neutral, cost, (np.nextafter(1e4, 0.0),))
    refusal = None
    if width is not None and len(widths) < len(width):
        refusal = _refusal(grid, _at(values, width, _missing(widths), cost, 0))
    if cost is not None and len(costs) < len(cost):
        first = int(widths[0]) if len(widths) else 0
        refusal = refusal or _refusal(grid, _at(values, width, first, cost, _missing(costs)))
    if not len(widths) or not len(costs):
        return None, refusal
    policy, settings = grid.parsed(_at(values, width, int(widths[0]), cost, int(costs[0])))
    return Family(place, values, policy, settings, widths, costs), refusal


def _allowed(grid: Grid, neutral: dict[str, object], axis: Axis, highs: tuple[float, ...]) -> NDArray[np.int64]:
    """The places whose value lies between 0 and the largest of ``highs`` that is allowed."""
    high = next((h for h in highs if _refusal(grid, neutral | {axis.name: h}) is None), 0.0)
    values: Floats = np.asarray(axis.values, dtype=np.float64)
    return np.flatnonzero((values >= 0.0) & (values <= high))


def _missing(places: NDArray[np.int64]) -> int:
    """The first number that is not among ascending ``places``."""
    gaps = np.flatnonzero(places != np.arange(len(places)))
    return int(gaps[0]) if len(gaps) else len(places)


def _at(values: Mapping[str, object], width: Axis | None, w: int, cost: Axis | None, c: int) -> dict[str, object]:
    out = dict(values)
    if width is not None:
        out[width.name] = width.value(w)
    if cost is not None:
        out[COST] = cost.value(c)
    return out


def _refusal(grid: Grid, values: Mapping[str, object]) -> InvalidPolicyError | None:
    """Why these values together are forbidden, or None."""
    try:
        grid.parsed(values)
    except InvalidPolicyError as error:
        what = f"{shown(values)} is not allowed: {error.message}" if values else error.message
        return InvalidPolicyError(what, hint=SKIP, subject=error.subject)
    return None
