"""The answer to what is asked of a plan: by rule for money, by limits for one account, by programme for several."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from keel.domain.arrays import Floats, Mask
from keel.domain.drift.held import by_leaf
from keel.domain.drift.measure import judged_against
from keel.domain.market.prices import CASH
from keel.domain.plan.ask import Ask
from keel.domain.plan.deposits.placement import Placement, deposit, prices_of, targets_of
from keel.domain.plan.deposits.rules import Amount, Rule
from keel.domain.plan.deposits.withdrawal import withdrawal
from keel.domain.plan.fewest import Curve, Step, sentence
from keel.domain.plan.limits import Limits, settle
from keel.domain.plan.location import Location
from keel.domain.plan.outcome import Outcome, Traded, outcome
from keel.domain.plan.tradable import Tradable, place_of
from keel.domain.plan.trade import aims, trades
from keel.domain.policy.records import Policy, at_every_look
from keel.errors import InputError
from keel.optimise.plan.fewest import fewest
from keel.optimise.plan.stages import staged
from keel.optimise.plan.whole_shares import beside_the_best
from keel.units import amount

TRADES = "to_destination"
BUDGETS = 9
MOST_EXACT = 20  # products; the best whole shares of more take seconds to find


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
    if not ask.deposit:
        return withdrawal(lines, placement, ask.limits)
    traded = deposit(lines, placement, ask.limits)
    return replace(traded, notes=(*traded.notes, *_beside_the_exact(lines, ask, traded)))


def _beside_the_exact(lines: Tradable, ask: Ask, traded: Traded) -> tuple[str, ...]:
    """How far whole shares bought one at a time are from the best there are, and from the best without rounding."""
    if not ask.limits.whole_shares or ask.rule is not Rule.relative_waterfill or CASH in lines.book.symbols:
        return ()
    book = lines.book
    buyable = {s for s, may, a in zip(lines.symbols, lines.buy, free_lines(lines, ask), strict=True) if may and a}
    if len(set(book.symbols)) < len(book.symbols) or not buyable & set(book.symbols):
        return ()
    free = np.array([symbol in buyable for symbol in book.symbols], dtype=np.bool_)
    if not 0 < int((free & (targets_of(book) > 0.0)).sum()) <= MOST_EXACT:
        return ()
    of = Amount(lines.held.value, targets_of(book), float(traded.aims.sum()), free)
    by_symbol = dict.fromkeys(book.symbols, 0.0)
    for symbol, value in zip(lines.symbols, traded.value, strict=True):
        by_symbol[symbol] = by_symbol.get(symbol, 0.0) + float(value)
    bought = np.array([by_symbol[symbol] for symbol in book.symbols])
    return (beside_the_best(of, prices_of(lines), ask.deposit, bought),)


def _staged(lines: Tradable, ask: Ask, policy: Policy, where: Location | None) -> Traded:
    wanted = aims(lines, policy)
    found = staged(lines, by_leaf(lines.book, wanted), ask.limits, free_lines(lines, ask), where or Location())
    sells, buys = np.maximum(-found.value, 0.0), np.maximum(found.value, 0.0)
    nothing = np.zeros(len(lines.accounts))
    settled = settle(lines, sells, buys, _after(ask.limits), nothing, lines.value + found.value)
    notes = settled.notes
    if found.gap > 0.01:
        notes = (*notes, f"There may be a plan with up to {100 * found.gap:.0f} % fewer orders.")
    return Traded(settled.buys - settled.sells, found.aims, nothing, settled.factors, notes)


def _after(limits: Limits) -> Limits:
    """What is left to be done once the programme kept to the rest."""
    return replace(limits, max_turnover=None, gain_budget=None, max_trades=None)


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
