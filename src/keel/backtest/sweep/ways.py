"""How much of a sweep's work policies can share, and the work itself: what each policy's path comes to.

``shared``: one scan of the prices serves every width, one walk every cost. ``walked``: weights depend on the policy
alone, so the kernel walks it once and the costs are applied to its trades. ``plain``: a fixed fee, a smallest trade or
tranches tie the path to the money in it, so each policy and cost runs by itself.
"""

from __future__ import annotations

from dataclasses import fields, replace
from enum import Enum
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from keel.backtest.path import costs_of, simulate
from keel.backtest.run import costless
from keel.backtest.sweep.arrays import Study, closes_after_fee, looks, rooms, track
from keel.domain.arrays import Floats, Ints
from keel.domain.policy.kinds import TRIGGERS, Absolute, Relative
from keel.domain.policy.records import (
    Policy,
    RunSettings,
    Scope,
    scope_of,
)
from keel.domain.study.families import Family
from keel.domain.study.grid import Axis
from keel.errors import PortfolioDepletedError
from keel.units import from_bps

if TYPE_CHECKING:
    from keel.backtest.sweep.segments import Scan

# What the segments know how to follow. A field that is none of these and not at its default runs by itself.
_POLICY = {"trigger", "look", "offset", "band", "destination", "scope", "cooldown_days", "tranches"}
_SETTINGS = {"lag", "cost_bps", "charge_initial", "initial_value", "annual_fee_bps", "risk_free"}
_BOOK = {"paths", "labels", "targets", "symbols", "leaf", "shares", "bands", "gaps"}
_BANDS = {"absolute", "relative", "five_twenty_five", "hybrid", "corridor"}
ONE_IN_BPS = 10_000.0


class Way(Enum):
    """How a family runs."""

    shared = "shared"
    walked = "walked"
    plain = "plain"


def way(study: Study, policy: Policy, settings: RunSettings) -> Way:
    """The most shared way that is exact."""
    never = not TRIGGERS[policy.trigger].looks
    alone = policy.tranches > 1 and not never
    known = _at_default(policy, _POLICY) and _at_default(settings, _SETTINGS) and _at_default(study.book, _BOOK)
    bands = (policy.band, *study.book.bands)
    if alone or not known or any(band is not None and band.kind not in _BANDS for band in bands):
        return Way.plain
    return Way.shared if never or scope_of(policy) is Scope.whole_book else Way.walked


def _at_default(record: Any, known: set[str]) -> bool:
    return all(f.name in known or getattr(record, f.name) == f.default for f in fields(record))


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


def walked(study: Study, family: Family, width: Axis | None, cost: Axis | None, ws: Ints, cs: Ints) -> Floats:
    """What the policies at the widths ``ws`` (w,) and costs ``cs`` (c,) come to: (w, c, WALKED) of ``joints``.

    NaN throughout where costs take the whole portfolio.
    """
    from keel.backtest.sweep.costs import WALKED

    chosen = way(study, family.policy, family.settings)
    if chosen is Way.shared:
        found = _scanned(study, family, width, tuple(ws.tolist()))
        if found is not None:
            chain, back = found
            return _priced(study, family, cost, cs, chain, None)[back]
    out = np.empty((len(ws), len(cs), WALKED))
    for row, w in enumerate(ws.tolist()):
        policy = with_width(family.policy, width, w)
        if chosen is Way.walked:
            chain, goals = _cut(study, policy, family.settings)
            out[row] = _priced(study, family, cost, cs, chain, goals)[0]
        else:
            _alone(study, policy, family.settings, cost, cs, out[row])
    return out


