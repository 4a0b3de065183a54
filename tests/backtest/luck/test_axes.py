from __future__ import annotations

import numpy as np
import pytest
from numpy.random import Generator

from keel.backtest.luck.axes import FEWEST_HISTORIES, axis_tests
from keel.domain.arrays import Floats


def landscapes(rng: Generator, worlds: int, shape: tuple[int, ...], effect: float = 0.0) -> Floats:
    """Landscapes (worlds, …) whose values of each axis carry noise of their own, and a true effect on the first."""
    noise = np.zeros((worlds, *shape))
    for axis, levels in enumerate(shape):
        sizes = (worlds, *(levels if i == axis else 1 for i in range(len(shape))))
        noise = noise + rng.normal(size=sizes)
    truth = np.linspace(0.0, effect, shape[0]).reshape(-1, *(1 for _ in shape[1:]))
    return noise + truth + 7.0  # what all share says nothing of any axis


def test_the_effect_is_the_distance_between_the_means_of_the_values() -> None:
    rng = np.random.default_rng(1)
    seen = np.array([[1.0, 2.0, 3.0], [2.0, 3.0, 7.0]])
    rows, columns = axis_tests(seen, landscapes(rng, 100, seen.shape))
    assert rows.effect == pytest.approx(2.0)
    assert columns.effect == pytest.approx(3.5)
    assert (rows.axis, columns.axis) == (0, 1)


def test_an_axis_of_one_value_has_no_test() -> None:
    rng = np.random.default_rng(1)
    assert [test.axis for test in axis_tests(np.ones((1, 3)), landscapes(rng, 50, (1, 3)))] == [1]
    assert axis_tests(np.ones((1, 1)), landscapes(rng, 50, (1, 1))) == ()


def test_where_nothing_decides_no_more_than_one_landscape_in_twenty_says_so() -> None:
    rng = np.random.default_rng(7)
    worlds = landscapes(rng, 2_000, (4, 5, 3))
    told = sum(min(t.p_value for t in axis_tests(world, landscapes(rng, 200, (4, 5, 3)))) <= 0.05 for world in worlds)
    assert told / len(worlds) == pytest.approx(0.05, abs=0.015)  # three standard errors


def test_an_axis_that_moves_the_figure_is_found_and_the_others_are_not_blamed() -> None:
    rng = np.random.default_rng(3)
    first, others = 0, 0
    for world in landscapes(rng, 200, (4, 5, 3), effect=8.0):
        tests = axis_tests(world, landscapes(rng, 200, (4, 5, 3), effect=8.0))
        first += tests[0].p_value <= 0.05
        others += min(test.p_value for test in tests[1:]) <= 0.05
    assert first >= 180
    assert others <= 20


def test_what_every_history_says_alike_is_certain_however_small() -> None:
    rng = np.random.default_rng(5)
    shape = (2, 30)
    cost = np.array([[0.0], [-1e-4]])  # one basis point a year, the same in every history
    tests = axis_tests(landscapes(rng, 1, shape)[0] * 0.0 + cost, np.zeros((50, *shape)) + cost)
    assert tests[0].certain
    assert tests[0].p_value == pytest.approx(1 / 51)
    assert not tests[1].certain
    assert tests[1].effect == 0.0


def test_what_is_unknown_anywhere_is_left_out_of_every_mean() -> None:
    rng = np.random.default_rng(9)
    seen, drawn = landscapes(rng, 1, (3, 4))[0], landscapes(rng, 60, (3, 4))
    drawn[5, 1, 2] = np.nan
    tests = axis_tests(seen, drawn)
    kept = np.delete(seen, 2, axis=1)
    assert tests[0].effect == pytest.approx(np.ptp(kept.mean(axis=1)))
    assert axis_tests(np.full((2, 2), np.nan), landscapes(rng, 60, (2, 2)))[0].p_value == 1.0


def test_too_few_histories_are_refused() -> None:
    with pytest.raises(ValueError, match="at least 40"):
        axis_tests(np.ones((2, 2)), np.ones((FEWEST_HISTORIES - 1, 2, 2)))


def test_what_varies_a_little_but_never_turns_is_certain_and_what_may_turn_is_not() -> None:
    rng = np.random.default_rng(11)
    cost = np.array([0.0, -3.5e-4])
    steady, noisy = (cost * (1 + scale * rng.normal(size=(200, 1))) for scale in (0.08, 0.4))
    assert axis_tests(cost, steady)[0].certain
    assert not axis_tests(cost, noisy)[0].certain
