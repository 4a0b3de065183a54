"""The best of many: found when it is better by construction, doubted when it is only the luckiest."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keel.backtest.luck.skill import representatives, skill
from keel.domain.arrays import Days, Floats
from keel.errors import HistoryTooShortError, InputError


def month_ends(n: int) -> Days:
    return np.arange("2000-01", "2099-01", dtype="datetime64[M]")[:n].astype("datetime64[D]") - np.timedelta64(1, "D")


def walks(count: int, n: int = 181, seed: int = 5, spread: float = 0.01) -> dict[str, Floats]:
    """Paths of one common walk and a little noise each, "ref" the first."""
    noise = np.random.default_rng(seed)
    common = noise.normal(0.005, 0.03, n - 1)
    names = ["ref", *(f"p{i}" for i in range(count))]
    steps = {name: common + noise.normal(0.0, spread, n - 1) for name in names}
    return {name: np.exp(np.concatenate([[0.0], np.cumsum(step)])) for name, step in steps.items()}


def test_the_luckiest_of_many_alike_is_no_evidence() -> None:
    found = skill(month_ends(181), walks(40), "ref", draws=300)
    assert found.lead.max() > 0.003
    assert found.p_lower <= found.p_value <= found.p_upper
    assert found.p_value > 0.1
    assert found.better == ()
    assert len(found.undistinguished) > 20


def test_one_that_is_better_by_construction_is_found_among_them() -> None:
    paths = walks(40)
    paths["good"] = (
        paths["ref"] * np.exp(np.arange(181) * 0.004) * np.exp(np.random.default_rng(1).normal(0, 1e-3, 181))
    )
    found = skill(month_ends(181), paths, "ref", draws=300)
    assert found.best == "good"
    assert found.p_value < 0.02
    assert found.better == ("good",)
    assert found.undistinguished == ("good",)


def test_a_small_steady_lead_is_seen_among_noisy_ones() -> None:
    paths = walks(40, spread=0.03)
    paths["steady"] = paths["ref"] * np.exp(np.arange(181) * 2e-4)
    found = skill(month_ends(181), paths, "ref", draws=300)
    assert found.p_value > 0.1
    assert found.p_any < 0.01
    assert found.better == ("steady",)


def test_one_worse_by_construction_drops_out_of_the_set() -> None:
    paths = walks(5, spread=0.002)
    paths["bad"] = paths["ref"] * np.exp(-np.arange(181) * 0.01)
    found = skill(month_ends(181), paths, "ref", draws=300)
    assert "bad" not in found.undistinguished
    assert found.set_p_values["bad"] == 0.0


def test_it_is_archs_test() -> None:
    from arch.bootstrap import SPA

    paths = walks(6)
    found = skill(month_ends(181), paths, "ref", draws=200, seed=9, block=4)
    losses = {name: -np.diff(np.log(path)) for name, path in paths.items()}
    models = np.column_stack([losses[f"p{i}"] for i in range(6)])
    spa = SPA(losses["ref"], models, block_size=4, reps=200, seed=np.random.default_rng(9))
    spa.compute()
    assert [found.p_lower, found.p_value, found.p_upper] == spa.pvalues.tolist()


def test_the_seed_decides() -> None:
    first, again = (skill(month_ends(181), walks(10), "ref", draws=100, seed=3) for _ in range(2))
    assert (first.p_value, first.set_p_values) == (again.p_value, again.set_p_values)


def test_policies_that_follow_one_path_count_once() -> None:
    paths = walks(2)
    paths |= {"twin": paths["p0"] * (1.0 + 1e-13), "shadow": paths["ref"].copy()}
    found = skill(month_ends(181), paths, "ref", draws=50)
    assert found.names == ("p0", "p1")
    assert found.same == {"ref": ("shadow",), "p0": ("twin",)}
    assert found.of == 4


def test_nothing_but_the_reference_has_no_evidence_of_anything() -> None:
    ref = walks(0)["ref"]
    found = skill(month_ends(181), {"ref": ref, "same": ref.copy()}, "ref", draws=50)
    assert (found.names, found.best, found.p_value, found.better) == ((), "ref", 1.0, ())
    assert found.undistinguished == ("ref",)


def test_leads_are_differences_of_yearly_return() -> None:
    days = month_ends(121)
    years = float((days[-1] - days[0]).astype(int)) / 365.25
    steps = np.arange(121) / 120.0
    wobble = np.exp(np.random.default_rng(0).normal(0.0, 1e-4, 121) * np.minimum(steps, 1.0 - steps))
    found = skill(days, {"ref": 2.0**steps, "up": 3.0**steps * wobble}, "ref", draws=50)
    assert found.lead.tolist() == pytest.approx([3.0 ** (1 / years) - 2.0 ** (1 / years)], rel=1e-9)


def test_daily_paths_are_compared_by_the_month_and_short_ones_by_the_session() -> None:
    days = np.busday_offset(np.datetime64("2000-01-03", "D"), np.arange(1600))
    long = skill(days, walks(2, 1600), "ref", draws=50)
    assert (long.step, long.periods) == ("month", 74)
    short = skill(days[:300], walks(2, 300), "ref", draws=50)
    assert (short.step, short.periods) == ("session", 299)


def test_nonsense_gets_a_sentence() -> None:
    with pytest.raises(InputError, match="not among the policies"):
        skill(month_ends(181), walks(2), "other")
    with pytest.raises(InputError, match="at least one policy"):
        skill(month_ends(181), walks(0), "ref")
    with pytest.raises(HistoryTooShortError, match="at least 24 returns"):
        skill(month_ends(20), walks(2, 20), "ref")


@given(st.integers(1, 400), st.integers(2, 50), st.integers(0, 99))
def test_representatives_hold_the_best_half_and_spread_over_the_rest(k: int, most: int, seed: int) -> None:
    scores = np.random.default_rng(seed).normal(size=k)
    rows = representatives(scores, most)
    assert len(rows) == min(k, most)
    assert (np.diff(rows) > 0).all()
    if k > most:
        assert set(np.argsort(-scores)[: most // 2].tolist()) <= set(rows.tolist())


def test_an_undefined_score_is_the_worst() -> None:
    assert representatives(np.array([np.nan, 1.0, 2.0, np.nan]), 2).tolist() == [0, 2]
