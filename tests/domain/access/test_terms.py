"""What lets somebody in has a name that can be read, and an end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from keel.domain.access.terms import LONGEST_NAME, MOST_DAYS, end_after, usable_name
from keel.errors import InputError

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_a_name_of_the_longest_length_is_usable_on_one_line() -> None:
    longest = "x" * LONGEST_NAME
    assert usable_name(f" {longest}\n", "for whom it is") == longest
    assert usable_name("a\nb", "for whom it is") == "a b"


@pytest.mark.parametrize("name", ["x" * (LONGEST_NAME + 1), "a\x00b", "a\x7fb"])
def test_a_name_that_is_too_long_or_has_controls_is_refused(name: str) -> None:
    with pytest.raises(InputError, match="This name cannot be used") as refused:
        usable_name(name, "for whom it is")
    assert refused.value.hint == "Say in up to 60 characters for whom it is."


def test_it_ends_within_a_day_and_as_many_as_there_may_be() -> None:
    assert [end_after(days, NOW) - NOW for days in (1, MOST_DAYS)] == [timedelta(1), timedelta(MOST_DAYS)]
    for days in (0, -1, MOST_DAYS + 1):
        with pytest.raises(InputError, match="end some day"):
            end_after(days, NOW)
