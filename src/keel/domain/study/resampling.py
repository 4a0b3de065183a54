"""How histories are resampled, to see how far a difference could be luck."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


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
