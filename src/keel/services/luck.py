"""Is it luck? The same comparison on other days, other starts, other histories, and against the number of tries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from keel.backtest.metrics.table import row
from keel.domain.policy.records import Policy, RunSettings
from keel.domain.portfolio.book import Book
from keel.domain.study.candidate import Candidate, require
from keel.domain.study.findings import difference_sentence, fan_sentence, rolling_sentence, skill_sentence
from keel.domain.study.question import parse_request
from keel.errors import InputError, RunNotFoundError
from keel.store import portfolios, runs
from keel.store.connection import Database
from keel.store.material import material

if TYPE_CHECKING:
    from keel.backtest.luck.bootstrap import Confidence, Design
    from keel.backtest.luck.fan import Fan
    from keel.backtest.luck.rolling import RollingStarts
    from keel.backtest.luck.skill import Skill
    from keel.backtest.parallel import Cancel, Progress
    from keel.backtest.window import Window


@dataclass(frozen=True, slots=True)
class Ground:
    """What stays the same while policies vary: the portfolio and the prices it is studied on."""

    portfolio_id: str
    start: date | None = None
    end: date | None = None
    dataset: str = ""
    proxies: bool = True


Where = Ground | str  # the ground itself, or the id of a run that stands on it


def ground(db: Database, run_id: str) -> Ground:
    """What a stored run stands on. Raises RunNotFoundError."""
    run = runs.get(db, run_id)
    asked = parse_request(run.portfolio_id, run.request)
    return Ground(asked.portfolio_id, asked.start, asked.end, asked.dataset, asked.proxies)


def candidates(db: Database, run_id: str) -> tuple[Candidate, ...]:
    """The policies of a stored run with its settings, in their order. Raises RunNotFoundError."""
    run = runs.get(db, run_id)
    asked = parse_request(run.portfolio_id, run.request)
    return tuple(Candidate(name, policy, asked.settings) for name, policy in asked.policies.items())


def fan(
    db: Database,
    where: Where,
    policy: Policy,
    settings: RunSettings,
    *,
    tranches: int = 4,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
) -> Fan:
    """The policy at every offset of its look, and in tranches."""
    from keel.backtest.luck.fan import fan as compute

    asked = Candidate("", policy, settings)
    window, book = _stage(db, where, asked)
    return compute(window, book, asked, tranches=tranches, progress=progress, cancel=cancel)


def confidence(
    db: Database,
    where: Where,
    a: Candidate | str,
    b: Candidate | str,
    *,
    draws: int = 500,
    seed: int = 0,
    level: float = 0.95,
    design: Design | None = None,
    block: int | None = None,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
) -> Confidence:
    """The differences a − b over resampled histories; ``a`` and ``b`` may be names of policies of the run ``where``.

    ``design`` None: the histories are resampled and both policies trade anew.
    """
    from keel.backtest.luck.bootstrap import Design
    from keel.backtest.luck.bootstrap import confidence as compute

    first, second = _candidate(db, where, a), _candidate(db, where, b)
    window, book = _stage(db, where, first, second)
    return compute(
        window,
        book,
        first,
        second,
        draws=draws,
        seed=seed,
        level=level,
        design=design or Design.histories,
        block=block,
        progress=progress,
        cancel=cancel,
    )


def rolling_starts(
    db: Database,
    where: Where,
    a: Candidate | str,
    b: Candidate | str,
    horizons: Sequence[int | None] = (5, 10, None),
    *,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
) -> tuple[RollingStarts, ...]:
    """The differences a − b begun at every month's end, one record a horizon in years that fits; None: to the end."""
    from keel.backtest.luck.rolling import rolling_starts as compute

    first, second = _candidate(db, where, a), _candidate(db, where, b)
    window, book = _stage(db, where, first, second)
    return compute(window, book, first, second, horizons, progress=progress, cancel=cancel)


