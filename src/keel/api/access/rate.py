"""How often one may ask: so many questions a minute, counted in memory of this one process."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from keel.errors import TooManyRequestsError


def _limiter() -> MovingWindowRateLimiter:
    return MovingWindowRateLimiter(MemoryStorage())


@dataclass(frozen=True, slots=True)
class Rate:
    """The limit of one kind of question, and who has asked when.

    >>> rate = Rate(parse("2/minute"))
    >>> [rate.allows("ann") for _ in range(3)], rate.allows("bob")
    ([True, True, False], True)
    """

    limit: RateLimitItem
    limiter: MovingWindowRateLimiter = field(default_factory=_limiter)

    def allows(self, who: str) -> bool:
        """Whether one more question is within the limit; it counts if it is."""
        return self.limiter.hit(self.limit, who)

    def exceeded(self, who: str) -> bool:
        """Whether there were as many as there may be."""
        return not self.limiter.test(self.limit, who)

    def error(self, who: str) -> TooManyRequestsError:
        """What to say to one who asks too often."""
        again = self.limiter.get_window_stats(self.limit, who).reset_time
        wait = max(1, math.ceil(again - time.time()))
        return TooManyRequestsError("These are too many questions at once.", wait=wait, hint=f"Wait {wait} s.")


def usual() -> Rate:
    """How often one with a token may ask."""
    return Rate(parse("1200/minute"))


def failing() -> Rate:
    """How often an address may show tokens that there are not."""
    return Rate(parse("30/minute"))
