"""What a bundle holds: the question, what it was asked of, the prices, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from keel.domain.arrays import Days, Floats
from keel.domain.framework.records import Framework
from keel.domain.market.prices import PriceMatrix
from keel.domain.portfolio.filling import Filling
from keel.domain.study.question import Question

FORMAT = 1
ENDING = ".keel.zip"
ABOUT, FRAMEWORK, STUDY = "about.json", "framework.json", "study.json"
PRICES, BENCHMARK, WEALTH, EVENTS = "prices.csv", "benchmark.csv", "wealth.csv", "rebalances.csv"
MEGABYTE = 1_000_000
LARGEST = 60 * MEGABYTE  # of the file
PARTS: Mapping[str, int] = {  # what may be in it, and how large each may be once unpacked
    ABOUT: MEGABYTE,
    FRAMEWORK: 20 * MEGABYTE,
    STUDY: 20 * MEGABYTE,
    PRICES: 80 * MEGABYTE,
    BENCHMARK: 40 * MEGABYTE,
    WEALTH: 80 * MEGABYTE,
    EVENTS: 80 * MEGABYTE,
}


class Event(NamedTuple):
    """A rebalance: its day, one-way turnover, and cost as a fraction of wealth."""

    date: date
    turnover: float
    cost: float


@dataclass(frozen=True, eq=False, slots=True)
class Answered:
    """What one policy or the benchmark came to: wealth (n,) on its ``dates``, metrics as JSON values, rebalances."""

    name: str
    dates: Days
    wealth: Floats
    metrics: Mapping[str, object]
    events: tuple[Event, ...]


@dataclass(frozen=True, eq=False, slots=True)
class About:
    """Where a bundle comes from: the version of Keel, the day, the run, its portfolio, the prices' fingerprint.

    ``altered`` names the parts that are not what was written.
    """

    keel: str
    made: str
    run_id: str
    portfolio: Mapping[str, object]
    fingerprint: str
    altered: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False, slots=True)
class Bundle:
    """Everything a run rests on and came to. ``beside`` are the closes of the benchmark, with their ``frequency``."""

    about: About
    framework: Framework
    filling: Filling
    question: Question
    prices: PriceMatrix
    answers: tuple[Answered, ...]
    notes: tuple[str, ...]
    benchmark: Answered | None = None
    beside: PriceMatrix | None = None
    frequency: str = ""
