"""Where a policy trades live holdings to, bucket by bucket and holding by holding, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from keel.domain.drift.goal import acting, holding_trades, leaf_goal, still_leaves
from keel.domain.drift.held import Held, lay_out
from keel.domain.framework.records import Bucket, Framework, Holding
from keel.domain.policy.kinds import Absolute, Trigger
from keel.domain.policy.presets import PRESETS
from keel.domain.policy.records import Policy, Scope, scope_of
from keel.domain.portfolio.book import Book, book
from keel.domain.portfolio.position import Position, Role

PAIR = Framework(
    "Pair",
    (
        Bucket("A/S", "S", 0.6, holdings=(Holding("S1", 0.5), Holding("S2", 0.5))),
        Bucket("A/B", "B", 0.4, holdings=(Holding("B", 1.0),)),
    ),
)
BAND = Policy(Trigger.band, band=Absolute(500))


def hold(*positions: Position) -> tuple[Book, Held]:
    made = book(PAIR)
    return made, lay_out(made, positions, dict.fromkeys(["S1", "S2", "B", "X"], 1.0))


def test_a_band_policy_in_band_moves_nothing_and_a_calendar_goes_to_target() -> None:
    made, held = hold(Position("S1", 310), Position("S2", 310), Position("B", 380))
    goal, needed = leaf_goal(made, held, BAND)
    assert (goal.tolist(), needed) == (pytest.approx([0.62, 0.38]), False)
    assert leaf_goal(made, held, PRESETS["monthly"])[0] == pytest.approx([0.6, 0.4])


def test_what_lies_outside_is_sold_and_what_is_frozen_there_stays() -> None:
    made, held = hold(Position("S1", 300), Position("S2", 300), Position("X", 100), Position("CASH", 0))
    assert leaf_goal(made, held, BAND)[0] == pytest.approx([0.6, 0.4])
    made, held = hold(Position("S1", 600), Position("B", 300), Position("X", 100, role=Role.frozen))
    assert leaf_goal(made, held, BAND)[0] == pytest.approx([0.54, 0.36])


def test_frozen_holdings_keep_their_value_and_their_siblings_share_the_rest() -> None:
    made, held = hold(Position("S1", 200, role=Role.frozen), Position("S2", 300), Position("B", 500))
    assert still_leaves(made, held).tolist() == [False, False]
    goal, _ = leaf_goal(made, held, BAND)
    assert holding_trades(made, held, goal, BAND) == pytest.approx([0.0, 100.0, -100.0])


@pytest.mark.parametrize(
    ("held_of", "trades"), [((200, 100, 200), [0.0, 100.0, -100.0]), ((380, 20, 100), [-20.0, 120.0, -100.0])]
)
def test_what_is_frozen_in_one_account_is_part_of_its_holding(
    held_of: tuple[float, float, float], trades: list[float]
) -> None:
    frozen, free, other = held_of
    stuck = Position("S1", frozen, role=Role.frozen, account="T")
    made, held = hold(stuck, Position("S1", free), Position("S2", other), Position("B", 500))
    goal, _ = leaf_goal(made, held, PRESETS["monthly"])
    assert holding_trades(made, held, goal, PRESETS["monthly"]) == pytest.approx(trades)


def test_the_whole_book_restores_shares_even_of_a_bucket_on_target() -> None:
    three = Framework(
        "Three", (*PAIR.buckets[:1], Bucket("A/B", "B", 0.2, holdings=(Holding("B", 1.0),)), Bucket("A/G", "G", 0.2))
    )
    made = book(three, columns=["G"])
    positions = [Position("S1", 400), Position("S2", 200), Position("B", 300), Position("G", 100)]
    held = lay_out(made, positions, dict.fromkeys(["S1", "S2", "B", "G"], 1.0))
    goal, _ = leaf_goal(made, held, BAND)
    assert holding_trades(made, held, goal, BAND) == pytest.approx([-100.0, 100.0, -100.0, 100.0])
    edge = Policy(Trigger.band, band=Absolute(500), destination=1.0)
    moved = holding_trades(made, held, leaf_goal(made, held, edge)[0], edge)
    assert np.abs(moved[:2]).max() == pytest.approx(0.0)


def test_policies_without_bands_go_to_target_as_a_whole() -> None:
    assert scope_of(acting(PRESETS["never"])) is Scope.whole_book
    assert acting(BAND) is BAND
