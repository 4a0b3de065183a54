"""How much of a sweep's work policies can share, and the work itself: what each policy's path comes to.

``shared``: one scan of the prices serves every width and every cost. ``cut``: weights depend on the policy alone, so
the kernel walks it once, its path is cut into segments and the costs are applied to its trades. ``alone``: a fixed fee,
a smallest trade or tranches tie the path to the money in it, so each policy and cost runs by itself.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from enum import Enum
from typing import Any

import numpy as np

from keel.backtest.path import costs_of, simulate
from keel.backtest.run import costless
from keel.backtest.sweep.arrays import Arrays, Scenario
from keel.backtest.sweep.records import Course, Scan, Timing, Trades, Yardstick
from keel.backtest.sweep.shared import Shared
from keel.domain.arrays import Floats, Ints
from keel.domain.policy.kinds import TRIGGERS, Absolute, Relative
from keel.domain.policy.records import (
    Policy,
    RunSettings,
    Scope,
    scope_of,
)
from keel.domain.portfolio.book import Book
from keel.domain.study.families import Family
from keel.domain.study.grid import Axis
from keel.errors import PortfolioDepletedError
from keel.units import from_bps


def _besides(record: type[Any], followed: set[str]) -> tuple[tuple[str, object], ...]:
    """The fields of a record that are not ``followed``, and their defaults."""
    return tuple((f.name, f.default) for f in fields(record) if f.name not in followed)


# What the segments know how to follow. A policy with another field not at its default runs by itself.
_POLICY = _besides(Policy, {"trigger", "look", "offset", "band", "destination", "scope", "cooldown_days", "tranches"})
_SETTINGS = _besides(RunSettings, {"lag", "cost_bps", "charge_initial", "initial_value", "annual_fee_bps", "risk_free"})
_BOOK = _besides(Book, {"paths", "labels", "targets", "symbols", "leaf", "shares", "bands", "gaps"})
_BANDS = {"absolute", "relative", "five_twenty_five", "hybrid", "corridor"}
ONE_IN_BPS = 10_000.0


class Way(Enum):
    """How a family runs."""

    shared = "shared"
    cut = "cut"
    alone = "alone"


@dataclass(frozen=True, eq=False, slots=True)
class Swept:
    """A family on a scenario's arrays, the axes of its widths and costs, and what its sweep shares."""

    arrays: Arrays
    family: Family
    width: Axis | None
    cost: Axis | None
    shared: Shared

    @property
    def scenario(self) -> Scenario:
        """The window and the book."""
        return self.arrays.scenario

    @property
    def yardstick(self) -> Yardstick:
        """What returns are measured from."""
        return self.arrays.yardstick(self.family.settings)


def way(scenario: Scenario, policy: Policy, settings: RunSettings) -> Way:
    """The most shared way that is exact."""
    never = not TRIGGERS[policy.trigger].looks
    alone = policy.tranches > 1 and not never
    known = _at_default(policy, _POLICY) and _at_default(settings, _SETTINGS) and _at_default(scenario.book, _BOOK)
    bands = (policy.band, *scenario.book.bands)
    if alone or not known or any(band is not None and band.kind not in _BANDS for band in bands):
        return Way.alone
    return Way.shared if never or scope_of(policy) is Scope.whole_book else Way.cut


def _at_default(record: Any, others: tuple[tuple[str, object], ...]) -> bool:
    return all(getattr(record, name) == usual for name, usual in others)


def with_width(policy: Policy, axis: Axis | None, place: int) -> Policy:
    """The policy with the width at that place of the axis."""
    if axis is None or policy.band is None:
        return policy
    field = axis.name.partition(".")[2]
    changed: dict[str, Any] = {field: float(np.asarray(axis.values)[place])}
    return replace(policy, band=replace(policy.band, **changed))


def with_cost(settings: RunSettings, axis: Axis | None, place: int) -> RunSettings:
    """The settings with the cost at that place of the axis."""
    return settings if axis is None else replace(settings, cost_bps=float(np.asarray(axis.values)[place]))


def totals(swept: Swept, widths: Ints, costs: Ints) -> Floats:
    """What the policies at those places of the axes come to: (w, c, TOTALS) of ``keel.backtest.sweep.costs``.

    NaN throughout where costs take the whole portfolio.
    """
    from keel.backtest.sweep.costs import TOTALS

    family = swept.family
    chosen = way(swept.scenario, family.policy, family.settings)
    if chosen is Way.shared:
        key = (swept.scenario, family, swept.width, tuple(widths.tolist()))
        scanned = swept.shared.scan(key, lambda: _scanned(swept, widths))
        if scanned is not None:
            scan, back = scanned
            return _priced(swept, costs, scan, None)[back]
    out = np.empty((len(widths), len(costs), TOTALS))
    for row, w in enumerate(widths.tolist()):
        policy = with_width(family.policy, swept.width, w)
        if chosen is Way.cut:
            scan, goals = _cut(swept, policy)
            out[row] = _priced(swept, costs, scan, goals)[0]
        else:
            _alone(swept, policy, costs, out[row])
    return out


