"""What of several policies could be luck: the day of each one's check, other histories and other starts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from keel.backtest.luck.bootstrap import Confidence, confidence
from keel.backtest.luck.fan import Fan, fan
from keel.backtest.luck.rolling import RollingStarts, rolling_starts
from keel.backtest.parallel import Cancel, Progress
from keel.backtest.window import Window
from keel.domain.portfolio.book import Book
from keel.domain.study.candidate import Candidate
from keel.domain.study.resampling import USUAL, Resampling


@dataclass(frozen=True, slots=True)
class Comparison:
    """The first policy against another one: over resampled histories, and begun at every month's end."""

    histories: Confidence
    starts: tuple[RollingStarts, ...]


@dataclass(frozen=True, slots=True)
class LuckReport:
    """The fan of each policy by name, and the first of them against each other one."""

    days: dict[str, Fan]
    against: tuple[Comparison, ...]


def luck_report(
    window: Window,
    book: Book,
    candidates: Sequence[Candidate],
    how: Resampling = USUAL,
    *,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
) -> LuckReport:
    """What of the candidates could be luck; stopped, it has the comparisons that were done.

    Each costs as much as ``fan``, ``confidence`` and ``rolling_starts``, and raises what these raise.
    """
    first, *others = candidates
    of = len(candidates) + len(others)
    days: dict[str, Fan] = {}
    against: list[Comparison] = []
    for one in candidates:
        _say(progress, len(days), of)
        days[one.name] = fan(window, book, one, cancel=cancel)
    for other in others:
        if cancel is not None and cancel():
            break
        _say(progress, len(days) + len(against), of)
        against.append(
            Comparison(
                confidence(window, book, first, other, how, cancel=cancel),
                rolling_starts(window, book, first, other, cancel=cancel),
            )
        )
    return LuckReport(days, tuple(against))


def _say(progress: Progress | None, done: int, of: int) -> None:
    if progress is not None:
        progress(done, of)
