"""A bundle computed again: the same question on the same prices, and each number that is not the same."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

import keel
from keel.backtest.benchmark import benchmark
from keel.backtest.metrics import table
from keel.backtest.result import BacktestResult, metrics_json
from keel.backtest.run import answer
from keel.domain.portfolio.book import book
from keel.domain.study.blend import blend_of
from keel.domain.text import plain
from keel.pack.bundle.contents import Answered, Bundle
from keel.units import day

TOLERANCE = 1e-9  # of the larger number, and never less than of 1
MOST_LISTED = 500


@dataclass(frozen=True, slots=True)
class Difference:
    """What is not as it was: where, what the bundle says, and what was computed; ``day`` for one of a path."""

    where: str
    stored: object
    computed: object
    day: date | None = None

    def sentence(self) -> str:
        """It in words."""
        on = f" on {day(self.day)}" if self.day else ""
        return f"{plain(self.where, 120)}{on}: {_said(self.stored)} in the bundle, {_said(self.computed)} computed."


@dataclass(frozen=True, slots=True)
class Replay:
    """What computing a bundle again came to: how many numbers were compared, and those that differ."""

    policies: tuple[str, ...]
    closes: int
    compared: int
    differences: tuple[Difference, ...]
    keel: str
    fingerprint: str

    @property
    def same(self) -> bool:
        """Whether nothing differs."""
        return not self.differences


def replay(bundle: Bundle) -> Replay:
    """The bundle's question asked again of its own prices. Raises what a backtest raises where it has no answer."""
    question = bundle.question
    held = book(bundle.framework, bundle.filling)
    results = answer(bundle.prices, held, replace(question, benchmark=""), bundle.framework)
    blend, other = blend_of(question.benchmark), None
    if blend is not None and bundle.beside is not None:
        other = benchmark(bundle.beside, blend, bundle.frequency, results[0])[0]
    pairs = [*zip(bundle.answers, results, strict=False)]
    if bundle.benchmark is not None and other is not None:
        pairs.append((bundle.benchmark, other))
    found = [*_whole(bundle, results), *(one for pair in pairs for one in _of_result(*pair))]
    return Replay(
        policies=tuple(result.name for result in results),
        closes=len(results[0].dates),
        compared=sum(len(a.wealth) + len(a.metrics) + 2 * len(a.events) for a, _ in pairs),
        differences=tuple(found[:MOST_LISTED]),
        keel=bundle.about.keel,
        fingerprint=results[0].meta.fingerprint,
    )


def _whole(bundle: Bundle, results: tuple[BacktestResult, ...]) -> Iterator[Difference]:
    """What differs in the whole: parts that were changed, the prices, the policies."""
    for name in bundle.about.altered:
        yield Difference(f"The part {name}", "as it was written", "changed since")
    yield from _unless("The fingerprint of the prices", bundle.about.fingerprint, results[0].meta.fingerprint)
    stored, names = [a.name for a in bundle.answers], [r.name for r in results]
    yield from _unless("The policies", ", ".join(stored), ", ".join(names))
    said = set(bundle.notes)
    for note in results[0].meta.notes:
        if note not in said:
            yield Difference("A notice", "not there", note)


def _of_result(stored: Answered, result: BacktestResult) -> Iterator[Difference]:
    """What differs between what is stored of a policy and its result."""
    computed = metrics_json(result)
    for key in dict.fromkeys((*stored.metrics, *computed)):
        if not _alike(stored.metrics.get(key), computed.get(key)):
            yield Difference(f"{result.name}, {_label(key)}", stored.metrics.get(key), computed.get(key))
    yield from _of_path(stored, result)
    yield from _unless(f"{result.name}, number of rebalances", len(stored.events), len(result.events))
    for was, now in zip(stored.events, result.events, strict=False):
        yield from _unless(f"{result.name}, day of a rebalance", was.date.isoformat(), now.date.isoformat())
        if not _alike(was.turnover, now.turnover):
            yield Difference(f"{result.name}, turnover", was.turnover, now.turnover, now.date)
        if not _alike(was.cost, now.cost):
            yield Difference(f"{result.name}, cost", was.cost, now.cost, now.date)


def _of_path(stored: Answered, result: BacktestResult) -> Iterator[Difference]:
    """The first close at which wealth differs, and the last."""
    if not np.array_equal(stored.dates, result.dates.astype("datetime64[D]")):
        yield Difference(f"{result.name}, number of closes", len(stored.dates), len(result.dates))
        return
    gap = np.abs(stored.wealth - result.wealth)
    apart = np.flatnonzero(~(gap <= TOLERANCE * np.maximum(1.0, np.abs(result.wealth))))
    for at in dict.fromkeys((*apart[:1].tolist(), *apart[-1:].tolist())):
        when: date = stored.dates[at].item()
        yield Difference(f"{result.name}, wealth", float(stored.wealth[at]), float(result.wealth[at]), when)


def _unless(where: str, stored: object, computed: object) -> Iterator[Difference]:
    if stored != computed:
        yield Difference(where, stored, computed)


def _alike(stored: object, computed: object) -> bool:
    """Whether two JSON values are the same, numbers to the tolerance."""
    if isinstance(stored, int | float) and isinstance(computed, int | float):
        return math.isclose(stored, computed, rel_tol=TOLERANCE, abs_tol=TOLERANCE)
    if isinstance(stored, list) and isinstance(computed, list):
        return len(stored) == len(computed) and all(map(_alike, stored, computed))
    if isinstance(stored, Mapping) and isinstance(computed, Mapping):
        return stored.keys() == computed.keys() and all(_alike(stored[k], computed[k]) for k in stored)
    return stored == computed


def _label(key: str) -> str:
    label = next((metric.label for metric in table.METRICS if metric.key == key), "")
    return label.lower() or key


def _said(value: object) -> str:
    return plain(str(value), 120)


def sentence(replay: Replay) -> str:
    """What the replay came to, in one sentence."""
    names = f"{len(replay.policies)} {'policy' if len(replay.policies) == 1 else 'policies'}"
    what = f"Computed again: {names} on {replay.closes:,} closes, {replay.compared:,} numbers"
    made = "" if replay.keel == keel.__version__ else f" The bundle was made with Keel {plain(replay.keel, 20)}."
    if replay.same:
        return f"{what}, all the same to 1e-9.{made}"
    count = len(replay.differences)
    return f"{what}; {count}{' or more' if count == MOST_LISTED else ''} {'differs' if count == 1 else 'differ'}.{made}"


def replay_json(replay: Replay) -> dict[str, object]:
    """The replay as JSON values."""
    return {
        "same": replay.same,
        "policies": list(replay.policies),
        "closes": replay.closes,
        "compared": replay.compared,
        "keel": replay.keel,
        "prices_fingerprint": replay.fingerprint,
        "differences": [
            {
                "where": d.where,
                "day": d.day.isoformat() if d.day else None,
                "stored": d.stored,
                "computed": d.computed,
            }
            for d in replay.differences
        ],
    }
