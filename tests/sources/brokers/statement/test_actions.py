"""The first pattern that fits says what words do."""

from __future__ import annotations

from keel.sources.brokers.statement.actions import effect_of
from keel.sources.brokers.statement.journal import Effect


def test_the_first_pattern_at_the_beginning_decides() -> None:
    actions = ((r"sell short", Effect.unheld), (r"sell", Effect.sell))
    assert effect_of("sell short", actions) is Effect.unheld
    assert effect_of("sell", actions) is Effect.sell
    assert effect_of("to sell", actions) is Effect.unknown
