"""The next days on which policies may act."""

from __future__ import annotations

from datetime import date

import pytest

from keel.domain.policy.presets import PRESETS
from keel.domain.policy.records import EverySessions, Policy
from keel.domain.watch.looks import next_looks

TODAY = date(2026, 1, 9)


@pytest.mark.parametrize(
    ("name", "count", "first"),
    [("never", 0, ""), ("annual", 1, "2026-12-31"), ("quarterly", 4, "2026-03-31"), ("monthly", 12, "2026-01-30"),
     ("five_twenty_five", 1, "2026-01-12")],
)  # fmt: skip
def test_twelve_at_most_and_one_of_what_looks_often(name: str, count: int, first: str) -> None:
    days = [str(day) for day in next_looks(PRESETS[name], TODAY)]
    assert (len(days), days[:1]) == (count, [first] if first else [])


def test_looks_that_count_sessions_begin_with_the_portfolio() -> None:
    policy = Policy(trigger=PRESETS["monthly"].trigger, look=EverySessions(10))
    assert [str(day) for day in next_looks(policy, TODAY, started=date(2026, 1, 2))] == ["2026-01-16"]
