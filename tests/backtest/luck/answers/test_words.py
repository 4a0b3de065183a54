"""The sentences of a report, each beside what it answers."""

from __future__ import annotations

from tests.backtest.chances import BAND, NEVER, QUARTERLY, SIXTY, monthly

from keel.backtest.luck.answers.report import luck_report
from keel.backtest.luck.answers.words import confidence_words, fan_words, rolling_words, sentences
from keel.domain.study.resampling import Resampling


def test_every_answer_of_a_report_has_its_sentence() -> None:
    report = luck_report(monthly(70), SIXTY, (QUARTERLY, BAND, NEVER), Resampling(draws=5))
    said = list(sentences(report))
    assert [asked for asked, _ in said[:3]] == [QUARTERLY.name, BAND.name, NEVER.name]
    assert [words for _, words in said[:3]] == [fan_words(fan) for fan in report.days.values()]
    first = report.against[0]
    pair = f"{QUARTERLY.name} against {BAND.name}"
    wanted = [confidence_words(first.histories), *map(rolling_words, first.starts)]
    assert [words for asked, words in said if asked == pair] == wanted
