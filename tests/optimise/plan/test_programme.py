"""The programme of a plan: its columns, its bounds, and the order of lots."""

from __future__ import annotations

import numpy as np
import pytest
from tests.domain.plan.desks import desk, held

from keel.domain.plan.limits import Limits
from keel.domain.portfolio.lots import Lot
from keel.domain.portfolio.position import Position, Role
from keel.optimise.plan.programme import programme
from keel.optimise.plan.solver import solve

NONE = Limits()


def test_what_may_not_be_traded_has_no_room() -> None:
    positions = [Position("A", 60, role=Role.frozen), Position("B", 40, no_sell=True), Position("X", 0)]
    lines = desk({"A": 0.5, "B": 0.5}, positions)
    free = np.ones(len(lines.symbols), dtype=bool)
    problem = programme(lines, np.array([50.0, 50.0]), NONE, free)
    assert problem.high[problem.columns.buys][list(lines.symbols).index("A")] == 0.0
    assert problem.high[problem.columns.sells].max(initial=0.0) == 0.0
    shut = programme(lines, np.array([50.0, 50.0]), NONE, ~free)
    assert shut.high[shut.columns.buys].max() == 0.0


def test_the_drift_of_a_solution_is_that_of_the_outcome() -> None:
    lines = desk({"A": 0.5, "B": 0.5}, [*held({"A": 60, "B": 30}), Position("X", 10, no_sell=True)])
    problem = programme(lines, np.array([50.0, 50.0]), NONE, np.ones(len(lines.symbols), dtype=bool))
    found = solve(problem.drift(), problem.rows, problem.low, problem.high, np.zeros(problem.columns.count, dtype=bool))
    assert found.least + problem.constant == pytest.approx(0.5 * (0.1 + 0.1))
    moved = dict(zip(lines.symbols, problem.traded(found.x), strict=True))
    assert moved == pytest.approx({"A": -10.0, "B": 10.0, "X": 0.0})


def test_only_lots_behind_a_dearer_one_need_a_switch() -> None:
    rising = Position("A", 20, lots=(Lot(10, 0.9), Lot(10, 0.5)))
    lines = desk({"A": 0.5, "B": 0.5}, [rising])
    problem = programme(lines, np.array([10.0, 10.0]), NONE, np.ones(len(lines.symbols), dtype=bool))
    assert not problem.ordered.any()
    assert problem.tax()[problem.columns.tax] == 1.0
    assert problem.orders().sum() == 2 * len(lines.symbols)
    assert problem.location(np.ones(len(lines.symbols))).sum() == len(lines.symbols) - len(problem.line)
    assert problem.whole().sum() == 2 * len(lines.symbols)
