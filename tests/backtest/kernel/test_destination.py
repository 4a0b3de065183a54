"""The compiled goals are those of the domain."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keel.backtest.kernel.records import Book, Rule, Trigger
from keel.domain.arrays import Floats, Mask
from keel.domain.policy.destination import goals as plain_goals
from keel.domain.policy.destination import instrument_goals as plain_instrument_goals
from keel.domain.policy.kinds import Absolute
from keel.domain.policy.kinds import Trigger as PolicyTrigger
from keel.domain.policy.records import Policy, Scope


def book_of(targets: Floats, frozen: Mask) -> Book:
    """Each leaf two instruments, 3 : 1."""
    m = len(targets)
    leaf, line = np.repeat(np.arange(m), 2), np.arange(2 * m)
    return Book(targets, frozen, leaf, np.tile([0.75, 0.25], m), line)


def rule_of(m: int, width: float, destination: float, whole_book: bool) -> Rule:
    half = np.full(m, width)
    return Rule(int(Trigger.band), np.ones(1, np.bool_), half, half, 0.0, whole_book, destination, 0, 0)


def test_breached_leaves_go_to_the_edge_and_the_others_share_the_rest() -> None:
    from keel.backtest.kernel.destination import goals

    book, goal = book_of(np.full(5, 0.2), np.zeros(5, np.bool_)), np.empty(5)
    assert goals(np.array([0.34, 0.14, 0.14, 0.14, 0.24]), book, rule_of(5, 0.05, 1.0, False), goal)
    assert goal.round(4).tolist() == [0.25, 0.1667, 0.1667, 0.1667, 0.25]


def test_an_empty_leaf_without_target_leaves_the_goals_of_the_others() -> None:
    from keel.backtest.kernel.destination import goals

    book, goal, half = book_of(np.array([0.6, 0.4, 0.0]), np.zeros(3, np.bool_)), np.empty(3), np.array([0.12, 0.08, 0])
    rule = Rule(int(Trigger.band), np.ones(1, np.bool_), half, half, 0.0, False, 0.5, 0, 0)
    assert goals(np.array([0.73, 0.27, 0.0]), book, rule, goal)
    assert goal.round(12).tolist() == [0.64, 0.36, 0.0]


def test_without_a_breach_there_is_nothing_to_do() -> None:
    from keel.backtest.kernel.destination import goals

    book = book_of(np.array([0.6, 0.4]), np.zeros(2, np.bool_))
    assert not goals(np.array([0.62, 0.38]), book, rule_of(2, 0.05, 0.0, False), np.empty(2))


@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), st.booleans()), min_size=1, max_size=6).filter(
        lambda leaves: sum(target for target, _, _ in leaves) > 0 and sum(weight for _, weight, _ in leaves) > 0
    ),
    st.sampled_from([0.0, 0.01, 0.05, 0.3]),
    st.sampled_from([0.0, 0.5, 1.0]),
    st.booleans(),
)
def test_goals_are_those_of_the_domain(
    leaves: list[tuple[int, int, bool]], width: float, destination: float, whole_book: bool
) -> None:
    from keel.backtest.kernel.destination import goals, instrument_goals

    parts, sizes, still = (np.array(column) for column in zip(*leaves, strict=True))
    targets, weights = parts / parts.sum(), sizes / sizes.sum()
    book, rule = book_of(targets, still), rule_of(len(parts), width, destination, whole_book)
    scope = Scope.whole_book if whole_book else Scope.breached_only
    policy = Policy(PolicyTrigger.band, band=Absolute(width * 1e4), destination=destination, scope=scope)
    expected = plain_goals(weights, targets, rule.below, rule.above, policy, still)
    goal = weights.copy()
    goals(weights, book, rule, goal)
    assert goal == pytest.approx(expected, abs=1e-12)

    holdings = weights[book.leaf] * 0.5
    written = np.empty(len(holdings))
    instrument_goals(goal, weights, holdings, book, whole_book, written)
    shares = plain_instrument_goals(expected, weights, holdings, book.leaf, book.shares, policy, still)
    assert written == pytest.approx(shares, abs=1e-12)
