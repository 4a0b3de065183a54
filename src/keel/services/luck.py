"""Is it luck? The same comparison on other days, other starts, other histories, and against the number of tries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from keel.backtest.luck.answers.as_json import confidence_json, fan_json, report_json, skill_json, starts_json
from keel.domain.arrays import Floats, Ints
from keel.domain.market.prices import PriceMatrix
from keel.domain.portfolio.book import Book
from keel.domain.study.candidate import Candidate, candidate_json, parse_candidate, require
from keel.domain.study.question import Question, parse_question, question_json
from keel.domain.study.resampling import USUAL, Resampling, require_resampling
from keel.errors import InputError, RunNotFoundError
from keel.services.shared import jobs
from keel.services.shared.job import Job, Kind, Request
from keel.services.shared.subject import subject, window
from keel.store import runs
from keel.store.connection import Database

if TYPE_CHECKING:
    from keel.backtest.luck.answers.report import LuckReport
    from keel.backtest.luck.bootstrap import Confidence
    from keel.backtest.luck.fan import Fan
    from keel.backtest.luck.rolling import RollingStarts
    from keel.backtest.luck.skill import Skill
    from keel.backtest.parallel import Cancel, Progress
    from keel.backtest.window import Window


MANY = Resampling(draws=1_000, level=0.1)  # for the best of many: a test of every policy at once


def fan(
    db: Database,
    question: Question,
    policy: Candidate | str,
    *,
    tranches: int = 4,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
) -> Fan:
    """The policy at every offset of its look, and in tranches; it may be named as one of the question's."""
    from keel.backtest.luck.fan import fan as compute

    one = _candidate(question, policy)
    sessions, book = _subject(db, question, one)
    return compute(sessions, book, one, tranches=tranches, progress=progress, cancel=cancel)


def confidence(
    db: Database,
    question: Question,
    a: Candidate | str,
    b: Candidate | str,
    how: Resampling = USUAL,
    *,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
) -> Confidence:
    """The differences a − b over resampled histories; ``a`` and ``b`` may be names of policies of the question."""
    from keel.backtest.luck.bootstrap import confidence as compute

    first, second = _candidate(question, a), _candidate(question, b)
    sessions, book = _subject(db, question, first, second)
    return compute(sessions, book, first, second, how, progress=progress, cancel=cancel)


def rolling_starts(
    db: Database,
    question: Question,
    a: Candidate | str,
    b: Candidate | str,
    horizons: Sequence[int | None] = (5, 10, None),
    *,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
) -> tuple[RollingStarts, ...]:
    """The differences a − b begun at every month's end, one record a horizon in years that fits; None: to the end."""
    from keel.backtest.luck.rolling import rolling_starts as compute

    first, second = _candidate(question, a), _candidate(question, b)
    sessions, book = _subject(db, question, first, second)
    return compute(sessions, book, first, second, horizons, progress=progress, cancel=cancel)


def skill(
    db: Database,
    question: Question,
    tried: Sequence[Candidate],
    reference: Candidate | str,
    how: Resampling = MANY,
    *,
    of: int | None = None,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
) -> Skill | None:
    """What is left of the best of ``tried`` once their number is known; None when cancelled before the tests.

    Of more than a sweep's 200 policies give those ``comparable`` picks and how many there were as ``of``. Names
    are unique; a policy named like the reference is the reference.
    """
    from keel.backtest.luck.outcome import outcome
    from keel.backtest.luck.skill import skill as compute
    from keel.backtest.parallel import in_order
    from keel.backtest.reference import held_at_target

    standard = _candidate(question, reference)
    compared = (standard, *(one for one in tried if one.name != standard.name))
    names = [one.name for one in compared]
    _require_comparable(names)
    require(*compared)
    sessions, book = _subject(db, question, *compared)
    at_target = held_at_target(sessions, book)
    paths = in_order(
        lambda one: outcome(sessions, book, one, at_target).wealth,
        compared,
        len(names),
        progress=progress,
        cancel=cancel,
    )
    wealth = dict(zip(names, list(paths), strict=False))
    if len(wealth) < len(names):
        return None
    return compute(sessions.dates, wealth, standard.name, of=of, draws=how.draws, seed=how.seed, level=how.level)


