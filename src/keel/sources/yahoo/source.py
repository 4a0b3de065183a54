"""Yahoo as a source: how it is asked for days and for facts, at which pace, and what time it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from keel.sources.yahoo import facts, history
from keel.sources.yahoo.gate import Pace

NAME = "Yahoo"


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Source:
    """What a refresh asks; tests pass a clock of their own."""

    pace: Pace
    history: history.Asker = history.ask_history
    facts: facts.Asker = facts.ask_facts
    now: Callable[[], datetime] = _now
