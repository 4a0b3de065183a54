"""Shared segments: many policies walked at once, because a path from target depends only on where it starts.

After a rebalance to target at session s the drift depends on s and the targets alone, not on wealth, cost or what came
before. So one forward scan from s finds the session at which each band width trades next (``scan``), every stretch
between two trades is kept once with the sums its metrics need, and any number of costs is applied to the joints
(``sweep.costs``). Weights never depend on a cost in proportion to what is traded, so a path the plain kernel walked
once without cost is cut into segments as well (``cut``).

Import this module only when a sweep is about to run: numba takes over a second to load.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from keel.backtest.kernel.compiled import compiled, reassociated
from keel.backtest.sweep.records import Course, HalfWidths, Scan, Timing, Yardstick
from keel.domain.arrays import Floats, Ints
from keel.units import BREACH_TOLERANCE, TRADE_TOLERANCE

# Columns of a segment from session s to its trade at session e; growth is relative to the value at s.
EXPECTED, GROWTH, BEFORE = 0, 1, 2  # the reference's return at e; growth at e before trading; at the session before
SUM, SQUARES = 3, 4  # of returns less ``shift``, inside the segment (s, e)
SHORTFALL, ACTIVE_SQUARES = 5, 6  # squares of negative excess returns, and of returns less the reference's, inside
PEAK, LOW, DEEPEST = 7, 8, 9  # highest (at least 1) and lowest growth inside; lowest part of an earlier peak inside
FIRST_RECORD, LAST_RECORD = 10, 11  # its new highs among the records
TURNOVER, OPEN = 12, 13  # of the trade; 1 when the window ends before one
HELD, WANTED, LIMIT = 14, 15, 16  # of the trade's cost: see keel.backtest.sweep.costs
COLUMNS = 17

SEGMENTS, RECORDS, LINKS = 0, 1, 2  # how many there are so far, in ``counts``


class _Policies(NamedTuple):
    """What is scanned: policies that differ in their width only, ascending."""

    goal: Floats
    half_widths: HalfWidths
    timing: Timing
    widths: Floats


class _Tables(NamedTuple):
    """A scan as it is written, with room to spare; ``links`` (c, 2) width and segment; ``counts`` how much is used."""

    segments: Floats
    records: Floats
    weights: Floats
    links: Ints
    counts: Ints


class _Waiting(NamedTuple):
    """Which widths start a segment at a session: ``first`` (n,) of them, and the one after each, ``following`` (w,)."""

    first: Ints
    following: Ints


class _Inside(NamedTuple):
    """What the sessions inside a segment have come to so far, column by column; ``first`` is its FIRST_RECORD.

    Numbers, which stay in registers; a row of a table, written to at every session, takes half as long again.
    """

    before: float
    sum: float
    squares: float
    shortfall: float
    active: float
    peak: float
    low: float
    deepest: float
    first: int


class _Scratch(NamedTuple):
    """Room for one forward scan: ``here`` and ``decided`` (w,); ``work`` (2, k), unit and value of each instrument.

    One table for both: whether sums use vector registers hangs on how far apart the two lie, so apart they would be
    summed in an order that the allocator decides, and the last bits of a sweep would change from run to run.
    """

    here: Ints
    decided: Ints
    work: Floats


@compiled
def scan(
    course: Course, yardstick: Yardstick, goal: Floats, half_widths: HalfWidths, timing: Timing, widths: Floats
) -> Scan:
    """The segments of every width (w,), ascending, at once; ``goal`` (k,) instrument targets."""
    n, k = course.closes.shape
    w = len(widths)
    policies = _Policies(goal, half_widths, timing, widths)
    waiting = _Waiting(np.full(n, -1, np.int64), np.full(w, -1, np.int64))
    for j in range(w - 1, -1, -1):
        waiting.following[j] = waiting.first[0]
        waiting.first[0] = j
    tables, idle = _empty(k), False
    scratch = _Scratch(np.empty(w, np.int64), np.empty(w, np.int64), np.empty((2, k)))
    # A session is the start of a segment only if some width traded there, and all that did share its forward scan.
    for s in range(n - 1):
        if waiting.first[s] < 0:
            continue
        count, j = 0, waiting.first[s]
        while j >= 0:
            scratch.here[count] = j
            count += 1
            j = waiting.following[j]
        tables = _with_room(tables, count, n)  # here, so that no table moves while a scan writes to it
        still = _from_start(s, np.sort(scratch.here[:count]), course, yardstick, policies, tables, waiting, scratch)
        idle = idle or still
    counts = tables.counts
    offsets, chain = _chains(tables.links[: counts[LINKS]], w)
    made = counts[SEGMENTS]
    records = tables.records[: counts[RECORDS]].copy()
    return Scan(tables.segments[:made].copy(), records, tables.weights[:made].copy(), offsets, chain, idle)


@compiled
def _from_start(
    s: int,
    here: Ints,
    course: Course,
    yardstick: Yardstick,
    policies: _Policies,
    tables: _Tables,
    waiting: _Waiting,
    scratch: _Scratch,
) -> bool:
    """One forward scan from session s, where the widths ``here`` sit, until each has traded or the window ends."""
    # Out of the records once: reading an array from one counts a reference, which the loop over sessions would feel.
    closes, days, looks = course.closes, course.days, course.looks
    reference, shift, hurdle = yardstick.reference, yardstick.shift, yardstick.hurdle
    goal, half_widths, widths = policies.goal, policies.half_widths, policies.widths
    lag, cooldown, always = policies.timing.lag, policies.timing.cooldown, policies.timing.always
    targets, plain, below, above = (
        half_widths.targets,
        half_widths.plain,
        half_widths.inverse[0],
        half_widths.inverse[1],
    )
    records, counts, decided = tables.records, tables.counts, scratch.decided
    unit, value = scratch.work[0], scratch.work[1]
    _divide(goal, closes[s], unit)
    n, count, inside = len(closes), len(here), _fresh(counts[RECORDS])
    due, filled, idle = 0, 0, False  # widths that have decided, widths that have traded
    if always and lag > 0 and s > 0 and looks[s] and cooldown == 0:  # the close of a fill is itself a look
        decided[:count] = s
        due = count
    open_from = days[s] + (cooldown if s > 0 else 0)
    for t in range(s + 1, n):
        total = _grow(unit, closes[t], value)
        if due < count and looks[t] and days[t] >= open_from:
            reach = np.inf
            if plain:
                reach = _plain_reach(value, total, targets, below, above)
            elif not always:
                reach = _reach(value, total, half_widths)
            # Widths ascend, so those in breach are the first of the rest: one number decides for all of them.
            while due < count and reach > widths[here[due]]:
                decided[due] = t
                due += 1
        if filled < due and decided[filled] + lag == t and t < n - 1:
            first = filled
            while filled < due and decided[filled] + lag == t:
                j = here[filled]
                waiting.following[j] = waiting.first[t]
                waiting.first[t] = j
                filled += 1
            _keep(inside, reference[t], total, value, goal, here[first:filled], tables)
            idle = idle or (cooldown > 0 and tables.segments[counts[SEGMENTS] - 1, TURNOVER] <= TRADE_TOLERANCE)
            if filled == count:
                return idle
        # The session lies inside the segments of the widths that are still waiting.
        inside = _longer(inside, total, reference[t], shift, hurdle, records, counts)
    _keep_open(inside, value, here[filled:], tables)
    return idle


@compiled
def cut(wealth: Floats, values: Floats, sessions: Ints, goals: Floats, yardstick: Yardstick) -> Scan:
    """The segments of one path that was walked without cost, as a scan of a single width.

    ``wealth`` (n,); ``values`` (n, k) at each close before trading; ``sessions`` (e,) of its trades to ``goals``
    (e, k), which the costs then need.
    """
    n, k = values.shape
    e = len(sessions)
    reference, shift, hurdle = yardstick.reference, yardstick.shift, yardstick.hurdle
    records, counts = np.empty((n, 2)), np.zeros(3, np.int64)
    tables = _Tables(np.empty((e + 1, COLUMNS)), records, np.empty((e + 1, k)), np.empty((e + 1, 2), np.int64), counts)
    start, event, only = 0, 0, np.zeros(1, np.int64)
    inside = _fresh(0)
    for t in range(1, n):
        total = wealth[t] / wealth[start]
        if event < e and sessions[event] == t:
            _keep(inside, reference[t], total, values[t], goals[event], only, tables)
            start, event = t, event + 1
            inside = _fresh(counts[RECORDS])
        else:
            inside = _longer(inside, total, reference[t], shift, hurdle, records, counts)
    _keep_open(inside, values[n - 1], only, tables)
    kept = records[: counts[RECORDS]].copy()
    return Scan(tables.segments, kept, tables.weights, np.array([0, e + 1]), np.arange(e + 1), False)


@compiled
def _empty(k: int) -> _Tables:
    segments, records, weights = np.empty((1024, COLUMNS)), np.empty((4096, 2)), np.empty((1024, k))
    return _Tables(segments, records, weights, np.empty((8192, 2), np.int64), np.zeros(3, np.int64))


@compiled
def _with_room(tables: _Tables, count: int, sessions: int) -> _Tables:
    """The tables with room for one more forward scan: a segment a width, at most a record a session."""
    counts = tables.counts
    return _Tables(
        _grown(tables.segments, counts[SEGMENTS] + count),
        _grown(tables.records, counts[RECORDS] + sessions),
        _grown(tables.weights, counts[SEGMENTS] + count),
        _grown_links(tables.links, counts[LINKS] + count),
        counts,
    )


@compiled
def _fresh(record: int) -> _Inside:
    """A segment that has just begun; its first new high will be the record of that number."""
    return _Inside(1.0, 0.0, 0.0, 0.0, 0.0, 1.0, np.inf, 1.0, record)


@reassociated
def _divide(goal: Floats, closes: Floats, unit: Floats) -> None:
    for i in range(len(goal)):
        unit[i] = goal[i] / closes[i]


@reassociated
def _grow(unit: Floats, closes: Floats, value: Floats) -> float:
    """The sum of the values of all instruments, which are written in place."""
    total = 0.0
    for i in range(len(unit)):
        value[i] = unit[i] * closes[i]
        total += value[i]
    return total


@compiled
def _reach(value: Floats, total: float, half_widths: HalfWidths) -> float:
    """The width up to which this close is a breach: a band of width x is in breach when x is less.

    A breach is a drift beyond x / inverse, so the x that would just hold it is drift × inverse; beyond the cap no
    width holds it, within the floor every one does.
    """
    ends, targets, inverse = half_widths.ends, half_widths.targets, half_widths.inverse
    floor, cap = half_widths.floor, half_widths.cap
    reach, first = -np.inf, 0
    for j in range(len(targets)):
        held = 0.0
        for i in range(first, ends[j]):
            held += value[i]
        first = ends[j]
        drift = held / total - targets[j]
        side = 1 if drift > 0.0 else 0
        distance = abs(drift) - BREACH_TOLERANCE
        if distance > cap[side, j]:
            return np.inf
        if distance > floor[side, j] and distance * inverse[side, j] > reach:
            reach = distance * inverse[side, j]
    return reach


@reassociated
def _plain_reach(value: Floats, total: float, targets: Floats, below: Floats, above: Floats) -> float:
    """``_reach`` of a plain band: no branch, so it uses vector registers."""
    reach, part = -1.0, 1.0 / total
    for i in range(len(targets)):
        drift = value[i] * part - targets[i]
        over, under = (drift - BREACH_TOLERANCE) * above[i], (-drift - BREACH_TOLERANCE) * below[i]
        reach = over if over > reach else reach
        reach = under if under > reach else reach
    return reach


@compiled
def _longer(
    inside: _Inside, total: float, reference: float, shift: float, hurdle: float, records: Floats, counts: Ints
) -> _Inside:
    """The segment with one more session inside: its return in the sums, and a record written if it is a new high.

    The records are all that a drawdown needs of a segment that is entered below an earlier peak: until growth exceeds
    that peak the lowest growth counts from it, and after it from the segment's own highs.
    """
    change = total / inside.before - 1.0
    own, active, below = change - shift, change - reference, min(change - hurdle, 0.0)
    peak, deepest = inside.peak, inside.deepest
    if total > peak:
        r = counts[RECORDS]
        records[r, 0], records[r, 1] = total, inside.low
        peak = total
        counts[RECORDS] = r + 1
    elif total < deepest * peak:
        deepest = total / peak
    return _Inside(
        total,
        inside.sum + own,
        inside.squares + own * own,
        inside.shortfall + below * below,
        inside.active + active * active,
        peak,
        min(inside.low, total),
        deepest,
        inside.first,
    )


@compiled
def _keep(
    inside: _Inside, expected: float, growth: float, value: Floats, goal: Floats, widths: Ints, tables: _Tables
) -> None:
    """Writes the segment that ends now with a trade to ``goal`` into the chain of ``widths``."""
    weights, g = tables.weights, tables.counts[SEGMENTS]
    _write(inside, growth, value, widths, tables)
    turnover = 0.0
    for i in range(len(goal)):
        turnover += 0.5 * abs(goal[i] - weights[g, i])
    row = tables.segments[g]
    row[EXPECTED], row[TURNOVER], row[OPEN] = expected, turnover, 0.0


@compiled
def _keep_open(inside: _Inside, value: Floats, widths: Ints, tables: _Tables) -> None:
    """Writes the segment that ends with the window."""
    row = tables.segments[tables.counts[SEGMENTS]]
    _write(inside, inside.before, value, widths, tables)
    row[EXPECTED], row[TURNOVER], row[OPEN] = 0.0, 0.0, 1.0


@compiled
def _write(inside: _Inside, growth: float, value: Floats, widths: Ints, tables: _Tables) -> None:
    """Writes what a segment is, however it ends."""
    segments, weights, links, counts = tables.segments, tables.weights, tables.links, tables.counts
    g, c = counts[SEGMENTS], counts[LINKS]
    row, total = segments[g], value.sum()
    row[GROWTH], row[BEFORE], row[SUM], row[SQUARES] = growth, inside.before, inside.sum, inside.squares
    row[SHORTFALL], row[ACTIVE_SQUARES] = inside.shortfall, inside.active
    row[PEAK], row[LOW], row[DEEPEST] = inside.peak, inside.low, inside.deepest
    row[FIRST_RECORD], row[LAST_RECORD] = inside.first, counts[RECORDS]
    for i in range(len(value)):
        weights[g, i] = value[i] / total
    for i in range(len(widths)):
        links[c + i, 0], links[c + i, 1] = widths[i], g
    counts[SEGMENTS], counts[LINKS] = g + 1, c + len(widths)


@compiled
def _chains(links: Ints, w: int) -> tuple[Ints, Ints]:
    """The segments in the order of their widths, and where each width's begin."""
    offsets = np.zeros(w + 1, np.int64)
    for i in range(len(links)):
        offsets[links[i, 0] + 1] += 1
    for j in range(w):
        offsets[j + 1] += offsets[j]
    place, chain = offsets[:w].copy(), np.empty(len(links), np.int64)
    for i in range(len(links)):
        chain[place[links[i, 0]]] = links[i, 1]
        place[links[i, 0]] += 1
    return offsets, chain


@compiled
def _grown(table: Floats, rows: int) -> Floats:
    """``table`` with twice the rows when it has fewer than ``rows``."""
    if rows <= len(table):
        return table
    larger = np.empty((max(rows, 2 * len(table)), table.shape[1]))
    larger[: len(table)] = table
    return larger


@compiled
def _grown_links(table: Ints, rows: int) -> Ints:
    if rows <= len(table):
        return table
    larger = np.empty((max(rows, 2 * len(table)), 2), np.int64)
    larger[: len(table)] = table
    return larger
