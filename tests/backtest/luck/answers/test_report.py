"""One report asks what the single questions ask, and stops when told to."""

from __future__ import annotations

from tests.backtest.chances import BAND, NEVER, QUARTERLY, SIXTY, monthly

from keel.backtest.luck.answers.report import luck_report
from keel.backtest.luck.bootstrap import confidence
from keel.backtest.luck.fan import fan
from keel.backtest.luck.rolling import rolling_starts
from keel.domain.study.resampling import Resampling

FEW = Resampling(draws=5, seed=1)


def test_each_answer_is_that_of_its_own_question() -> None:
    window = monthly(70)
    steps: list[tuple[int, int]] = []
    report = luck_report(window, SIXTY, (BAND, NEVER), FEW, progress=lambda *step: steps.append(step))
    (one,) = report.against
    wanted = confidence(window, SIXTY, BAND, NEVER, FEW)
    assert one.histories.of("cagr").draws.tolist() == wanted.of("cagr").draws.tolist()
    starts = rolling_starts(window, SIXTY, BAND, NEVER)
    assert [s.higher("cagr") for s in one.starts] == [s.higher("cagr") for s in starts]
    assert report.days[NEVER.name].own.tolist() == fan(window, SIXTY, NEVER).own.tolist()
    assert steps == [(0, 3), (1, 3), (2, 3)]


def test_stopped_it_has_what_was_done() -> None:
    asked = iter([False] * 3)
    report = luck_report(monthly(70), SIXTY, (QUARTERLY, NEVER), FEW, cancel=lambda: next(asked, True))
    assert set(report.days) == {QUARTERLY.name, NEVER.name}
    assert report.against == ()
