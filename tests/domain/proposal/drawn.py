"""Profiles drawn by chance: any answers, any goal, any tags to leave out and to prefer."""

from __future__ import annotations

import random

from keel.domain.profile.as_json import TAGS
from keel.domain.profile.questions import QUESTIONS
from keel.domain.profile.record import Goal, InvestorProfile, Wishes, assessed

KNOWN = sorted(TAGS)


def profile(seed: int) -> InvestorProfile:
    """The profile of a seed."""
    chance = random.Random(seed)
    answers = {question.id: chance.choice(question.answers).id for question in QUESTIONS}
    drawn = chance.sample(KNOWN, chance.randint(0, 14))
    cut = chance.randint(0, len(drawn))
    wishes = Wishes(chance.choice(list(Goal)), tuple(drawn[:cut]), tuple(drawn[cut:]))
    return assessed("Ann", answers, wishes)
