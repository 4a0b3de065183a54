"""The trades of one account to where a policy wants it, cut down by limits in their order."""

from __future__ import annotations

import numpy as np

from keel.domain.arrays import Floats, Mask
from keel.domain.drift.goal import holding_trades, leaf_goal, still_leaves
from keel.domain.drift.held import by_leaf
from keel.domain.drift.measure import leaf_widths
from keel.domain.market.prices import CASH
from keel.domain.plan.deposits.rules import Amount, Rule, purchases
from keel.domain.plan.limits import Limits, edited, ratio, settle
from keel.domain.plan.outcome import Traded
from keel.domain.plan.tradable import Tradable
from keel.domain.policy.destination import edges, place_residual
from keel.domain.policy.records import Policy, at_every_look
from keel.units import WEIGHT_TOLERANCE, pct


def aims(lines: Tradable, policy: Policy) -> Floats:
    """The value each product of the book (k,) is wanted to have in its bucket.

    A policy that acts trades to its destination; one with every leaf in band places idle cash only, and sells nothing.
    """
    book, held = lines.book, lines.held
    goal, needed = leaf_goal(book, held, policy)
    if needed or at_every_look(policy):
        return held.value + holding_trades(book, held, goal, policy)
    return held.value + _placed(lines, _with_idle_cash(lines, goal, policy))


def _with_idle_cash(lines: Tradable, weights: Floats, policy: Policy) -> Floats:
    """The leaf weights (m,) with idle cash placed as a policy places what is left over; what is frozen stays."""
    book, held = lines.book, lines.held
    stuck = held.stuck_outside + held.frozen_cash
    below, above = leaf_widths(book, policy)
    lower, upper = edges(book.targets, below, above)
    outside = np.array([max(held.strange - held.stuck_outside, 0.0) + stuck]) / held.total
    goal, none = np.append(weights, outside), np.append(still_leaves(book, held), True)
    placed = place_residual(
        goal,
        np.append(book.targets, 0.0),
        np.append(lower, 0.0),
        np.append(upper, 0.0),
        np.zeros(len(goal), dtype=np.bool_),
        np.asarray(none, dtype=np.bool_),
    )
    return np.maximum(placed[:-1], weights)


def _placed(lines: Tradable, goal: Floats) -> Floats:
    """What each product (k,) gets of the money its leaf gets: what is furthest below its share first."""
    book, held = lines.book, lines.held
    money = np.maximum(goal * held.total - by_leaf(book, held.value), 0.0)
    bought = np.zeros(len(book.symbols))
    for leaf in np.flatnonzero(money > 0.0).tolist():
        mine = book.leaf == leaf
        total = float(held.value[mine].sum() + money[leaf])
        of = Amount(held.value[mine], book.shares[mine], total, _may_grow(lines)[mine])
        bought[mine] = purchases(of, float(money[leaf]), Rule.relative_waterfill)
    return bought


def _may_grow(lines: Tradable) -> Mask:
    """The products of the book (k,) that may be bought in some account."""
    buyable = {s for s, may in zip(lines.symbols, lines.buy, strict=True) if may} | {CASH}
    return np.array([s in buyable for s in lines.book.symbols], dtype=np.bool_)


def wanted_trades(lines: Tradable, wanted: Floats) -> Floats:
    """The trade of each line (n,) of a single account that brings every product to its aim, signed."""
    needs: dict[str, float] = {}
    for symbol, aim, value in zip(lines.book.symbols, wanted, lines.held.value, strict=True):
        needs[symbol] = needs.get(symbol, 0.0) + float(aim - value)
    for symbol, stake in lines.held.outside.items():
        needs[symbol] = stake.frozen - stake.value
    return np.array([needs.get(symbol, 0.0) for symbol in lines.symbols])


def reserve(lines: Tradable, wanted: Floats) -> float:
    """The cash that stays because a bucket asks for it."""
    return float(sum(v for symbol, v in zip(lines.book.symbols, wanted, strict=True) if symbol == CASH))


def trades(lines: Tradable, policy: Policy, limits: Limits) -> Traded:
    """The trades of one account, cut down by every limit in its order.

    What is held; what may not be bought or sold; turnover, one factor on all sales; the gain that may be realised, the
    dearest sales first; then funding, one factor on all purchases; whole shares; the smallest order.
    """
    wanted = aims(lines, policy)
    trade = wanted_trades(lines, wanted)
    fixed = edited(lines, limits)
    trade = np.where(np.isfinite(fixed), fixed, trade)
    mine = np.isfinite(fixed)
    first_sells, first_buys = np.maximum(-trade, 0.0), np.maximum(trade, 0.0)
    held = np.minimum(first_sells, lines.value)
    sells, buys = np.where(lines.sell | mine, held, 0.0), np.where(lines.buy | mine, first_buys, 0.0)
    keep = max(reserve(lines, wanted) - _kept_back(lines), 0.0)
    turnover = _turnover_factor(lines, sells, buys, mine, limits, keep)
    turned = np.where(mine, sells, sells * turnover)
    settled = settle(lines, turned, buys, limits, np.array([keep]), lines.value + trade)
    factors = {
        "held": ratio(held.sum(), first_sells.sum()),
        "no_sell": ratio(sells.sum(), held.sum()),
        "no_buy": ratio(buys.sum(), first_buys.sum()),
        "turnover": turnover,
        **settled.factors,
    }
    value = settled.buys - settled.sells
    return Traded(value, wanted, np.zeros(1), factors, (*settled.notes, *_beyond_turnover(lines, value, limits)))


def _beyond_turnover(lines: Tradable, value: Floats, limits: Limits) -> tuple[str, ...]:
    """That idle cash alone turns over more than the limit, which is one on sales."""
    traded = 0.5 * float(np.abs(value).sum()) / lines.held.total
    if limits.max_turnover is None or traded <= limits.max_turnover + WEIGHT_TOLERANCE:
        return ()
    return (f"Placing the idle cash alone turns over {pct(traded)}: the limit cuts sales, not what cash buys.",)


def _kept_back(lines: Tradable) -> float:
    """The cash of the book that may not be spent, so that nothing more need be kept for the bucket it is in."""
    held = sum(v for symbol, v in zip(lines.book.symbols, lines.held.value, strict=True) if symbol == CASH)
    return max(float(held) + lines.held.idle - float(lines.cash.sum()), 0.0)


def _turnover_factor(lines: Tradable, sells: Floats, buys: Floats, mine: Mask, limits: Limits, keep: float) -> float:
    """One factor on all sales with which half of everything traded is at most the limit.

    Idle cash is spent in any case. What is sold buys as much as it brings beyond what stays in cash, and idle cash
    beside it: S + max(0, min(B, S + cash)) is at most 2·limit where S is at most that, and at most the larger of
    limit − cash/2 and 2·limit − B.
    """
    if limits.max_turnover is None:
        return 1.0
    most, cash = 2.0 * limits.max_turnover * lines.held.total, float(lines.cash.sum()) - keep
    set_sells = float(sells[mine].sum())
    free = float(sells[~mine].sum())
    allowed = min(most, max((most - cash) / 2.0, most - float(buys.sum()))) - set_sells
    return min(1.0, max(allowed, 0.0) / free) if free > 0.0 else 1.0
