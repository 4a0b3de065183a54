"""How histories are resampled, to see how far a difference could be luck."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from keel.errors import InputError

MOST_DRAWS = 20_000


class Design(StrEnum):
    """What is resampled.

    ``histories``: the assets' return rows, jointly; both policies trade anew on each history. ``paired``: the two
    policies' own returns, jointly; each keeps the trades of the one path it took, so a policy whose trades depend on
    the path looks surer than it is.
    """

    histories = "histories"
    paired = "paired"


@dataclass(frozen=True, slots=True)
class Resampling:
    """How histories are drawn: how many ``draws``, from which ``seed``, and the ``level`` of what is said of them.

    ``block`` is the mean length of a block in sessions; None: the length that suits the returns.
    """

    draws: int = 500
    seed: int = 0
    level: float = 0.95
    design: Design = Design.histories
    block: int | None = None


GIVEN = "given"  # what a block length was chosen from, where it was asked for
USUAL = Resampling()


def require_resampling(how: Resampling) -> None:
    """Raises InputError for a number of histories, a level or a block out of range.

    >>> require_resampling(Resampling(draws=0))
    Traceback (most recent call last):
    keel.errors.InputError: draws must be between 1 and 20000, not 0.
    """
    if not 1 <= how.draws <= MOST_DRAWS:
        raise InputError(f"draws must be between 1 and {MOST_DRAWS}, not {how.draws}.", subject="draws")
    if not 0.0 < how.level < 1.0:
        raise InputError(f"level must be between 0 and 1, not {how.level:g}.", subject="level")
    if how.block is not None and how.block < 1:
        raise InputError(f"block must be at least 1 session, not {how.block}.", subject="block")
