"""A metric as a record."""

from __future__ import annotations

from keel import units
from keel.backtest.metrics.row import Kind, Metric
from keel.domain.study.findings import Spread, difference_sentence


def test_it_reads_finer_only_where_it_says_so() -> None:
    plain = Metric("x", "x", form=units.pct)
    assert plain.fine(0.12345) == "12.3%"
    assert Metric("x", "x", form=units.pct, finer=units.pct2).fine(0.12345) == "12.35%"


def test_dates_and_lists_do_not_stand_in_a_table() -> None:
    assert [Metric("x", "x", kind=kind).shown for kind in Kind] == [True, True, False, False]


def test_a_phrase_makes_it_one_that_policies_are_compared_by() -> None:
    metric = Metric("x", "x", form=units.pct, higher=False, phrase="swung {x} less than {b}", noun="swing")
    assert metric.compared
    assert not Metric("x", "x").compared
    said = difference_sentence("A", "B", metric.words, Spread(0.02, 0, 1000, 0.0, 0.1))
    assert said.startswith(f"B swung 2.0{units.SPACE}pp less than A here")
