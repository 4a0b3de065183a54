"""A session of monthly prices is a month."""

from __future__ import annotations

import pytest

from keel.domain.market.frequency import session_noun


@pytest.mark.parametrize(("frequency", "noun"), [("daily", "session"), ("weekly", "week"), ("annual", "year")])
def test_a_session_is_named_after_what_lies_between_two_closes(frequency: str, noun: str) -> None:
    assert session_noun(frequency) == noun


def test_a_frequency_without_a_name_has_sessions() -> None:
    assert session_noun("every 3 weeks") == "session"
