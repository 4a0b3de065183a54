"""A profile in sentences."""

from __future__ import annotations

from tests.domain.profile.answered import answered

from keel.domain.profile.record import assessed
from keel.domain.profile.words import in_words


def test_a_profile_says_its_band_what_held_it_down_and_its_answers() -> None:
    lines = list(in_words(assessed("Ann", answered(9, loss=0))))
    assert lines[:2] == [
        "Low risk: ability 9 of 9 points, loss tolerance 4 of 8",
        "At most low: Worst year: −5%",
    ]
    assert lines[2:] == [
        "Money needed: Later, or never",
        "After a fall by a third: Buy more",
        "Worst year: −5%",
        "Lived on each year: None",
        "Cash elsewhere: More than 6 months",
    ]
