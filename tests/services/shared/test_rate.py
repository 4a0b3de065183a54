"""How fast a count grows, in words a person can act on."""

from __future__ import annotations

from keel.services.shared.rate import Rate, progress_words
from keel.units import SPACE


def plain(words: str) -> str:
    return words.replace(SPACE, " ")


def test_a_count_is_told_before_its_rate_is_known() -> None:
    assert progress_words(312, 1_026, 300, 0.5) == "312 of 1,026"


def test_the_rate_counts_what_was_done_since_it_began() -> None:
    assert plain(progress_words(120, 1_000, 100, 10.0)) == "120 of 1,000 · 10 a second · 88 s left"
    assert plain(progress_words(12, 100, 10, 4.0)) == "12 of 100 · 2.5 a second · 35 s left"


def test_minutes_and_the_last_second() -> None:
    assert plain(progress_words(10, 10_000, 10, 2.0)).endswith("5.0 a second · 33 min left")
    assert plain(progress_words(999, 1_000, 900, 1.0)).endswith("900 a second · 1 s left")


def test_at_the_end_it_compares() -> None:
    assert plain(progress_words(10, 10, 10, 2.0)) == "10 of 10 · comparing"


def test_before_the_first_mark_it_says_what_keeps_it() -> None:
    now = [100.0]
    count = Rate(clock=lambda: now[0])
    assert count.words("policies") == "Starting policies"
    now[0] += 1.5
    assert count.words("policies") == "Preparing the engine, once"
    assert count.words("policies", waits=True) == "Waiting for its turn"


def test_only_the_last_seconds_tell_the_time_left() -> None:
    now = [0.0]
    count = Rate(clock=lambda: now[0])
    for second in range(11):  # ten seconds at 100 a second, then six at 10
        now[0] = float(second)
        count.mark(100 * second, 2_000)
    for second in range(11, 17):
        now[0] = float(second)
        count.mark(1_000 + 10 * (second - 10), 2_000)
    assert plain(count.words("policies")) == "1,060 of 2,000 · 10 a second · 2 min left"
