"""How alike a fund and its proxy are: by hand, by what must hold of any pair, and as pandas has it."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keel.domain.arrays import Days
from keel.domain.issue import Finding, Severity
from keel.domain.market.lines.likeness import (
    Likeness,
    in_words,
    likeness,
    likeness_json,
    nothing_alike,
    told,
    weak_proxies,
)
from keel.domain.market.series import Line

MONTHS: Days = np.array(["2020-01-31", "2020-02-29", "2020-03-31", "2020-04-30"], dtype="datetime64[D]")


def line(*closes: float, dates: Days = MONTHS) -> Line:
    return dates[: len(closes)], np.array(closes)


def test_by_hand() -> None:
    # fund +10%, -10%, +20%; proxy +10%, -10%, +10%
    fund, proxy = line(1.0, 1.1, 0.99, 1.188), line(1.0, 1.1, 0.99, 1.089)
    found = likeness("FUND", "INDEX", fund, proxy, "monthly")
    r, q = np.array([0.1, -0.1, 0.2]), np.array([0.1, -0.1, 0.1])
    common, its, own = 0.0166666666666667, 0.0133333333333333, 0.0233333333333333  # sums of products less means, / 2
    assert (r - r.mean()) @ (q - q.mean()) / 2 == pytest.approx(common)
    assert found.beta == pytest.approx(common / its)  # 1.25
    assert found.correlation == pytest.approx(common / math.sqrt(its * own))
    assert found.tracking_error == pytest.approx(0.1 / math.sqrt(3) * math.sqrt(12))  # of 0, 0, 0.1
    assert (found.sessions, found.first, found.last) == (4, date(2020, 1, 31), date(2020, 4, 30))


def test_only_the_sessions_both_have_are_measured() -> None:
    late = np.array(["2020-02-28", "2020-03-31", "2020-04-30", "2020-05-29"], dtype="datetime64[D]")
    found = likeness("FUND", "INDEX", line(1, 2, 3, 4), line(9, 8, 7, 6, dates=late), "monthly")
    assert (found.sessions, found.first) == (3, date(2020, 2, 29))  # a month is one session whatever its last day


def test_without_a_session_in_common_that_is_said() -> None:
    later = MONTHS + np.timedelta64(400, "D")
    found = likeness("FUND", "INDEX", line(1, 2), line(1, 2, dates=later), "monthly")
    assert found == Likeness("FUND", "INDEX", frequency="monthly")
    assert in_words(found) == "Not measured: FUND and INDEX have no session in common."
    few = likeness("FUND", "INDEX", line(1, 2), line(1, 2), "monthly")
    assert nothing_alike(few).endswith("have only 2 months in common.")


def test_a_line_that_never_moves_has_no_correlation() -> None:
    found = likeness("FUND", "INDEX", line(1, 2, 1, 2), line(1, 1, 1, 1), "monthly")
    assert (found.correlation, found.beta, found.weak) == (None, None, False)
    assert "no correlation defined" in in_words(found)
    assert likeness("FUND", "INDEX", line(1, 1, 1, 1), line(1, 2, 1, 2), "monthly").beta == 0


def test_a_weak_proxy_is_a_warning_with_its_correlation() -> None:
    pair = [Likeness("A", "X", 9, correlation=0.9), Likeness("B", "Y", 9, correlation=0.8999), Likeness("C", "Z")]
    (finding,) = weak_proxies(pair)
    assert (finding.code, finding.severity, finding.subject) == ("weak_proxy", Severity.warning, "B")
    assert finding.message == "Y is a weak proxy of B: correlation 0.89."


def test_the_sentence_and_the_json_say_the_same() -> None:
    found = Likeness("VTI", "MSCI US", 102, "monthly", date(2008, 1, 31), date(2016, 6, 30), 0.991, 1.02, 0.0184)
    assert in_words(found) == (
        "VTI with MSCI US over 102 months to Jun 2016: correlation 0.99, beta 1.02, tracking error 1.8% a year."
    )
    assert likeness_json(found)["last"] == "2016-06-30"
    assert likeness_json(Likeness("A", "B"))["correlation"] is None


def test_health_tells_of_the_likeness_where_a_proxy_stands_in_and_where_it_extends() -> None:
    found = Likeness("B", "Y", 9, correlation=0.5, beta=1.0, tracking_error=0.1)
    proxied = Finding("proxied", Severity.note, "B", "Y stands in for B.")
    weak, said = told([proxied], found)
    assert (weak.code, said.code) == ("weak_proxy", "proxied")
    assert said.message == f"Y stands in for B. {in_words(found)}"
    assert [f.code for f in told([], replace(found, correlation=0.95))] == ["extended"]
    assert told([proxied], None) == (proxied,)


returns = st.lists(st.tuples(st.floats(-0.5, 0.5), st.floats(-0.5, 0.5)), min_size=3, max_size=40)


@given(returns)
def test_as_pandas_has_it(pairs: list[tuple[float, float]]) -> None:
    frame = pd.DataFrame(pairs, columns=["r", "q"])
    dates = np.datetime64("2020-01-01", "D") + np.arange(len(frame) + 1)
    fund, proxy = (np.concatenate([[1.0], np.cumprod(1 + frame[c].to_numpy())]) for c in ("r", "q"))
    found = likeness("F", "P", (dates, fund), (dates, proxy), "daily")
    assert found.tracking_error == pytest.approx((frame.r - frame.q).std() * math.sqrt(252), abs=1e-9)
    if frame.r.var() > 1e-6 and frame.q.var() > 1e-6:
        assert found.correlation == pytest.approx(frame.r.corr(frame.q), abs=1e-9)
        assert found.beta == pytest.approx(frame.r.cov(frame.q) / frame.q.var(), abs=1e-9)


@given(returns, st.floats(0.01, 100))
def test_the_size_of_a_price_does_not_matter_and_a_twin_is_alike(pairs: list[tuple[float, float]], size: float) -> None:
    closes = np.concatenate([[1.0], np.cumprod([1 + r for r, _ in pairs])])
    dates = np.datetime64("2020-01-01", "D") + np.arange(len(closes))
    found = likeness("F", "P", (dates, closes), (dates, size * closes), "daily")
    assert found.tracking_error == pytest.approx(0.0, abs=1e-9)
    if found.correlation is not None:
        assert (found.correlation, found.beta) == (pytest.approx(1.0), pytest.approx(1.0))
