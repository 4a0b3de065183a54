"""The model confidence set is arch's, number by number."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keel.backtest.luck.confidence_set import drop_out_levels


@settings(max_examples=15)
@given(
    st.integers(2, 9), st.integers(30, 80), st.integers(1, 6), st.integers(0, 999), st.sampled_from([0.0, 0.05, 0.5])
)
def test_it_equals_archs_range_method(k: int, t: int, block: int, seed: int, apart: float) -> None:
    from arch.bootstrap import MCS

    losses = np.random.default_rng(seed).normal(0.0, 1.0, (t, k)) + apart * np.arange(k)
    theirs = MCS(losses, 0.1, reps=60, block_size=block, method="R", seed=np.random.default_rng(seed))
    theirs.compute()
    wanted = theirs.pvalues["Pvalue"].sort_index().tolist()
    assert drop_out_levels(losses, block, 60, seed).tolist() == pytest.approx(wanted, abs=1e-12)


def test_one_far_better_than_all_is_the_only_one_left() -> None:
    noise = np.random.default_rng(1)
    losses = noise.normal(0.0, 0.01, (200, 30))
    losses[:, 7] -= 0.02
    levels = drop_out_levels(losses, 2, 200, 0)
    assert np.flatnonzero(levels > 0.1).tolist() == [7]


def test_losses_a_constant_apart_are_told_apart() -> None:
    base = np.random.default_rng(1).normal(0.0, 0.01, 100)
    assert drop_out_levels(np.column_stack([base, base + 1e-4]), 2, 100, 0).tolist() == [1.0, 0.0]


def test_one_alone_is_the_best() -> None:
    assert drop_out_levels(np.random.default_rng(1).normal(0.0, 0.01, (50, 1)), 2, 10, 0).tolist() == [1.0]
