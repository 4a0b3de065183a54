"""Steps, what they need, and the way to it."""

from __future__ import annotations

import itertools

import pytest

from keel import journey, settings
from keel.journey import STEPS, Need, Step


def test_every_step_has_its_own_id_its_file_and_a_known_section() -> None:
    assert len({step.id for step in STEPS}) == len(STEPS)
    for step in STEPS:
        assert (settings.load().pages_dir / step.file).is_file()
        assert step.section in journey.SECTIONS


def test_the_menu_shows_every_step_once_in_order() -> None:
    shown = [step for caption in journey.SECTIONS for step in journey.section(caption)]
    assert shown == list(STEPS)


@pytest.mark.parametrize("have", [set(c) for n in range(4) for c in itertools.combinations(Need, n)])
@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.id)
def test_a_locked_step_says_why_and_leads_to_one_that_is_open(step: Step, have: set[Need]) -> None:
    need = journey.lacks(step, have)
    if need is None:
        return
    assert journey.reason(need).startswith(("Needs ", "Choose "))
    assert journey.lacks(journey.way_to(need, have), have) is None


def test_a_step_opens_with_what_it_needs() -> None:
    for step in STEPS:
        assert journey.lacks(step, set(Need)) is None
