"""Answers about luck in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from keel.backtest.metrics.table import row
from keel.domain.market.frequency import session_noun
from keel.domain.study.findings import (
    Chance,
    Spread,
    Tried,
    difference_sentence,
    fan_sentence,
    purchase_sentence,
    rolling_sentence,
    ruin_sentence,
    skill_sentence,
)

if TYPE_CHECKING:
    from keel.backtest.luck.answers.report import LuckReport
    from keel.backtest.luck.bootstrap import Confidence
    from keel.backtest.luck.fan import Fan
    from keel.backtest.luck.rolling import RollingStarts
    from keel.backtest.luck.skill import Skill
    from keel.backtest.luck.spread import Spread as DaySpread


def fan_words(found: Fan, metric: str = "cagr") -> str:
    """The fan in a sentence; of a policy that has no other day to check on, what the day of purchase was worth."""
    noun = session_noun(found.frequency)
    if found.bought is not None:
        days, near = found.bought.spreads[metric], found.bought.widths.get(metric)
        tried = Tried(len(found.bought.sessions), noun, *_ends(days))
        return purchase_sentence(row(metric).words, tried, (near.low, near.high) if near else None)
    looks = Tried(len(found.offsets), noun, *_ends(found.spreads[metric]))
    return fan_sentence(row(metric).words, looks, found.tranches, found.tranched_values.get(metric))


def confidence_words(found: Confidence, metric: str = "cagr") -> str:
    """What the resampled histories say of the difference, in a sentence, after those that took everything."""
    one = found.of(metric)
    spread = Spread(one.seen, one.otherwise, one.defined, one.low, one.high)
    ruin = ruin_sentence(found.a, found.b, found.ruined, found.depleted, found.draws)
    return " ".join(part for part in (ruin, difference_sentence(found.a, found.b, row(metric).words, spread)) if part)


def rolling_words(found: RollingStarts, metric: str = "cagr") -> str:
    """How often which policy was ahead, in a sentence."""
    return rolling_sentence(found.a, found.b, row(metric).words, *found.higher(metric), found.horizon, found.apart)


def skill_words(found: Skill) -> str:
    """What the lead of the best is worth, in a sentence."""
    tested = len(found.names)
    lead = float(found.lead.max()) if tested else 0.0
    alike, better = len(found.undistinguished), len(found.better)
    chance = Chance(found.p_value, found.draws)
    return skill_sentence(found.best, found.reference, lead, chance, found.of, tested, alike, better)


def _ends(spread: DaySpread | None) -> tuple[float, float] | tuple[None, None]:
    return (spread.low, spread.high) if spread else (None, None)


def sentences(report: LuckReport) -> Iterator[tuple[str, str]]:
    """What is asked and the answer to it."""
    for name, found in report.days.items():
        yield name, fan_words(found)
    for one in report.against:
        pair = f"{one.histories.a} against {one.histories.b}"
        yield pair, confidence_words(one.histories)
        for starts in one.starts:
            yield pair, rolling_words(starts)
