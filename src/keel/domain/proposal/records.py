"""A proposal: a framework that nobody has saved, why each part of it is as it is, and what could not be met."""

from __future__ import annotations

from dataclasses import dataclass

from keel.domain.framework.records import Framework

RULES = "rules"  # who proposed, where it was no model
REBALANCING, BENCHMARK = "rebalancing", "benchmark"  # what a reason may be about beside a bucket's path and a limit


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is proposed: ``about`` is a bucket's path, a limit's type, ``rebalancing`` or ``benchmark``."""

    about: str
    words: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """A framework to be accepted, edited or left; ``notes`` say which wishes it does not meet, and why.

    ``source`` is who proposed it: ``rules``, or a model by its name.
    """

    framework: Framework
    reasons: tuple[Reason, ...]
    notes: tuple[str, ...] = ()
    source: str = RULES
