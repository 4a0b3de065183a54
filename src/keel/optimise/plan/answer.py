"""The answer to what is asked of a plan: by rule for money, by limits for one account, by programme for several."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import numpy as np

from keel.domain.arrays import Floats, Mask
from keel.domain.drift.held import by_leaf
from keel.domain.drift.measure import judged_against
from keel.domain.plan.ask import Ask
from keel.domain.plan.deposits.placement import Placement, amount_of, deposit
from keel.domain.plan.deposits.products import by_product, products, spanning
from keel.domain.plan.deposits.rules import Amount, Placing, Rule
from keel.domain.plan.deposits.whole_shares import whole
from keel.domain.plan.deposits.withdrawal import idle_used, salable, withdrawal
from keel.domain.plan.fewest import Curve, Step, sentence
from keel.domain.plan.limits import Limits, ratio, settle
from keel.domain.plan.location import Location
from keel.domain.plan.outcome import Outcome, Traded, outcome
from keel.domain.plan.tradable import Tradable, place_of
from keel.domain.plan.trade import aims, trades
from keel.domain.policy.records import Policy, at_every_look
from keel.domain.text import some
from keel.errors import InputError
from keel.optimise.plan.fewest import fewest
from keel.optimise.plan.spanning import WITH_AN_AIM, buying, selling
from keel.optimise.plan.stages import Staged, staged
from keel.optimise.plan.whole_shares import beside_the_best, kept, wishes
from keel.units import amount, pct

TRADES = "to_destination"
BUDGETS = 9
ROUNDING = 1e-6  # of the value
NOTICED = 5e-5  # of the value: total drift is shown to a tenth of a per cent


def answer(lines: Tradable, ask: Ask, policy: Policy, where: Location | None = None) -> Outcome:
    """What the plan comes to. Raises InputError for an account that is not there, or more money than there is."""
    if not lines.held.total + ask.deposit > 0.0:
        raise InputError("The holdings are worth nothing.", hint="Give quantities and prices.", subject="holdings")
    if ask.kind != "trades":
        return _noted(lines, _placed(lines, ask), ask.rule.value)
    traded = trades(lines, policy, ask.limits) if _alone(lines, ask) else _staged(lines, ask, policy, where)
    if ask.limits.max_trades is not None:
        traded = replace(traded, notes=(*traded.notes, *_how_few(lines, ask, policy, traded, where)))
    if judged_against(policy) and not at_every_look(policy):
        traded = replace(
            traded, notes=(*traded.notes, f"The policy has no bands: judged against {judged_against(policy)}.")
        )
    return _noted(lines, traded, TRADES)


def _how_few(lines: Tradable, ask: Ask, policy: Policy, traded: Traded, where: Location | None) -> tuple[str, ...]:
    """How much of the drift the orders that are allowed remove, beside how many there would be."""
    free = answer(lines, replace(ask, limits=replace(ask.limits, max_trades=None)), policy, where)
    few = outcome(lines, traded, TRADES)
    left = (few.drift_before, few.drift_after)
    said = sentence(Curve((Step(0, left[0], 0.0), Step(len(few.orders), left[1], 0.0))), len(free.orders))
    return (said,) if said else ()


def _alone(lines: Tradable, ask: Ask) -> bool:
    return len(lines.accounts) == 1 and ask.limits.max_trades is None


def _placed(lines: Tradable, ask: Ask) -> Traded:
    account = place_of(lines, ask.account) if ask.account else None
    placement = Placement(ask.deposit or ask.withdraw, ask.rule, account, ask.money_held)
    every = products(lines, outside=not ask.deposit)
    compared = ask.limits.whole_shares and not ask.limits.edits  # the best there is would not be a person's
    if not ask.deposit:
        by_sale = selling(lines, every)
        traded = withdrawal(lines, placement, ask.limits, by_sale)
        if compared:
            traded = replace(traded, notes=(*traded.notes, *_beside_the_exact_sale(lines, placement, by_sale, traded)))
        return replace(traded, notes=(*traded.notes, *_across(lines, ask.rule)))
    by_rule = buying(lines, every)
    traded = deposit(lines, placement, ask.limits, by_rule)
    if compared:
        traded = replace(traded, notes=(*traded.notes, *_beside_the_exact(lines, placement, by_rule, traded)))
    return replace(traded, notes=(*traded.notes, *_across(lines, ask.rule)))


def _across(lines: Tradable, rule: Rule) -> tuple[str, ...]:
    """Which products lie in several buckets, where the rule then looks at the buckets."""
    named = spanning(lines)
    if not named or rule not in WITH_AN_AIM:
        return ()
    lie = "lies in several buckets and fills" if len(named) == 1 else "lie in several buckets and fill"
    return (f"{', '.join(named)} {lie} all of them, so that buckets are evened out rather than products.",)


def _beside_the_exact(lines: Tradable, placement: Placement, by_rule: Placing, traded: Traded) -> tuple[str, ...]:
    """How far whole shares bought one at a time are from the best there are, and from the best without rounding."""
    every = products(lines)
    of = amount_of(lines, every, placement)
    wanted = by_rule(of, placement.amount, placement.rule)
    cash = every.cash
    money = placement.amount - float(wanted[cash].sum())
    shares = of.free & (of.targets > 0.0) & (every.prices > 0.0) & ~cash
    if not shares.any() or money <= 0.0:
        return ()
    among = Amount(of.values[shares], of.targets[shares], of.total, of.free[shares])
    rule = Rule.gap_proportional if spanning(lines) else placement.rule
    ask = wishes(among, every.prices[shares], wanted[shares], money, rule)
    bought = by_product(lines, every, traded.value)
    return (beside_the_best(ask, bought[shares], wanted[shares]),)


def _beside_the_exact_sale(lines: Tradable, placement: Placement, by_rule: Placing, traded: Traded) -> tuple[str, ...]:
    """The same of whole shares sold; what no bucket wants goes first, and is no choice."""
    every, of, caps = salable(lines, placement)
    wanted = np.minimum(by_rule(of, placement.amount - idle_used(lines, placement), placement.rule), caps)
    cash = every.cash
    shares = (caps > 0.0) & (of.targets > 0.0) & (every.prices > 0.0) & ~cash
    sold = -by_product(lines, every, traded.value)
    money = placement.amount - idle_used(lines, placement) - float((np.where(cash, wanted, sold))[~shares].sum())
    most = whole(caps[shares], every.prices[shares])
    if not shares.any() or not 0.0 < money <= float(most @ every.prices[shares]):
        return ()
    among = Amount(of.values[shares], of.targets[shares], of.total, of.free[shares])
    rule = Rule.gap_proportional if spanning(lines) else placement.rule
    ask = kept(among, most, every.prices[shares], wanted[shares], money, rule)
    back = most * every.prices[shares]
    return (beside_the_best(ask, back - sold[shares], back - wanted[shares]),)


def _staged(lines: Tradable, ask: Ask, policy: Policy, where: Location | None) -> Traded:
    goal = by_leaf(lines.book, aims(lines, policy))

    def under(limits: Limits) -> Staged:
        return staged(lines, goal, limits, free_lines(lines, ask), where or Location())

    found = under(ask.limits)
    sells, buys = np.clip(-found.value, 0.0, lines.value), np.maximum(found.value, 0.0)
    nothing = np.zeros(len(lines.accounts))
    rounding = ROUNDING * lines.held.total  # the programme kept to the smallest order that nearly
    limits = replace(ask.limits, min_trade=max(ask.limits.min_trade - rounding, 0.0))
    settled = settle(lines, sells, buys, limits, nothing, lines.value + found.value)
    let_through = _let_through(ask.limits, found, under)
    factors = let_through | {name: f * let_through.get(name, 1.0) for name, f in settled.factors.items()}
    value = settled.buys - settled.sells
    return Traded(value, found.aims, nothing, factors, (*settled.notes, *moved(lines, value), *_unproven(found)))


def moved(lines: Tradable, value: Floats) -> tuple[str, ...]:
    """Which products are sold in one account and bought in another, and why; none where none is."""
    small = NOTICED * lines.held.total
    sold, bought = (
        {symbol for symbol, amount in zip(lines.symbols, (side * value).tolist(), strict=True) if amount > small}
        for side in (-1.0, 1.0)
    )
    named = sorted(sold & bought)
    if not named:
        return ()
    many = "is" if len(named) == 1 else "are"
    why = "each class lies where its rank is best, once drift and tax are least"
    return (f"{some(named)} {many} sold in one account and bought in another: {why}.",)


def _let_through(limits: Limits, found: Staged, under: Callable[[Limits], Staged]) -> dict[str, float]:
    """How much of what would be traded each limit let through, of what those before it did."""
    any_size = replace(limits, min_trade=0.0)
    any_gain = replace(any_size, gain_budget=None)
    volumes = [_volume(found)]
    for tighter, looser in pairwise((limits, any_size, any_gain, replace(any_gain, max_turnover=None))):
        volumes.append(volumes[-1] if looser == tighter else _volume(under(looser)))
    parts = [min(ratio(after, before), 1.0) for after, before in pairwise(volumes)]
    return dict(zip(("turnover", "gain_budget", "min_trade"), parts[::-1], strict=True))


def _volume(found: Staged) -> float:
    return float(np.abs(found.value).sum())


def _unproven(found: Staged) -> tuple[str, ...]:
    """What the search left open, where it ended before it was sure."""
    notes = []
    if found.unproven > NOTICED:
        notes.append(f"There may be a plan that leaves up to {pct(found.unproven)} less total drift.")
    if found.gap > 0.01:
        notes.append(f"There may be a plan with up to {100 * found.gap:.0f}% fewer orders.")
    return tuple(notes)


def free_lines(lines: Tradable, ask: Ask) -> Mask:
    """The lines (n,) that may be traded: those of the account that is asked for, else all."""
    if not ask.account:
        return np.ones(len(lines.symbols), dtype=np.bool_)
    return np.asarray(lines.account == place_of(lines, ask.account), dtype=np.bool_)


def _noted(lines: Tradable, traded: Traded, rule: str) -> Outcome:
    notes = []
    if lines.held.unpriced:
        notes.append(f"No price for {', '.join(lines.held.unpriced)}: left out of the value, and not traded.")
    lacking = [s for s in lines.book.symbols if s not in lines.symbols and s != "CASH" and s not in lines.held.unpriced]
    if lacking:
        notes.append(f"No price for {', '.join(dict.fromkeys(lacking))}: it cannot be bought.")
    if lines.held.excluded:
        worth = amount(lines.held.excluded, lines.currency)
        notes.append(f"Excluded holdings worth {worth} are left out of the value.")
    found = outcome(lines, replace(traded, notes=(*traded.notes, *notes)), rule)
    if found.realised.unknown > 0.0:
        sold = amount(found.realised.unknown, lines.currency)
        text = f"The cost of {sold} that is sold is not known, so its gain is not counted."
        found = replace(found, notes=(*found.notes, text))
    return found


def curve(lines: Tradable, ask: Ask, policy: Policy) -> Curve:
    """How much drift the fewest orders leave."""
    return fewest(lines, by_leaf(lines.book, aims(lines, policy)), ask.limits, free_lines(lines, ask))


def gain_curve(lines: Tradable, ask: Ask, policy: Policy) -> tuple[tuple[float, float], ...]:
    """The gain realised and the drift left at nine budgets, from none to what the plan without one realises.

    One point where that realises no gain.
    """
    whole = answer(lines, replace(ask, limits=replace(ask.limits, gain_budget=None)), policy)
    if whole.realised.gain <= 0.0:
        return ((whole.realised.gain, whole.drift_after),)
    budgets: Floats = np.linspace(0.0, whole.realised.gain, BUDGETS)
    points = [
        answer(lines, replace(ask, limits=replace(ask.limits, gain_budget=float(b))), policy) for b in budgets[:-1]
    ]
    return tuple((p.realised.gain, p.drift_after) for p in (*points, whole))
