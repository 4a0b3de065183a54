"""HiGHS: a least, whole numbers, and what cannot be met."""

from __future__ import annotations

import numpy as np
import pytest

from keel.errors import InputError
from keel.optimise.plan import solver
from keel.optimise.plan.solver import SEARCH, Rows, solve

LOW, HIGH = np.zeros(2), np.full(2, 10.0)
ROWS = Rows().and_row(np.array([1.0, 1.0]), 2.5, np.inf)
COST = np.array([1.0, 2.0])


def test_the_least_and_the_least_in_whole_numbers(capfd: pytest.CaptureFixture[str]) -> None:
    loose = solve(COST, ROWS, LOW, HIGH, np.zeros(2, dtype=bool))
    assert (loose.x.tolist(), loose.least, loose.gap) == (pytest.approx([2.5, 0.0]), pytest.approx(2.5), 0.0)
    whole = solve(COST, ROWS, LOW, HIGH, np.ones(2, dtype=bool))
    assert (whole.x.round(9).tolist(), whole.least) == ([3.0, 0.0], pytest.approx(3.0))
    assert capfd.readouterr().out == ""


def test_another_row_binds_and_what_cannot_be_met_is_refused() -> None:
    bound = ROWS.and_row(np.array([1.0, 0.0]), -np.inf, 1.0)
    assert solve(COST, bound, LOW, HIGH, np.zeros(2, dtype=bool)).x.tolist() == pytest.approx([1.0, 1.5])
    with pytest.raises(InputError, match="No plan meets all limits"):
        solve(COST, bound.and_row(np.array([1.0, 1.0]), -np.inf, 2.0), LOW, HIGH, np.zeros(2, dtype=bool))


def test_a_search_that_takes_too_long_is_told_from_one_that_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solver, "SECONDS", 0.0)
    weights = np.random.default_rng(1).uniform(1.0, 2.0, 60)
    rows = Rows().and_row(weights, 0.5 * weights.sum(), 0.5 * weights.sum() + 1e-7)
    with pytest.raises(InputError, match="took too long") as caught:
        solve(-weights[::-1], rows, np.zeros(60), np.ones(60), np.ones(60, dtype=bool))
    assert caught.value.subject == SEARCH
