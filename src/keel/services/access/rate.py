"""How often one may ask: so many questions a minute, counted in memory of this one process."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter, MovingWindowRateLimiter, RateLimiter

from keel.errors import TooManyRequestsError


def _moving() -> RateLimiter:
    return MovingWindowRateLimiter(MemoryStorage())


@dataclass(frozen=True, slots=True)
class Rate:
    """The limit of one kind of question, and who has asked when.

    >>> rate = Rate(parse("2/minute"))
    >>> [rate.allows("ann") for _ in range(3)], rate.allows("bob")
    ([True, True, False], True)
    """

    limit: RateLimitItem
    limiter: RateLimiter = field(default_factory=_moving)
    sentence: str = "These are too many questions at once."

    def allows(self, who: str, cost: int = 1) -> bool:
        """Whether one more question, or so many bytes, are within the limit; they count if they are."""
        return self.limiter.hit(self.limit, who, cost=cost)

    def exceeded(self, who: str) -> bool:
        """Whether there were as many as there may be."""
        return not self.limiter.test(self.limit, who)

    def require(self, who: str, cost: int = 1) -> None:
        """Raises TooManyRequestsError where ``allows`` does not."""
        if not self.allows(who, cost):
            raise self.error(who)

    def error(self, who: str) -> TooManyRequestsError:
        """What to say to one who asks too often."""
        again = self.limiter.get_window_stats(self.limit, who).reset_time
        wait = max(1, math.ceil(again - time.time()))
        return TooManyRequestsError(self.sentence, wait=wait, hint=f"Wait {wait} s.")


def usual() -> Rate:
    """How often one with a token may ask."""
    return Rate(parse("1200/minute"))


def visiting() -> Rate:
    """How often an address may follow links that are shared."""
    return Rate(parse("300/minute"))


def failing() -> Rate:
    """How often an address may show tokens that there are not."""
    return Rate(parse("30/minute"))


def sending() -> Rate:
    """How many bytes one who shows a token may send, in each minute: a window that moves would note every byte."""
    return Rate(parse("500000000/minute"), FixedWindowRateLimiter(MemoryStorage()), "This is too much at once.")
