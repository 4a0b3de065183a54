"""Answers about luck as JSON values: each sentence with its figures by metric, without the draws they come from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from keel.backtest.luck.answers.words import confidence_words, fan_words, rolling_words, skill_words

if TYPE_CHECKING:
    from keel.backtest.luck.answers.report import LuckReport
    from keel.backtest.luck.bootstrap import Confidence
    from keel.backtest.luck.fan import Fan
    from keel.backtest.luck.rolling import RollingStarts
    from keel.backtest.luck.skill import Skill
    from keel.backtest.luck.spread import Spread


def report_json(report: LuckReport) -> dict[str, object]:
    """The report as ``keel luck --json`` prints it."""
    return {
        "days": [{"policy": name} | fan_json(found) for name, found in report.days.items()],
        "against": [
            {"histories": confidence_json(one.histories), "starts": [rolling_json(starts) for starts in one.starts]}
            for one in report.against
        ],
    }


def fan_json(found: Fan) -> dict[str, object]:
    """How much the day of the check was worth; of a policy without another day, the day of its purchase."""
    bought = found.bought
    return {
        "words": fan_words(found),
        "offsets": len(found.offsets),
        "own": dict(found.own_values),
        "spreads": _spreads(found.spreads),
        "tranches": found.tranches if found.tranched is not None else None,
        "in_tranches": dict(found.tranched_values),
        "purchases": 0 if bought is None else len(bought.sessions),
        "purchase_spreads": {} if bought is None else _spreads(bought.spreads),
        "width_spreads": {} if bought is None else _spreads(bought.widths),
    }


def confidence_json(found: Confidence) -> dict[str, object]:
    """The differences a − b over resampled histories, and how these were drawn."""
    return {
        "words": confidence_words(found),
        "a": found.a,
        "b": found.b,
        "design": found.design.value,
        "block": found.block,
        "basis": found.basis,
        "frequency": found.frequency,
        "seed": found.seed,
        "level": found.level,
        "histories": found.draws,
        "ruined": list(found.ruined),
        "differences": {
            one.metric: {
                "seen": one.seen,
                "low": one.low,
                "median": one.median,
                "high": one.high,
                "p_value": one.p_value,
                "otherwise": one.otherwise,
                "defined": one.defined,
            }
            for one in found.differences
        },
    }


def rolling_json(found: RollingStarts) -> dict[str, object]:
    """How often a was ahead of b when begun at every month's end."""
    return {
        "words": rolling_words(found),
        "a": found.a,
        "b": found.b,
        "horizon": found.horizon,
        "apart": found.apart,
        "leads": {metric: found.higher(metric)._asdict() for metric in found.differences},
    }


def starts_json(found: Sequence[RollingStarts]) -> dict[str, object]:
    """The same for each horizon."""
    return {"starts": [rolling_json(one) for one in found]}


def skill_json(found: Skill | None) -> dict[str, object]:
    """What is left of the best of many; nothing of a test that was stopped."""
    if found is None:
        return {}
    return {
        "words": skill_words(found),
        "best": found.best,
        "reference": found.reference,
        "p_value": found.p_value,
        "better": list(found.better),
        "undistinguished": list(found.undistinguished),
    }


def _spreads(spreads: Mapping[str, Spread | None]) -> dict[str, object]:
    return {metric: asdict(one) if one is not None else None for metric, one in spreads.items()}