def comparable(scores: Floats) -> Ints:
    """The rows of many policies that ``skill`` takes: of those with a score all, or the best and an even sample."""
    from keel.backtest.luck.skill import representatives

    rows = np.flatnonzero(np.isfinite(scores))
    return rows[representatives(scores[rows])]


def words(answer: Confidence | Fan | RollingStarts | Skill) -> str:
    """The answer in a sentence, or a few."""
    from keel.backtest.luck.answers import words as told
    from keel.backtest.luck.bootstrap import Confidence
    from keel.backtest.luck.fan import Fan
    from keel.backtest.luck.rolling import RollingStarts

    match answer:
        case Confidence():
            return told.confidence_words(answer)
        case Fan():
            return told.fan_words(answer)
        case RollingStarts():
            return told.rolling_words(answer)
        case _:
            return told.skill_words(answer)


def _require_comparable(names: Sequence[str]) -> None:
    from keel.backtest.luck.skill import MOST

    if len(set(names)) < len(names):
        raise InputError("Two policies have the same name.", hint="Give each its own.", subject="policies")
    if len(names) > MOST + 1:
        hint = "Choose those with the best figures."
        raise InputError(f"At most {MOST} policies can be compared, not {len(names) - 1}.", hint=hint)


def _subject(db: Database, question: Question, *compared: Candidate) -> tuple[Window, Book]:
    """The window and the book; the series of a risk-free rate that is one stand in the window too."""
    rates = tuple(dict.fromkeys(rate for one in compared for rate in one.settings.rates))
    on = subject(db, question, rates)
    return window(on, question), on.book


def _candidate(question: Question, which: Candidate | str) -> Candidate:
    if isinstance(which, Candidate):
        return which
    if which not in question.policies:
        names = ", ".join(question.policies)
        raise RunNotFoundError(f"The run has no policy {which}; it has {names}.", subject=which)
    return Candidate(which, question.policies[which], question.settings)


def ask_confidence(db: Database, question: Question, a: Candidate, b: Candidate, how: Resampling) -> Job[Confidence]:
    """``confidence`` as background work; stopped, it has the histories that were done."""
    return jobs.ask(
        db, CONFIDENCE, _about(question, a=a, b=b) | {"draws": how.draws, "seed": how.seed, "block": how.block}
    )


def ask_fan(db: Database, question: Question, policy: Candidate) -> Job[Fan]:
    """``fan`` as background work; stopped, it has the days that were done."""
    return jobs.ask(db, FAN, _about(question, policy=policy))


def ask_rolling(db: Database, question: Question, a: Candidate, b: Candidate) -> Job[tuple[RollingStarts, ...]]:
    """``rolling_starts`` as background work."""
    return jobs.ask(db, ROLLING, _about(question, a=a, b=b))


def ask_skill(
    db: Database, question: Question, tried: Sequence[Candidate], reference: Candidate, of: int, seed: int
) -> Job[Skill | None]:
    """``skill`` as background work; stopped, it has no answer."""
    more = {"tried": [candidate_json(one) for one in tried], "of": of, "seed": seed}
    return jobs.ask(db, SKILL, _about(question, reference=reference) | more)


def ask_report(db: Database, run_id: str, how: Resampling) -> Job[LuckReport]:
    """What of a stored run's policies could be luck, as background work. Raises RunNotFoundError, InputError."""
    runs.get(db, run_id)
    require_resampling(how)
    return jobs.ask(db, REPORT, {"run_id": run_id, "draws": how.draws, "seed": how.seed, "block": how.block})