@lru_cache(maxsize=8)
def _scanned(study: Study, family: Family, width: Axis | None, ws: tuple[int, ...]) -> tuple[Scan, Ints] | None:
    """The segments of all widths (kept, because batches of costs ask again), and where each width is among them.

    None when a trade of nothing would have met a cooldown: then the policies run by themselves.
    """
    from keel.backtest.sweep import segments

    one, policy, settings = track(study), family.policy, family.settings
    values = np.zeros(1) if width is None else fractions(width, np.array(ws))
    field = "" if width is None else width.name.partition(".")[2]
    if width is None and isinstance(policy.band, Absolute | Relative):
        field, values = "width_bps", np.array([from_bps(policy.band.width_bps)])
    unique, back = np.unique(values, return_inverse=True)
    mask = looks(study, policy.look, policy.offset)
    scan = segments.scan(
        (
            closes_after_fee(one, one.keep(settings)),
            one.days,
            np.zeros_like(mask) if not TRIGGERS[policy.trigger].looks else mask,
            one.reference,
            one.shift,
            one.hurdle(settings),
        ),
        one.goal,
        rooms(one, policy, field),
        one.lag(settings),
        policy.cooldown_days,
        not TRIGGERS[policy.trigger].banded,
        unique,
    )
    return None if scan[-1] else (scan, back.reshape(-1))


def forget() -> None:
    """Lets go of what was kept between batches."""
    _scanned.cache_clear()


def fractions(axis: Axis, places: Ints) -> Floats:
    """The values at those places of an axis of basis points, as fractions."""
    return np.asarray(axis.values, dtype=np.float64)[places] / ONE_IN_BPS


def _cut(study: Study, policy: Policy, settings: RunSettings) -> tuple[Scan, Floats]:
    """The segments of one path, and the goals of its trades."""
    from keel.backtest.sweep import segments

    one = track(study)
    free = replace(costless(settings), annual_fee_bps=settings.annual_fee_bps)
    path = simulate(study.window, study.book, policy, free, one.lag(settings))
    values, goals = by_line(path.values, one.line), by_line(path.goals, one.line)
    found = segments.cut(path.wealth, values, path.sessions, goals, one.reference, one.shift, one.hurdle(settings))
    return found, goals if len(goals) else values[:1]


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


def _priced(study: Study, family: Family, cost: Axis | None, cs: Ints, chain: Scan, goals: Floats | None) -> Floats:
    """The chains (w, …) at every cost ``cs``: (w, c, WALKED)."""
    from keel.backtest.sweep import costs as joints

    one, settings = track(study), family.settings
    costs = np.ones(1) if cost is None else fractions(cost, cs)
    rates = costs_of(study.book, settings if cost is None else replace(settings, cost_bps=ONE_IN_BPS))
    segments, records, weights, offsets, links, _ = chain
    if goals is None:
        aims, pattern = one.goal[None], rates[one.order]
    else:
        aims, pattern = goals, rates[np.unique(one.line, return_index=True)[1]]
    segments = segments.copy()  # a kept scan is read by several threads, each with its own pattern of costs
    joints.price(segments, weights, aims, pattern)
    out = np.empty((len(offsets) - 1, len(costs), joints.WALKED))
    joints.walk(
        segments, records, weights, offsets, links, aims, np.outer(costs, pattern), costs,
        one.shift, one.hurdle(settings), out,
    )  # fmt: skip
    out[..., joints.FREE] /= one.keep(settings) ** (len(one.closes) - 1)
    return out


def _alone(study: Study, policy: Policy, settings: RunSettings, cost: Axis | None, cs: Ints, out: Floats) -> None:
    """One policy at every cost, each by the kernel; ``out`` (c, WALKED) is filled."""
    from keel.backtest.sweep import costs as joints

    one = track(study)
    lag, hurdle = one.lag(settings), one.hurdle(settings)
    free = simulate(study.window, study.book, policy, costless(settings), lag).wealth
    for row, c in enumerate(cs.tolist()):
        try:
            path = simulate(study.window, study.book, policy, with_cost(settings, cost, c), lag)
        except PortfolioDepletedError:
            out[row] = np.nan
            continue
        joints.measure(path.wealth, one.reference, one.shift, hurdle, out[row])
        out[row, joints.FREE] = free[-1] / free[0]
        out[row, joints.W_TURNOVER], out[row, joints.REBALANCES] = path.turnover.sum(), len(path.sessions)