def skill(
    db: Database,
    where: Where,
    tried: Sequence[Candidate],
    reference: Candidate | str,
    *,
    of: int | None = None,
    draws: int = 1000,
    seed: int = 0,
    level: float = 0.1,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
) -> Skill | None:
    """What is left of the best of ``tried`` once their number is known; None when cancelled before the tests.

    Of more than a sweep's 200 policies give those ``representatives`` picks and how many there were as ``of``. Names
    are unique; a policy named like the reference is the reference.
    """
    from keel.backtest.luck.outcome import outcome
    from keel.backtest.luck.skill import MOST
    from keel.backtest.luck.skill import skill as compute
    from keel.backtest.parallel import in_order
    from keel.backtest.reference import held_at_target

    standard = _candidate(db, where, reference)
    all_tried = (standard, *(one for one in tried if one.name != standard.name))
    names = [one.name for one in all_tried]
    if len(set(names)) < len(names):
        raise InputError("Two policies have the same name.", hint="Give each its own.", subject="policies")
    if len(names) > MOST + 1:
        hint = "Let representatives choose them by a figure."
        raise InputError(f"At most {MOST} policies can be compared, not {len(names) - 1}.", hint=hint)
    require(*all_tried)
    window, book = _stage(db, where, *all_tried)
    held = held_at_target(window, book)
    paths = in_order(
        lambda one: outcome(window, book, one, held).wealth, all_tried, len(names), progress=progress, cancel=cancel
    )
    wealth = dict(zip(names, list(paths), strict=False))
    if len(wealth) < len(names):
        return None
    return compute(window.dates, wealth, standard.name, of=of, draws=draws, seed=seed, level=level)


def fan_words(found: Fan, metric: str = "cagr") -> str:
    """The fan in a sentence."""
    spread = found.spreads[metric]
    low, high = (spread.low, spread.high) if spread else (None, None)
    return fan_sentence(
        row(metric).words, low, high, len(found.offsets), found.tranches, found.tranched_values.get(metric)
    )


def confidence_words(found: Confidence, metric: str = "cagr") -> str:
    """What the resampled histories say of the difference, in a sentence."""
    one = found.of(metric)
    return difference_sentence(
        found.a, found.b, row(metric).words, one.seen, one.otherwise, one.defined, one.low, one.high
    )


def rolling_words(found: RollingStarts, metric: str = "cagr") -> str:
    """How often which policy was ahead, in a sentence."""
    return rolling_sentence(found.a, found.b, row(metric).words, *found.higher(metric), found.horizon, found.apart)


def skill_words(found: Skill) -> str:
    """What the lead of the best is worth, in a sentence."""
    tested = len(found.names)
    lead = float(found.lead.max()) if tested else 0.0
    alike, better = len(found.undistinguished), len(found.better)
    return skill_sentence(found.best, found.reference, lead, found.p_value, found.of, tested, alike, better)


def _stage(db: Database, where: Where, *compared: Candidate) -> tuple[Window, Book]:
    """The window and the book; the series of a risk-free rate that is one stand in the window too."""
    from keel.backtest.window import align

    at = ground(db, where) if isinstance(where, str) else where
    rates = tuple(dict.fromkeys(r for one in compared if isinstance(r := one.settings.risk_free, str)))
    found = material(db, portfolios.get(db, at.portfolio_id), at.dataset, proxies=at.proxies, also=rates)
    return align(found.prices, (*found.book.symbols, *rates), at.start, at.end), found.book


def _candidate(db: Database, where: Where, which: Candidate | str) -> Candidate:
    if isinstance(which, Candidate):
        return which
    if not isinstance(where, str):
        raise InputError("A policy can be named only where there is a run.", hint="Give the policy itself.")
    known = candidates(db, where)
    found = next((one for one in known if one.name == which), None)
    if found is None:
        names = ", ".join(one.name for one in known)
        raise RunNotFoundError(f"The run has no policy {which}; it has {names}.", subject=which)
    return found