def report(prices: PriceMatrix, book: Book, question: Question, how: Resampling = USUAL) -> LuckReport:
    """What of the question's policies could be luck, asked of prices instead of a portfolio.

    Raises MarketDataError, InvalidPolicyError, InputError for a number of histories out of range.
    """
    from keel.backtest.luck.answers.report import luck_report
    from keel.backtest.window import align

    settings = question.settings
    symbols = (*book.symbols, *settings.rates)
    sessions = align(prices, symbols, question.start, question.end, allow_gaps=settings.allow_gaps)
    return luck_report(sessions, book, _candidates(question), how)


def report_of_run(
    db: Database,
    run_id: str,
    how: Resampling = USUAL,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
) -> LuckReport:
    """What of a stored run's policies could be luck. Raises RunNotFoundError, MarketDataError, InputError."""
    from keel.backtest.luck.answers.report import luck_report

    question = runs.get(db, run_id).question
    sessions, book = _subject(db, question)
    return luck_report(sessions, book, _candidates(question), how, progress=progress, cancel=cancel)


def _candidates(question: Question) -> tuple[Candidate, ...]:
    return tuple(_candidate(question, name) for name in question.policies)


def _about(question: Question, **candidates: Candidate) -> dict[str, object]:
    """The request's part that all questions about luck share; other policies of the question and its benchmark do not
    matter."""
    bare = replace(question, policies={}, benchmark="")
    named = {name: candidate_json(one) for name, one in candidates.items()}
    return {"portfolio_id": bare.portfolio_id} | question_json(bare) | named


def _asked(request: Request, *names: str) -> tuple[Question, list[Candidate]]:
    """The question of a request, and its candidates by their names there."""
    question = parse_question(request["portfolio_id"], request)
    return question, [parse_candidate(request[name]) for name in names]


def _run_confidence(db: Database, request: Request, job: Job[Confidence]) -> Confidence:
    question, (a, b) = _asked(request, "a", "b")
    how = Resampling(request["draws"], request["seed"], block=request.get("block"))
    return confidence(db, question, a, b, how, progress=job.report, cancel=job.stopped)


def _run_fan(db: Database, request: Request, job: Job[Fan]) -> Fan:
    question, (policy,) = _asked(request, "policy")
    return fan(db, question, policy, progress=job.report, cancel=job.stopped)


def _run_rolling(db: Database, request: Request, job: Job[tuple[RollingStarts, ...]]) -> tuple[RollingStarts, ...]:
    question, (a, b) = _asked(request, "a", "b")
    return rolling_starts(db, question, a, b, progress=job.report, cancel=job.stopped)


def _run_skill(db: Database, request: Request, job: Job[Skill | None]) -> Skill | None:
    question, (reference,) = _asked(request, "reference")
    tried = [parse_candidate(one) for one in request["tried"]]
    how = replace(MANY, seed=request["seed"])
    return skill(db, question, tried, reference, how, of=request["of"], progress=job.report, cancel=job.stopped)


def _run_report(db: Database, request: Request, job: Job[LuckReport]) -> LuckReport:
    how = Resampling(request["draws"], request["seed"], block=request["block"])
    return report_of_run(db, request["run_id"], how, progress=job.report, cancel=job.stopped)


CONFIDENCE: Kind[Confidence] = Kind("confidence", "histories", _run_confidence, confidence_json)
FAN: Kind[Fan] = Kind("fan", "days", _run_fan, fan_json)
ROLLING: Kind[tuple[RollingStarts, ...]] = Kind("rolling", "starts", _run_rolling, starts_json)
SKILL: Kind[Skill | None] = Kind("skill", "policies", _run_skill, skill_json)
REPORT: Kind[LuckReport] = Kind("luck", "answers", _run_report, report_json)
JOBS: dict[str, Kind[Any]] = {kind.name: kind for kind in (CONFIDENCE, FAN, ROLLING, SKILL, REPORT)}
