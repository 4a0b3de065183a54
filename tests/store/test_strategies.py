"""Strategies: two levels of targets, unique, and deleted together."""

from __future__ import annotations

import pytest

from keel.domain.policy.kinds import Absolute, Trigger
from keel.domain.policy.records import Cadence, Policy
from keel.domain.portfolio.strategy import ClassTarget, HoldingTarget, Strategy
from keel.errors import InvalidPolicyError, NotFoundError
from keel.store import strategies
from keel.store.connection import Database
from keel.store.integrity import integrity

POLICY = Policy(Trigger.band, Cadence.quarterly, band=Absolute(300.0))


@pytest.fixture
def strategy(store: Database) -> Strategy:
    return strategies.save(store, Strategy("Mine", POLICY))


def test_a_strategy_comes_back_and_is_replaced_under_its_id(store: Database, strategy: Strategy) -> None:
    assert strategies.get(store, strategy.id) == strategy
    assert strategies.list_all(store) == (strategy,)
    renamed = strategies.save(store, Strategy("Other", Policy(), strategy.id))
    assert strategies.list_all(store) == (renamed,)
    with pytest.raises(InvalidPolicyError):
        strategies.save(store, Strategy("Bad", Policy(Trigger.calendar, destination=0.5)))


def test_one_target_a_class_and_one_an_instrument(store: Database, strategy: Strategy) -> None:
    equity = strategies.save_class_target(store, ClassTarget(strategy.id, "equity", 0.6))
    again = strategies.save_class_target(store, ClassTarget(strategy.id, "equity", 0.55))
    assert (again.id, again.target_weight) == (equity.id, 0.55)
    held = strategies.save_holding_target(store, HoldingTarget(equity.id, "ins_vti", 0.7))
    changed = strategies.save_holding_target(store, HoldingTarget(equity.id, "ins_vti", 0.4, locked=True))
    assert changed == HoldingTarget(equity.id, "ins_vti", 0.4, True, held.id)
    assert strategies.class_targets(store, strategy.id) == (again,)
    assert strategies.holding_targets(store, equity.id) == (changed,)


def test_deleting_a_class_target_deletes_its_holding_targets_in_the_same_step(
    store: Database, strategy: Strategy
) -> None:
    equity = strategies.save_class_target(store, ClassTarget(strategy.id, "equity", 0.6))
    bonds = strategies.save_class_target(store, ClassTarget(strategy.id, "bonds", 0.4))
    strategies.save_holding_target(store, HoldingTarget(equity.id, "ins_vti", 1.0))
    kept = strategies.save_holding_target(store, HoldingTarget(bonds.id, "ins_bnd", 1.0))
    strategies.delete_class_target(store, equity.id)
    assert strategies.class_targets(store, strategy.id) == (bonds,)
    assert strategies.holding_targets(store, equity.id) == ()
    assert strategies.holding_targets(store, bonds.id) == (kept,)
    assert integrity(store) == ()


def test_deleting_a_strategy_deletes_all_that_hangs_on_it(store: Database, strategy: Strategy) -> None:
    equity = strategies.save_class_target(store, ClassTarget(strategy.id, "equity", 0.6))
    held = strategies.save_holding_target(store, HoldingTarget(equity.id, "ins_vti", 0.5))
    strategies.save_holding_target(store, HoldingTarget(equity.id, "ins_vea", 0.5))
    strategies.delete_holding_target(store, held.id)
    strategies.delete(store, strategy.id)
    assert strategies.list_all(store) == ()
    assert strategies.class_targets(store, strategy.id) == ()
    assert integrity(store) == ()


def test_what_is_not_stored_is_named(store: Database) -> None:
    for ask in (
        lambda: strategies.get(store, "x"),
        lambda: strategies.delete(store, "x"),
        lambda: strategies.delete_class_target(store, "x"),
        lambda: strategies.delete_holding_target(store, "x"),
        lambda: strategies.save_class_target(store, ClassTarget("x", "equity", 1.0)),
        lambda: strategies.save_holding_target(store, HoldingTarget("x", "i", 1.0)),
    ):
        with pytest.raises(NotFoundError, match=r"There is no .* x"):
            ask()