def _scanned(swept: Swept, places: Ints) -> tuple[Scan, Ints] | None:
    """The segments of the widths at those places, and where each width is among them.

    None when a trade of nothing would have met a cooldown: then the policies run by themselves.
    """
    from keel.backtest.sweep import segments

    arrays, policy, settings, width = swept.arrays, swept.family.policy, swept.family.settings, swept.width
    values = np.zeros(1) if width is None else fractions(width, places)
    field = "" if width is None else width.name.partition(".")[2]
    if width is None and isinstance(policy.band, Absolute | Relative):
        field, values = "width_bps", np.array([from_bps(policy.band.width_bps)])
    unique, back = np.unique(values, return_inverse=True)
    looks = swept.shared.looks(swept.scenario, policy.look, policy.offset)
    scan = segments.scan(
        Course(
            closes=swept.shared.closes(arrays, arrays.keep(settings)),
            days=arrays.days,
            looks=looks if TRIGGERS[policy.trigger].looks else np.zeros_like(looks),
        ),
        swept.yardstick,
        arrays.goal,
        swept.shared.half_widths(arrays, policy, field),
        Timing(arrays.lag(settings), policy.cooldown_days, not TRIGGERS[policy.trigger].banded),
        unique,
    )
    return None if scan.idle else (scan, back.reshape(-1))


def fractions(axis: Axis, places: Ints) -> Floats:
    """The values at those places of an axis of basis points, as fractions."""
    return np.asarray(axis.values, dtype=np.float64)[places] / ONE_IN_BPS


def _cut(swept: Swept, policy: Policy) -> tuple[Scan, Floats]:
    """The segments of one path, and the goals of its trades."""
    from keel.backtest.sweep import segments

    arrays, settings = swept.arrays, swept.family.settings
    free = replace(costless(settings), annual_fee_bps=settings.annual_fee_bps)
    path = simulate(swept.scenario.window, swept.scenario.book, policy, free, arrays.lag(settings))
    values, goals = by_line(path.values, arrays.line), by_line(path.goals, arrays.line)
    scan = segments.cut(path.wealth, values, path.sessions, goals, swept.yardstick)
    return scan, goals if len(goals) else values[:1]


def by_line(table: Floats, line: Ints) -> Floats:
    """The columns of a table added up by order line, because the trades of one instrument are netted.

    >>> by_line(np.array([[0.5, 0.3, 0.2]]), np.array([0, 1, 0])).tolist()
    [[0.7, 0.3]]
    """
    lines = int(line.max()) + 1
    if lines == len(line):
        return table
    out = np.zeros((len(table), lines))
    for i, j in enumerate(line.tolist()):
        out[:, j] += table[:, i]
    return out


def _priced(swept: Swept, places: Ints, scan: Scan, goals: Floats | None) -> Floats:
    """The chains (w, …) at the costs at those places: (w, c, TOTALS)."""
    from keel.backtest.sweep import costs as joints

    arrays, settings, cost = swept.arrays, swept.family.settings, swept.cost
    costs = np.ones(1) if cost is None else fractions(cost, places)
    rates = costs_of(swept.scenario.book, settings if cost is None else replace(settings, cost_bps=ONE_IN_BPS))
    if goals is None:
        aims, pattern = arrays.goal[None], rates[arrays.order]
    else:
        aims, pattern = goals, rates[np.unique(arrays.line, return_index=True)[1]]
    own = scan._replace(segments=scan.segments.copy())  # several threads read a scan, each with a pattern of costs
    joints.price(own.segments, own.weights, aims, pattern)
    out = np.empty((len(own.offsets) - 1, len(costs), joints.TOTALS))
    joints.at_every_cost(own, Trades(aims, np.outer(costs, pattern), costs), swept.yardstick, out)
    out[..., joints.FREE] /= arrays.keep(settings) ** (len(arrays.closes) - 1)
    return out


def _alone(swept: Swept, policy: Policy, places: Ints, out: Floats) -> None:
    """Fills ``out`` (c, TOTALS): one policy at every cost, each by the kernel."""
    from keel.backtest.sweep import costs as joints

    window, book, settings = swept.scenario.window, swept.scenario.book, swept.family.settings
    lag, yardstick = swept.arrays.lag(settings), swept.yardstick
    free = simulate(window, book, policy, costless(settings), lag).wealth
    for row, c in enumerate(places.tolist()):
        try:
            path = simulate(window, book, policy, with_cost(settings, swept.cost, c), lag)
        except PortfolioDepletedError:
            out[row] = np.nan
            continue
        joints.measure(path.wealth, yardstick, out[row])
        out[row, joints.FREE] = free[-1] / free[0]
        out[row, joints.W_TURNOVER], out[row, joints.REBALANCES] = path.turnover.sum(), len(path.sessions)
