"""What the lab asks the services, each as a job: the landscape of policies, and whether a lead is luck."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from keel.domain.policy.records import PRESETS
from keel.domain.study.candidate import Candidate
from keel.domain.study.question import Question
from keel.services import lab, luck, study
from keel.services.lab import Stage
from keel.services.luck import Resampling
from keel.services.shared.memory import recall
from keel.ui.frame import root
from keel.ui.lab import axes as lab_axes
from keel.ui.lab import jobs
from keel.ui.lab.axes import Axes
from keel.ui.lab.jobs import Job
from keel.ui.lab.landscape import Landscape, Place

if TYPE_CHECKING:
    from keel.backtest.luck.bootstrap import Confidence
    from keel.backtest.luck.fan import Fan
    from keel.backtest.luck.rolling import RollingStarts
    from keel.backtest.luck.skill import Skill

TRANCHES = 4
MOST_IN_A_RUN = 4


@dataclass(frozen=True, slots=True)
class Pair:
    """The chosen policy and what it is compared with, on one stage."""

    question: Question
    chosen: Candidate
    reference: Candidate

    @property
    def key(self) -> str:
        """A text that is the same for the same comparison."""
        return repr((self.question, self.chosen, self.reference))


def on_stage(portfolio_id: str, run_id: str) -> Stage:
    """The portfolio on its prices. Raises KeelError when it has none."""
    db = root.database()
    question = study.question_of(db, run_id) if run_id else Question(portfolio_id)
    return recall(db, ("stage", question), lambda: lab.stage(db, question))


def span(on: Stage) -> tuple[date, date]:
    """The first and the last date of the stage."""
    first, last = (on.window.dates[i].astype("datetime64[D]").astype(object) for i in (0, -1))
    return first, last


def _asked(on: Stage, axes: Axes) -> tuple[str, Question, Axes]:
    return "lab", replace(on.question, policies={}, benchmark=""), axes


def landscape(on: Stage, axes: Axes) -> Job[Landscape]:
    """The policies of the axes on the stage. Raises InputError for axes that make no sense."""
    lab_axes.require(axes)
    db, grid = root.database(), lab_axes.grid(axes, on.question.settings)
    never = lab_axes.alone(PRESETS["never"], on.question.settings, axes.costs)

    def work(job: Job[Landscape]) -> Landscape:
        costs = len(axes.costs)
        first = lab.sweep(db, on.question, never)
        table = lab.sweep(
            db,
            on.question,
            grid,
            progress=lambda p: job.report(p.done // costs, p.total // costs),
            cancel=job.stopped,
        )
        alone = np.full(costs, np.nan)
        alone[first.rows] = first.metric("cagr")
        return Landscape(axes, table, alone, on.window.frequency)

    return jobs.begin(db, _asked(on, axes), "policies", work)


def again(on: Stage, axes: Axes) -> None:
    """Begins a stopped landscape anew."""
    jobs.forget(root.database(), _asked(on, axes))


def confidence(pair: Pair, draws: int, seed: int) -> Job[Confidence]:
    """The differences over resampled histories."""
    db = root.database()

    def work(job: Job[Confidence]) -> Confidence:
        return luck.confidence(
            db,
            pair.question,
            pair.chosen,
            pair.reference,
            Resampling(draws, seed),
            progress=job.report,
            cancel=job.stopped,
        )

    return jobs.begin(db, ("confidence", pair.key, draws, seed), "histories", work)


def fan(pair: Pair) -> Job[Fan]:
    """The chosen policy on every day of its look."""
    db = root.database()

    def work(job: Job[Fan]) -> Fan:
        return luck.fan(db, pair.question, pair.chosen, tranches=TRANCHES, progress=job.report, cancel=job.stopped)

    return jobs.begin(db, ("fan", pair.key), "days", work)


def rolling(pair: Pair) -> Job[tuple[RollingStarts, ...]]:
    """The differences begun in every month."""
    db = root.database()

    def work(job: Job[tuple[RollingStarts, ...]]) -> tuple[RollingStarts, ...]:
        return luck.rolling_starts(
            db, pair.question, pair.chosen, pair.reference, progress=job.report, cancel=job.stopped
        )

    return jobs.begin(db, ("rolling", pair.key), "starts", work)


def skill(on: Stage, found: Landscape, cost: float, reference: Candidate, seed: int) -> Job[Skill | None]:
    """What is left of the best policy of the landscape once the number of tries is known."""
    db = root.database()

    def work(job: Job[Skill | None]) -> Skill | None:
        from keel.backtest.luck.skill import representatives

        growth = found.values("cagr", cost).ravel()
        rows = np.flatnonzero(np.isfinite(growth))
        picked = rows[representatives(growth[rows])]
        names = found.names(picked)
        tried = [
            Candidate(name, *found.policy(place, cost)) for name, place in zip(names, found.places(picked), strict=True)
        ]
        return luck.skill(
            db,
            on.question,
            tried,
            reference,
            replace(luck.MANY, seed=seed),
            of=len(rows),
            progress=job.report,
            cancel=job.stopped,
        )

    return jobs.begin(db, _tried(on, found, cost, reference, seed), "policies", work)


def skill_again(on: Stage, found: Landscape, cost: float, reference: Candidate, seed: int) -> None:
    """Lets a stopped test begin anew when next asked."""
    jobs.forget(root.database(), _tried(on, found, cost, reference, seed))


def _tried(on: Stage, found: Landscape, cost: float, reference: Candidate, seed: int) -> tuple[object, ...]:
    return "skill", *_asked(on, found.axes), found.done, cost, repr(reference), seed


def opened(on: Stage, found: Landscape, place: Place, cost: float) -> str:
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
