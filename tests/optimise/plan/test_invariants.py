"""What holds of every plan, whatever is asked: deposits, withdrawals and trades, in one account or several."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.domain.plan.desks import TODAY, Buckets, desk

from keel.domain.plan.ask import Ask
from keel.domain.plan.deposits.rules import Rule
from keel.domain.plan.limits import Limits
from keel.domain.plan.outcome import Outcome
from keel.domain.plan.tradable import Tradable
from keel.domain.policy.presets import PRESETS
from keel.domain.portfolio.account import Account, AccountKind
from keel.domain.portfolio.lots import Lot
from keel.domain.portfolio.position import Position, Role
from keel.errors import InputError
from keel.optimise.plan.answer import answer

MONTHLY = PRESETS["monthly"]
PRODUCTS = "ABCD"
DUST = 1e-7  # of the value


@dataclass(frozen=True)
class Case:
    """A book, what is held, and at what prices."""

    buckets: Buckets
    positions: tuple[Position, ...]
    prices: dict[str, float]
    accounts: tuple[Account, ...]

    def lines(self, scale: float = 1.0) -> Tradable:
        rows = [replace(p, quantity=p.quantity * scale, lots=_scaled(p.lots, scale)) for p in self.positions]
        return desk(self.buckets, rows, self.prices, self.accounts)


def _scaled(lots: tuple[Lot, ...], scale: float) -> tuple[Lot, ...]:
    return tuple(replace(lot, quantity=lot.quantity * scale) for lot in lots)


@st.composite
def cases(draw: st.DrawFn, accounts: int) -> Case:
    """Small books: some products span buckets, some holdings are stuck, outside, or of unknown cost."""
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    count = int(rng.integers(1, 4))
    targets = (np.ones(count) + rng.integers(0, 4, count)) / 1.0
    buckets: dict[str, tuple[float, dict[str, float]]] = {}
    for name, target in zip("XYZ", (targets / targets.sum()).tolist(), strict=False):
        few = rng.choice([*PRODUCTS], int(rng.integers(1, 3)), replace=False).tolist()
        buckets[name] = (target, dict.fromkeys(few, 1.0 / len(few)))
    names = [f"N{n}" for n in range(accounts)]
    prices = {s: float(rng.choice([1.0, 7.0, 42.5, 130.0])) for s in (*PRODUCTS, "O")}
    return Case(
        buckets=buckets,
        positions=tuple(p for name in names for p in _held(rng, name, prices)),
        prices=prices,
        accounts=tuple(Account(name, list(AccountKind)[n % 3]) for n, name in enumerate(names)),
    )


def _held(rng: np.random.Generator, account: str, prices: dict[str, float]) -> list[Position]:
    rows = []
    for symbol in rng.choice([*PRODUCTS, "O"], int(rng.integers(1, 4)), replace=False).tolist():
        units, price = float(rng.integers(1, 60)) + 0.5 * float(rng.integers(0, 2)), prices[symbol]
        lots = tuple(
            Lot(units / 3, price * float(rng.uniform(0.4, 1.4)), TODAY) for _ in range(int(rng.integers(0, 3)))
        )
        role = Role.frozen if rng.random() < 0.1 else Role.tradable
        stuck = rng.random(2) < 0.1
        rows.append(
            Position(
                symbol, units, role=role, account=account, no_buy=bool(stuck[0]), no_sell=bool(stuck[1]), lots=lots
            )
        )
    return [*rows, Position("CASH", float(rng.integers(0, 900)), account=account)]


LIMITS = st.builds(
    Limits,
    max_turnover=st.sampled_from([None, None, 0.02, 0.2]),
    gain_budget=st.sampled_from([None, None, 0.0, 80.0]),
    whole_shares=st.booleans(),
    min_trade=st.sampled_from([0.0, 0.0, 25.0, 300.0]),
)


def sound(lines: Tradable, ask: Ask, found: Outcome) -> None:
    """Asserts what holds of every plan."""
    total = max(found.total_before, found.total_after)
    assert sum(b.after for b in found.buckets) + found.leftover / found.total_after == pytest.approx(1.0)
    assert min(found.cash.values()) >= -DUST * total
    come = found.total_after - found.total_before
    cash = sum(found.cash.values()) - float(lines.cash.sum())
    assert cash + sum(o.value for o in found.orders) == pytest.approx(come, abs=DUST * total)
    at = {
        (lines.accounts[int(a)].name, s): n for n, (a, s) in enumerate(zip(lines.account, lines.symbols, strict=True))
    }
    assert len({(o.account, o.symbol) for o in found.orders}) == len(found.orders)
    for order in found.orders:
        n = at[(order.account, order.symbol)]
        assert lines.buy[n] if order.value > 0.0 else lines.sell[n]
        assert -order.quantity <= lines.quantity[n] * (1 + 1e-9)
        all_of_it = order.quantity == pytest.approx(-lines.quantity[n])
        assert not ask.limits.whole_shares or all_of_it or order.quantity == pytest.approx(round(order.quantity))
        assert sum(part.value for part in order.parts) == pytest.approx(order.value if order.parts else 0.0)


@settings(max_examples=25)
@given(cases(accounts=2), st.sampled_from(list(Rule)), st.floats(0.001, 3.0), LIMITS)
def test_a_deposit_spends_no_more_than_itself_and_sells_nothing(
    case: Case, rule: Rule, part: float, limits: Limits
) -> None:
    lines = case.lines()
    amount = part * lines.held.total
    ask = Ask(deposit=amount, rule=rule, limits=limits)
    found = answer(lines, ask, MONTHLY)
    sound(lines, ask, found)
    values = [o.value for o in found.orders]
    assert min(values, default=1.0) > 0.0
    assert sum(values) <= amount * (1 + 1e-9)
    assert min(values, default=np.inf) >= limits.min_trade * (1 - 1e-9)
    paid = found.total_after - found.total_before
    assert paid == pytest.approx(amount) or paid == pytest.approx(0.0, abs=DUST * amount)
    if rule is Rule.relative_waterfill:
        lowest = [min(w(b) / b.target for b in found.buckets if b.target > 0.0) for w in (_before, _after)]
        worth = found.total_before / found.total_after
        assert lowest[1] >= lowest[0] * worth * (1 - 1e-9)


def _before(row: object) -> float:
    return float(row.before)  # type: ignore[attr-defined]


def _after(row: object) -> float:
    return float(row.after)  # type: ignore[attr-defined]


@settings(max_examples=25)
@given(cases(accounts=2), st.sampled_from(list(Rule)), st.floats(0.001, 0.9), LIMITS)
def test_a_withdrawal_brings_itself_and_buys_nothing(case: Case, rule: Rule, part: float, limits: Limits) -> None:
    lines = case.lines()
    ask = Ask(withdraw=part * lines.held.total, rule=rule, limits=limits)
    try:
        found = answer(lines, ask, MONTHLY)
    except InputError:
        return
    sound(lines, ask, found)
    assert max((o.value for o in found.orders), default=-1.0) < 0.0
    assert found.total_before - found.total_after == pytest.approx(ask.withdraw)


@settings(max_examples=12, deadline=None)
@given(st.integers(1, 3).flatmap(lambda n: cases(accounts=n)), LIMITS, st.sampled_from([None, None, 2]))
def test_trades_keep_to_every_limit_and_pay_for_themselves(case: Case, limits: Limits, orders: int | None) -> None:
    lines, limits = case.lines(), replace(limits, max_trades=orders)
    found = answer(lines, Ask(limits=limits), MONTHLY)
    sound(lines, Ask(limits=limits), found)
    assert found.total_after == pytest.approx(found.total_before)
    assert orders is None or len(found.orders) <= orders
    assert all(abs(o.value) >= limits.min_trade * (1 - 1e-6) for o in found.orders)
    if limits.gain_budget is not None and any(o.gain and o.gain > 0.0 for o in found.orders):
        assert found.realised.gain <= limits.gain_budget + DUST * found.total_before
    if limits.max_turnover is not None and any(o.value < 0.0 for o in found.orders):
        assert found.turnover <= limits.max_turnover + 1e-6


@settings(max_examples=12, deadline=None)
@given(cases(accounts=2), st.sampled_from(["deposit", "withdraw", ""]), st.sampled_from([0.0, 40.0]))
def test_neither_order_nor_scale_matters(case: Case, money: str, least: float) -> None:
    lines = case.lines()
    amount = 0.2 * lines.held.total
    few = Limits(min_trade=least)
    ask = Ask(**({money: amount} if money else {}), limits=few)
    turned = replace(case, positions=case.positions[::-1]).lines()
    try:
        found = answer(lines, ask, MONTHLY)
    except InputError:
        return
    assert answer(turned, ask, MONTHLY) == found
    large = Ask(**({money: 4.0 * amount} if money else {}), limits=Limits(min_trade=4.0 * least))
    assert answer(case.lines(4.0), large, MONTHLY).drift_after == pytest.approx(found.drift_after, abs=1e-6)


def test_a_plan_of_nothing_is_empty() -> None:
    case = Case({"X": (0.5, {"A": 1.0}), "Y": (0.5, {"B": 1.0})}, (Position("A", 5), Position("B", 5)), {}, ())
    for ask in (Ask(), Ask(deposit=0.0), Ask(withdraw=0.0), Ask(limits=Limits(max_trades=0))):
        assert answer(case.lines(), ask, MONTHLY).orders == ()
