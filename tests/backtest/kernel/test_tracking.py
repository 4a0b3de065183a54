"""The covariance moved along by one session is the one taken anew."""

from __future__ import annotations

import numpy as np
import pytest

from keel.backtest.kernel.records import Trailing
from keel.domain.policy.tracking import SESSIONS
from keel.domain.policy.tracking import drift_error as plain_error
from keel.domain.policy.tracking import trailing_covariance as plain_covariance


@pytest.mark.parametrize("session", [SESSIONS, SESSIONS + 1, SESSIONS + 40])
def test_the_error_of_a_drift_is_that_of_the_domain(session: int) -> None:
    from keel.backtest.kernel.tracking import drift_error, trailing_covariance

    returns = np.random.default_rng(3).normal(0.0, 0.01, (SESSIONS + 41, 3)) * [1.0, 2.0, 0.5]
    returns[0] = 0.0
    trailing = Trailing(np.zeros(3), np.zeros((3, 3)))
    for t in range(1, session + 1):
        trailing_covariance(returns * np.sqrt(252.0), t, trailing)
    weight, goal = np.array([0.5, 0.3, 0.2]), np.array([0.4, 0.3, 0.3])
    covariance = plain_covariance(returns, session)
    assert covariance is not None
    assert drift_error(weight, goal, trailing) == pytest.approx(plain_error(weight - goal, covariance, 252), rel=1e-12)


def test_no_drift_is_no_error() -> None:
    from keel.backtest.kernel.tracking import drift_error

    assert drift_error(np.array([0.5, 0.5]), np.array([0.5, 0.5]), Trailing(np.ones(2), np.ones((2, 2)))) == 0.0
