"""What goes into the compiled parts of a sweep and what comes out, by name: n sessions, k instruments, m leaves."""

from __future__ import annotations

from typing import NamedTuple

from keel.domain.arrays import Floats, Ints, Mask


class Course(NamedTuple):
    """What a scan runs over: ``closes`` (n, k), instruments in the order of leaves; ``days`` and ``looks`` (n,)."""

    closes: Floats
    days: Ints
    looks: Mask


class Yardstick(NamedTuple):
    """What a session's return is measured from: ``reference`` (n,) returns of the targets, the ``hurdle`` without risk.

    ``shift`` is taken from returns before they are summed, so that the sum of squares loses no digits.
    """

    reference: Floats
    shift: float
    hurdle: float


class HalfWidths(NamedTuple):
    """The band of width x: x / ``inverse``, at least ``floor`` and at most ``cap``, each (2, m) for below and above.

    ``ends`` (m,) says where each leaf's instruments end; ``plain``: no floor or cap holds, no inverse is infinite and
    every leaf is one instrument.
    """

    ends: Ints
    targets: Floats
    inverse: Floats
    floor: Floats
    cap: Floats
    plain: bool


class Timing(NamedTuple):
    """When a policy may act: ``lag`` sessions, ``cooldown`` days; ``always``: at each look (a calendar)."""

    lag: int
    cooldown: int
    always: bool


class Scan(NamedTuple):
    """The segments of some widths and how they follow each other.

    ``segments`` (g, …), their columns named in ``keel.backtest.sweep.segments``; ``records`` (r, 2) new highs and the
    lowest growth before each; ``weights`` (g, k) at the trade. The segments of width j are
    ``chain[offsets[j] : offsets[j + 1]]`` in time order. ``idle``: a trade of nothing met a cooldown, whose effect is
    not followed.
    """

    segments: Floats
    records: Floats
    weights: Floats
    offsets: Ints
    chain: Ints
    idle: bool


class Trades(NamedTuple):
    """What is traded between segments and what that costs.

    ``goals`` (1, k) of all trades, or (e, k) one for each segment that ends with a trade; ``rates`` (c, k) of each
    instrument at every cost; ``costs`` (c,) the multiples of the pattern that ``price`` took.
    """

    goals: Floats
    rates: Floats
    costs: Floats
