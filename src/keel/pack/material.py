"""What a client pack is made of: one record of everything it shows, whatever the form."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from keel.backtest.result import BacktestResult
from keel.domain.brand import Brand
from keel.domain.constraints.evaluation import Verdict
from keel.domain.drift.report import DriftReport
from keel.domain.framework.records import Framework
from keel.domain.market.choice import Source
from keel.domain.market.prices import PriceMatrix
from keel.domain.plan.record import PlanRecord
from keel.domain.portfolio.records import Portfolio
from keel.domain.study.question import Question


@dataclass(frozen=True, slots=True)
class Beside:
    """A benchmark: its result, and the closes it was made of with their frequency."""

    result: BacktestResult
    prices: PriceMatrix
    frequency: str


@dataclass(frozen=True, eq=False, slots=True)
class Material:
    """A framework version, the portfolio that fills it, and the answer to a question about both.

    ``made`` is the date on the paper: nothing here looks at a clock. ``drift`` and ``plan``: None where none is.
    ``limits`` say how the products meet those of the framework, ``notes`` are the sentences beside the study.
    """

    framework: Framework
    portfolio: Portfolio
    question: Question
    results: tuple[BacktestResult, ...]
    prices: PriceMatrix
    made: date
    benchmark: Beside | None = None
    sources: tuple[Source, ...] = ()
    notes: tuple[str, ...] = ()
    drift: DriftReport | None = None
    plan: PlanRecord | None = None
    limits: tuple[Verdict, ...] = ()
    run_id: str = ""
    brand: Brand = field(default_factory=Brand)
    client: str = ""

    @property
    def beside(self) -> tuple[BacktestResult, ...]:
        """The results, then the benchmark's."""
        return (*self.results, *((self.benchmark.result,) if self.benchmark else ()))
