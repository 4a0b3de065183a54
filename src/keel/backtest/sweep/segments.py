"""Shared segments: many policies walked at once, because a path from target depends only on where it starts.

After a rebalance to target at session s the drift depends on s and the targets alone, not on wealth, cost or what came
before. So one forward scan from s finds the session at which each band width trades next (``scan``), every stretch
between two trades is kept once with the sums its metrics need, and any number of costs is applied to the joints
(``sweep.costs``). Weights never depend on a cost in proportion to what is traded, so a path the plain kernel walked
once without cost is cut into segments as well (``cut``).

Import this module only when a sweep is about to run: numba takes over a second to load.
"""

from __future__ import annotations

import numpy as np

from keel.backtest.kernel.compiled import compiled, reassociated
from keel.domain.arrays import Floats, Ints, Mask
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

Course = tuple[Floats, Ints, Mask, Floats, float, float]
Band = tuple[Ints, Floats, Floats, Floats, Floats, bool]
Tables = tuple[Floats, Floats, Floats, Ints]
Scan = tuple[Floats, Floats, Floats, Ints, Ints, bool]
SEGMENTS, RECORDS, LINKS = 0, 1, 2  # how many there are so far, in ``counts``


@compiled
def scan(course: Course, goal: Floats, band: Band, lag: int, cooldown: int, always: bool, widths: Floats) -> Scan:
    """The segments of every width at once, and each width's chain of them.

    ``course``: closes (n, k) with the instruments in the order of their leaves, calendar day numbers (n,), looks (n,),
    returns of the targets (n,), the shift taken from returns in sums, and the risk-free return of a session. ``goal``
    (k,) instrument targets. ``band``: where each leaf's instruments end (m,), targets (m,), and for the sides below
    and above (2, m) half-widths of width x: x / ``inverse``, at least ``floor`` and at most ``cap``; ``plain`` when no
    floor or cap holds, no inverse is infinite and every leaf is one instrument. ``always`` acts at each look (a
    calendar); ``widths`` (w,) ascending.

    Returns (segments (g, COLUMNS), records (r, 2) of new highs and the lowest growth before each, weights (g, k) at the
    trade, offsets (w + 1,) and chain: the segments of width j are ``chain[offsets[j] : offsets[j + 1]]`` in time order;
    and whether a trade of nothing met a cooldown, whose effect is not followed).
    """
    n, k = course[0].shape
    w = len(widths)
    first_here, next_here = np.full(n, -1, np.int64), np.full(w, -1, np.int64)
    for j in range(w - 1, -1, -1):
        next_here[j] = first_here[0]
        first_here[0] = j
    segments, records, weights, links = _empty(k)
    counts, idle = np.zeros(3, np.int64), False
    here, decided, work = np.empty(w, np.int64), np.empty(w, np.int64), np.empty((2, k))
    for s in range(n - 1):
        if first_here[s] < 0:
            continue
        count, j = 0, first_here[s]
        while j >= 0:
            here[count] = j
            count += 1
            j = next_here[j]
        # Room is made here, so that no table moves while a scan writes to it.
        segments, weights = _grown(segments, counts[SEGMENTS] + count), _grown(weights, counts[SEGMENTS] + count)
        records = _grown(records, counts[RECORDS] + n)
        links = _grown_links(links, counts[LINKS] + count)
        still = _from_start(
            s, np.sort(here[:count]), course, goal, band, lag, cooldown, always, widths,
            segments, records, weights, links, counts, first_here, next_here, decided, work[0], work[1],
        )  # fmt: skip
        idle = idle or still
    offsets, chain = _chains(links[: counts[LINKS]], w)
    made = counts[SEGMENTS]
    return segments[:made].copy(), records[: counts[RECORDS]].copy(), weights[:made].copy(), offsets, chain, idle


@compiled
def _from_start(
    s: int,
    waiting: Ints,
    course: Course,
    goal: Floats,
    band: Band,
    lag: int,
    cooldown: int,
    always: bool,
    widths: Floats,
    segments: Floats,
    records: Floats,
    weights: Floats,
    links: Ints,
    counts: Ints,
    first_here: Ints,
    next_here: Ints,
    decided: Ints,
    unit: Floats,
    value: Floats,
) -> bool:
    """One forward scan from session s, where the widths ``waiting`` sit, until each has traded or the window ends."""
    closes, days, looks, reference, shift, hurdle = course
    ends, targets, inverse, floor, cap, plain = band
    below, above = inverse[0], inverse[1]
    _divide(goal, closes[s], unit)
    n, count, row = len(closes), len(waiting), _fresh(counts[RECORDS])
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
                reach = _reach(value, total, ends, targets, inverse, floor, cap)
            while due < count and reach > widths[waiting[due]]:
                decided[due] = t
                due += 1
        if filled < due and decided[filled] + lag == t and t < n - 1:
            row[EXPECTED], row[GROWTH] = reference[t], total
            first = filled
            while filled < due and decided[filled] + lag == t:
                j = waiting[filled]
                next_here[j] = first_here[t]
                first_here[t] = j
                filled += 1
            _keep(row, value, goal, waiting[first:filled], segments, weights, links, counts)
            idle = idle or (cooldown > 0 and segments[counts[SEGMENTS] - 1, TURNOVER] <= TRADE_TOLERANCE)
            if filled == count:
                return idle
        # The session lies inside the segments of the widths that are still waiting.
        _inside(row, total, reference[t], shift, hurdle, records, counts)
    row[GROWTH], row[OPEN] = row[BEFORE], 1.0
    _keep(row, value, goal, waiting[filled:], segments, weights, links, counts)
    return idle


