"""The metrics of many paths at once are those of one path at a time."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keel.backtest.metrics import many_paths, one_path
from keel.backtest.metrics.evidence import Evidence
from keel.backtest.metrics.table import compared
from keel.backtest.metrics.years import elapsed_years


@given(st.integers(2, 80), st.integers(0, 1000), st.sampled_from([1, 12, 252]), st.sampled_from([0.0, 0.03]))
def test_they_equal_the_metrics_of_each_path(n: int, seed: int, periods: int, risk_free: float) -> None:
    noise = np.random.default_rng(seed)
    dates = np.datetime64("2001-01-31", "D") + np.cumsum(noise.integers(1, 40, n))
    paths = np.exp(np.cumsum(noise.normal(0.0, 0.03, (3, n)), axis=1))
    reference, turnover = np.exp(np.cumsum(noise.normal(0.0, 0.03, n))), noise.random(3)
    hurdle = (1.0 + risk_free) ** (1.0 / periods) - 1.0
    found = many_paths.metrics(paths, reference, turnover, elapsed_years(dates), periods, hurdle)
    flat = many_paths.metrics(paths, reference, turnover, elapsed_years(dates), periods, np.full(n - 1, hurdle))
    np.testing.assert_allclose(flat, found, rtol=1e-9, atol=1e-12)
    for row, path, traded in zip(found, paths, turnover, strict=True):
        judged = Evidence(dates, path, periods, risk_free=risk_free, turnover=float(traded), reference=reference)
        one = one_path.metrics(judged)
        wanted = [np.nan if one[name] is None else one[name] for name in compared()]
        assert row.tolist() == pytest.approx(wanted, rel=1e-10, abs=1e-12, nan_ok=True)


def test_what_is_undefined_is_nan() -> None:
    flat = np.ones(5)
    found = dict(zip(compared(), many_paths.metrics(flat, flat, np.array(0.0), 1.0, 12).tolist(), strict=True))
    assert [name for name, value in found.items() if np.isnan(value)] == ["sharpe", "sortino", "calmar"]
    assert np.isnan(many_paths.metrics(flat, flat, np.array(0.0), 0.0, 12)[compared().index("cagr")])
    short = many_paths.metrics(np.array([1.0, 1.1]), np.ones(2), np.array(0.0), 29 / 365.25, 252)
    assert np.isnan(short[[compared().index("cagr"), compared().index("tracking_difference")]]).all()
    falling = many_paths.metrics(0.951 ** np.arange(40), np.ones(40), np.array(0.0), 1.0, 252)
    assert np.isnan(falling[compared().index("sharpe")])
