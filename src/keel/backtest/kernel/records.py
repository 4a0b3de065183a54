"""What goes into a compiled simulation and what comes out, by name: n sessions, k instruments, m leaves, u order lines.

Named tuples, because compiled code reads them as it reads its arguments: a call costs 3 µs more than one with 26 bare
values, and the loop over sessions nothing.
"""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

from keel.domain.arrays import Floats, Ints, Mask

NONE = -1  # no session


class Trigger(IntEnum):
    """What makes a policy act at a look; ``tracking`` is the band that is a tracking error."""

    never = 0
    calendar = 1
    band = 2
    tracking = 3


class Market(NamedTuple):
    """What can be bought: ``closes`` (n, k) and ``days`` (n,), calendar day numbers.

    ``returns`` (n, m) of the leaves times √periods per year, for the trigger ``tracking``; else it has no rows.
    """

    closes: Floats
    days: Ints
    returns: Floats


class Book(NamedTuple):
    """What is aimed at: ``targets`` (m,) and ``frozen`` (m,); ``leaf`` and ``shares`` (k,) of each instrument.

    ``line`` (k,): equal numbers are one instrument, whose orders are netted.
    """

    targets: Floats
    frozen: Mask
    leaf: Ints
    shares: Floats
    line: Ints


class Rule(NamedTuple):
    """When a policy acts, and how.

    ``trigger`` is a number of ``Trigger``; ``looks`` (n,); ``below`` and ``above`` (m,) are the half-widths; ``limit``
    is the tracking error a year beyond which ``tracking`` acts; ``lag`` sessions lie between decision and fill,
    ``cooldown`` days between a fill and the next decision.
    """

    trigger: int
    looks: Mask
    below: Floats
    above: Floats
    limit: float
    whole_book: bool
    destination: float
    lag: int
    cooldown: int


class Costs(NamedTuple):
    """What trading costs: ``rates`` (k,) fractions of traded value, ``fees`` (k,) fixed, of an order.

    ``fees`` and ``min_trade``, the smallest order, are fractions of initial wealth; ``initial`` charges the first
    purchase; ``keep`` is what a session's advisory fee leaves.
    """

    rates: Floats
    fees: Floats
    min_trade: float
    initial: bool
    keep: float


class Flows(NamedTuple):
    """Money in or out at each close (n,), fractions of initial wealth, or no rows; ``steer`` leads it to targets."""

    amounts: Floats
    steer: bool


class Walk(NamedTuple):
    """What happened to one policy.

    ``value`` (n,) after trading, NaN from the session on whose withdrawal took everything; ``values`` (n, k) of the
    instruments at each close, after its flow and before trading; ``traded`` (f, k) what the f flows that are not 0
    bought or sold. Of as many ``rebalances``: the sessions ``filled`` and ``decided``, ``turnover``, ``cost`` and the
    instruments' ``goals`` (…, k); rows beyond are not written. ``pending`` the session of a decision without a fill
    and its ``pending_goal`` (k,); ``depleted`` the session that took everything; NONE without one.
    """

    value: Floats
    values: Floats
    traded: Floats
    rebalances: int
    filled: Ints
    decided: Ints
    turnover: Floats
    cost: Floats
    goals: Floats
    pending: int
    pending_goal: Floats
    depleted: int


class Instruments(NamedTuple):
    """What stays the same of each instrument (k,): its target, whether it keeps its quantity, its cost."""

    targets: Floats
    still: Mask
    costs: Floats


class Holdings(NamedTuple):
    """What is held of each instrument (k,), written in place."""

    quantity: Floats
    value: Floats


class Lines(NamedTuple):
    """Orders: the ``line`` (k,) of each instrument; ``costs`` and ``fees`` (u,) of each line.

    ``fees`` and ``min_trade``, the smallest order, are in the unit of wealth. ``goal`` and ``weight`` (u,) are scratch.
    """

    line: Ints
    costs: Floats
    fees: Floats
    min_trade: float
    goal: Floats
    weight: Floats


class Trailing(NamedTuple):
    """The ``sums`` (m,) and ``products`` (m, m; upper triangle) of the last 252 returns of the leaves."""

    sums: Floats
    products: Floats
