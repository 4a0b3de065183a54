"""A profile is complete or there is none."""

from __future__ import annotations

import pytest
from tests.domain.profile.answered import answered

from keel.domain.profile.record import Wishes, assessed
from keel.errors import InputError


def test_complete_answers_are_a_profile_with_what_they_come_to() -> None:
    bold = assessed("Ann", answered(9))
    assert (bold.assessed.risk_band, bold.wishes, bold.version) == ("high", Wishes(), 0)


def test_an_answer_too_few_is_said() -> None:
    with pytest.raises(InputError, match="every question"):
        assessed("Ann", {"fall": "wait"})
