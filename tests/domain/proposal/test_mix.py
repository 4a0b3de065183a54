"""The whole by asset class."""

from __future__ import annotations

from tests.domain.profile.answered import answered
from tests.domain.proposal.drawn import profile

from keel.domain.profile.record import Wishes, assessed
from keel.domain.proposal.mix import mix


def test_the_classes_sum_to_the_whole_in_steps_of_five() -> None:
    for seed in range(100):
        whole = mix(profile(seed))
        percents = [one.percent for one in (whole.equity, whole.bonds, whole.alternatives, whole.cash)]
        assert sum(percents) == 100
        assert all(percent >= 0 and percent % 5 == 0 for percent in percents)


def test_what_is_lived_on_and_soon_needed_is_ready() -> None:
    careful = mix(assessed("Ann", answered(0)))
    assert (careful.cash.percent, careful.alternatives.percent) == (25, 5)  # 10 lived on, 10 needed soon, 5 no reserve
    assert mix(assessed("Ann", answered(-1))).cash.percent == 0
    without = mix(assessed("Ann", answered(0), Wishes(exclude=("asset_class:bonds",))))
    assert (without.bonds.percent, without.cash.reason) == (0, "In place of bonds, which are excluded.")
