"""What the words of a broker for what happened do: the first pattern that they begin with decides."""

from __future__ import annotations

import re
from functools import cache

from keel.sources.brokers.statement.journal import Effect

Actions = tuple[tuple[str, Effect], ...]


def effect_of(words: str, actions: Actions) -> Effect:
    """What words in the case of the patterns do; ``unknown`` where no pattern fits.

    >>> effect_of("YOU BOUGHT VTI", ((r"YOU (BOUGHT|SOLD)", Effect.buy),)).value
    'buy'
    """
    return next((effect for pattern, effect in actions if _compiled(pattern).match(words)), Effect.unknown)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