@compiled
def cut(
    wealth: Floats, values: Floats, sessions: Ints, goals: Floats, reference: Floats, shift: float, hurdle: float
) -> Scan:
    """The segments of one path that was walked without cost, in the form of ``scan`` with a single width.

    ``wealth`` (n,); ``values`` (n, k) at each close before trading; ``sessions`` (e,) of its trades to ``goals``
    (e, k), which the costs then need.
    """
    n, k = values.shape
    e = len(sessions)
    segments, weights, records = np.empty((e + 1, COLUMNS)), np.empty((e + 1, k)), np.empty((n, 2))
    links, counts = np.empty((e + 1, 2), np.int64), np.zeros(3, np.int64)
    start, event, only = 0, 0, np.zeros(1, np.int64)
    row = _fresh(0)
    for t in range(1, n):
        total = wealth[t] / wealth[start]
        if event < e and sessions[event] == t:
            row[EXPECTED], row[GROWTH] = reference[t], total
            _keep(row, values[t], goals[event], only, segments, weights, links, counts)
            start, event = t, event + 1
            row = _fresh(counts[RECORDS])
        else:
            _inside(row, total, reference[t], shift, hurdle, records, counts)
    row[GROWTH], row[OPEN] = row[BEFORE], 1.0
    _keep(row, values[n - 1], values[n - 1], only, segments, weights, links, counts)
    return segments, records[: counts[RECORDS]].copy(), weights, np.array([0, e + 1]), np.arange(e + 1), False


@compiled
def _empty(k: int) -> Tables:
    return np.empty((1024, COLUMNS)), np.empty((4096, 2)), np.empty((1024, k)), np.empty((8192, 2), np.int64)


@compiled
def _fresh(record: int) -> Floats:
    """A segment that has just begun; its first new high will be the record of that number."""
    row = np.zeros(COLUMNS)
    row[BEFORE], row[PEAK], row[LOW], row[DEEPEST], row[FIRST_RECORD] = 1.0, 1.0, np.inf, 1.0, record
    return row


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
def _reach(
    value: Floats, total: float, ends: Ints, targets: Floats, inverse: Floats, floor: Floats, cap: Floats
) -> float:
    """The width up to which this close is a breach: a band of width x is in breach when x is less."""
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
def _inside(
    row: Floats, total: float, reference: float, shift: float, hurdle: float, records: Floats, counts: Ints
) -> None:
    """One more session inside the segment: its return in the sums, and a record if it is a new high."""
    change = total / row[BEFORE] - 1.0
    row[SUM] += change - shift
    row[SQUARES] += (change - shift) * (change - shift)
    row[ACTIVE_SQUARES] += (change - reference) * (change - reference)
    if change < hurdle:
        row[SHORTFALL] += (change - hurdle) * (change - hurdle)
    row[BEFORE] = total
    if total > row[PEAK]:
        r = counts[RECORDS]
        records[r, 0], records[r, 1] = total, row[LOW]
        row[PEAK] = total
        counts[RECORDS] = r + 1
    elif total < row[DEEPEST] * row[PEAK]:
        row[DEEPEST] = total / row[PEAK]
    row[LOW] = min(row[LOW], total)


@compiled
def _keep(
    row: Floats,
    value: Floats,
    goal: Floats,
    widths: Ints,
    segments: Floats,
    weights: Floats,
    links: Ints,
    counts: Ints,
) -> None:
    """The segment that ends now with a trade back to ``goal`` (or with the window), in the chain of ``widths``."""
    g, c = counts[SEGMENTS], counts[LINKS]
    total = value.sum()
    row[TURNOVER], row[LAST_RECORD] = 0.0, counts[RECORDS]
    for i in range(len(goal)):
        weights[g, i] = value[i] / total
        if row[OPEN] == 0.0:
            row[TURNOVER] += 0.5 * abs(goal[i] - weights[g, i])
    segments[g] = row
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
