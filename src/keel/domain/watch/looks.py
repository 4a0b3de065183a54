"""The next days on which policies may act."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from keel.domain.policy.looks import next_look
from keel.domain.policy.records import Cadence, Policy

FAR = timedelta(days=400)  # a yearly look is always in it
MOST = 12
OFTEN = (Cadence.daily, Cadence.weekly)


@dataclass(frozen=True, slots=True)
class Look:
    """A day on which the policy of a portfolio may act."""

    portfolio_id: str
    name: str
    day: date
    policy: str


def next_looks(
    policy: Policy, after: date, started: date | None = None, last_fill: date | None = None
) -> Iterator[date]:
    """The looks after a day, within 400 days and twelve at most; of one that looks every few sessions only the first.

    >>> from keel.domain.policy.presets import PRESETS
    >>> [str(day) for day in next_looks(PRESETS["annual"], date(2024, 5, 1))]
    ['2024-12-31']
    """
    often = not isinstance(policy.look, Cadence) or policy.look in OFTEN
    day, end = after, after + FAR
    for _ in range(1 if often else MOST):
        following = next_look(policy, day, started=started, last_fill=last_fill)
        if following is None or following > end:
            return
        yield following
        day = following
