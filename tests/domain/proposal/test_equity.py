"""How much equity answers bear."""

from __future__ import annotations

from itertools import pairwise

import pytest
from tests.domain.profile.answered import answered

from keel.domain.profile.questions import QUESTIONS
from keel.domain.proposal.equity import MOST, equity
from keel.errors import InputError


def test_every_answer_has_its_limit_and_a_bolder_one_never_a_lower() -> None:
    assert {q.id: [a.id for a in q.answers] for q in QUESTIONS} == {name: list(most) for name, most in MOST.items()}
    for most in MOST.values():
        assert all(low <= high for low, high in pairwise(most.values()))


def test_points_or_the_most_careful_answer_decide() -> None:
    assert equity(answered(1)).percent == 35  # 5 of 17 points: 10 + 30 × 0.294 / 0.35 = 35.2
    assert equity(answered(1)).reason == "35% goes with 5 of 17 points."
    held = equity(answered(-1, loss=1, horizon=0))
    assert (held.percent, held.reason) == (20, "20% is the most that goes with “Money needed: Within 3 years”.")


def test_an_answer_that_is_missing_is_asked_for() -> None:
    with pytest.raises(InputError, match="every question"):
        equity({"horizon": "later"})
