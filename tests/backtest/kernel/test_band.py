"""The compiled breach is that of the domain."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from keel.domain.policy.band import breached as plain

WEIGHTS = st.lists(st.sampled_from([0.0, 1e-10, 0.05, 0.1, 0.1 + 1e-10, 0.1 + 1e-8, 0.3, 0.6]), min_size=3, max_size=3)
TARGETS = st.lists(st.sampled_from([0.0, 0.05, 0.3, 0.6]), min_size=3, max_size=3)


def test_a_breach_is_strict_and_what_has_no_target_may_not_be_held() -> None:
    from keel.backtest.kernel.band import breached

    assert not breached(0.55, 0.5, 0.05, 0.05)
    assert breached(0.55 + 1e-8, 0.5, 0.05, 0.05)
    assert breached(0.45 - 1e-8, 0.5, 0.05, 0.2)
    assert breached(0.01, 0.0, 1.0, 1.0)
    assert not breached(0.0, 0.0, 0.0, 0.0)


@given(WEIGHTS, TARGETS, st.lists(st.booleans(), min_size=3, max_size=3))
def test_any_breach_is_one_of_the_domains(weights: list[float], targets: list[float], frozen: list[bool]) -> None:
    from keel.backtest.kernel.band import any_breached

    below, above, still = np.array([0.05, 0.1, np.inf]), np.array([0.05, 0.2, 0.1]), np.array(frozen)
    weight, target = np.array(weights), np.array(targets)
    assert any_breached(weight, target, below, above, still) == bool(plain(weight, target, below, above, still).any())
