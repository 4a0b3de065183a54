"""What the lab asks the services, each as a job: the landscape of policies, and whether a lead is luck."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import streamlit as st

from keel.domain.policy.presets import PRESETS
from keel.domain.study.candidate import Candidate
from keel.domain.study.question import Question
from keel.domain.study.resampling import Resampling
from keel.services import lab, luck, mapping, study
from keel.services.lab import Stage
from keel.services.market.benchmarks import benchmarks
from keel.services.market.datasets import datasets
from keel.services.shared.memory import recall
from keel.services.work import drafts
from keel.ui.frame import root
from keel.ui.lab import axes as lab_axes
from keel.ui.lab import question
from keel.ui.lab.axes import Axes, Cost
from keel.ui.lab.landscape import Landscape, Place
from keel.ui.question.form import Form, of_portfolio

if TYPE_CHECKING:
    from keel.backtest.luck.bootstrap import Confidence
    from keel.backtest.luck.fan import Fan
    from keel.backtest.luck.landscapes import Verdicts
    from keel.backtest.luck.rolling import RollingStarts
    from keel.backtest.luck.skill import Skill
    from keel.backtest.sweep.table import SweepTable
    from keel.domain.arrays import Floats
    from keel.services.shared.job import Job

Value = TypeVar("Value")
MOST_IN_A_RUN = 4
VERDICTS = "lab-verdicts"  # the test under way, in the session


@dataclass(frozen=True, slots=True)
class Pair:
    """The chosen policy and what it is compared with, on one stage."""

    question: Question
    chosen: Candidate
    reference: Candidate


def question_of(portfolio_id: str, run_id: str) -> Question:
    """What the run in the link was asked; without one what was last asked of the portfolio, else all of its history.

    Raises NotFoundError.
    """
    db = root.database()
    if run_id:
        return study.question_of(db, run_id)
    portfolio = mapping.get_portfolio(db, portfolio_id)
    last = drafts.question(db, portfolio)
    return last.question if last else Question(portfolio_id, portfolio_version=portfolio.version)


def on_stage(question: Question) -> Stage:
    """The question on its prices. Raises KeelError when it has none."""
    db = root.database()
    return recall(db, ("stage", question), lambda: lab.stage(db, question))


def form_of(on: Stage) -> Form:
    """The form of what the policies are run with: all but what the axes say."""
    db, portfolio = root.database(), on.subject.portfolio
    sets = recall(db, ("datasets", portfolio.id, portfolio.version), lambda: datasets(db, portfolio))
    series = recall(db, "benchmarks", lambda: benchmarks(db))
    return of_portfolio(question.PREFIX, portfolio, on.subject.framework, sets, series, question.WITHOUT)


def span(on: Stage) -> tuple[date, date]:
    """The first and the last date of the stage."""
    first, last = (on.window.dates[i].astype("datetime64[D]").astype(object) for i in (0, -1))
    return first, last


def landscape(on: Stage, axes: Axes) -> Job[SweepTable]:
    """The sweep of the axes on the stage. Raises InputError for axes that make no sense."""
    return lab.ask_sweep(root.database(), _asked(on), lab_axes.grid(axes, on.question.settings))


def verdicts(on: Stage, axes: Axes) -> Verdicts | None:
    """Which axes matter by more than luck; None while nobody knows."""
    job = lab.find_verdicts(root.database(), _asked(on), lab_axes.grid(axes, on.question.settings))
    return job.answer if job and job.finished() else None


def ask_verdicts(on: Stage, axes: Axes) -> Job[Verdicts]:
    """The test of the axes; what this page asked before of others is stopped."""
    job = lab.ask_verdicts(root.database(), _asked(on), lab_axes.grid(axes, on.question.settings))
    before = st.session_state.get(VERDICTS)
    if before is not None and before is not job:
        before.stop()
    st.session_state[VERDICTS] = job
    return job


def _asked(on: Stage) -> Question:
    """What a sweep on the stage depends on: its policies are those of its grid."""
    return replace(on.question, policies={}, benchmark="")


def found(on: Stage, axes: Axes, table: SweepTable) -> Landscape:
    """What a sweep of the axes came to, beside never rebalancing at the same costs."""
    db, question = root.database(), _asked(on)

    def never() -> Floats:
        alone = lab_axes.alone(PRESETS["never"], question.settings, axes.costs, axes.others)
        grown = lab.sweep(db, question, alone)
        growth = np.full(alone.size, np.nan)
        growth[grown.rows] = grown.metric("cagr")
        return lab_axes.over_others(axes, growth)

    growth = recall(db, ("never", question, axes.costs, axes.others), never)
    at = (question, axes, table.done)
    return Landscape(axes, table, growth, on.window.frequency, at, on.subject.framework.base_ccy)


def picture(landscape: Landscape, name: Hashable, make: Callable[[], Value]) -> Value:
    """What ``make`` gives for a landscape, made once under that name; do not change it."""
    return recall(root.database(), ("picture", landscape.question, name), make)


def confidence(pair: Pair, how: Resampling) -> Job[Confidence]:
    """The differences over resampled histories."""
    return luck.ask_confidence(root.database(), pair.question, pair.chosen, pair.reference, how)


def fan(pair: Pair) -> Job[Fan]:
    """The chosen policy on every day of its look."""
    return luck.ask_fan(root.database(), pair.question, pair.chosen)


def rolling(pair: Pair) -> Job[tuple[RollingStarts, ...]]:
    """The differences begun in every month."""
    return luck.ask_rolling(root.database(), pair.question, pair.chosen, pair.reference)


def skill(on: Stage, found: Landscape, cost: Cost, reference: Candidate, seed: int) -> Job[Skill | None]:
    """What is left of the best policy of the landscape once the number of tries is known."""
    tried, of = picture(found, ("tried", cost), lambda: _tried(found, cost))
    return luck.ask_skill(root.database(), on.question, tried, reference, of, seed)


def _tried(found: Landscape, cost: Cost) -> tuple[tuple[Candidate, ...], int]:
    """The policies of a landscape that a test of many can compare, and how many there were."""
    growth = found.values("cagr", cost).ravel()
    rows = luck.comparable(growth)
    names, places = found.names(rows), found.places(rows)
    tried = [Candidate(name, *found.policy(place, cost)) for name, place in zip(names, places, strict=True)]
    return tuple(tried), int(np.isfinite(growth).sum())


def opened(on: Stage, found: Landscape, place: Place, cost: Cost) -> str:
    """The id of a run of the chosen policy; beside it those of the run in the link, else never and the framework's."""
    from keel.domain.policy.words import PRESET_LABELS, preset_name

    policy, settings = found.policy(place, cost)
    own = on.subject.framework.rebalancing
    known = preset_name(own)
    usual = {PRESET_LABELS["never"]: PRESETS["never"], PRESET_LABELS[known] if known else "Own policy": own}
    beside = dict(on.question.policies) or usual
    name = found.short(place)
    others = [item for item in beside.items() if item[0] != name and item[1] != policy]
    policies = dict(others[: MOST_IN_A_RUN - 1]) | {name: policy}
    question = replace(on.question, policies=policies, settings=settings)
    return study.run_backtest(root.database(), question).run_id
