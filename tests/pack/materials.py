"""What packs are made of in tests: a small framework on made-up prices, without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import numpy as np

from keel.backtest.run import answer
from keel.domain.brand import Brand
from keel.domain.constraints.evaluation import at_design
from keel.domain.drift.report import Occasion, report
from keel.domain.framework.records import Bucket, Constraint, Framework, Holding
from keel.domain.market.prices import PriceMatrix
from keel.domain.plan.as_json import order_json
from keel.domain.plan.ask import Ask
from keel.domain.plan.outcome import Order
from keel.domain.plan.record import PlanRecord, PlanStatus
from keel.domain.policy.presets import PRESETS
from keel.domain.policy.records import RunSettings
from keel.domain.portfolio.book import Book, book
from keel.domain.portfolio.position import Position
from keel.domain.portfolio.records import Pick, Portfolio
from keel.domain.study.question import Question
from keel.pack.material import Material

MADE = date(2026, 11, 21)
FRAMEWORK = Framework(
    name="Calm sea",
    buckets=(
        Bucket("AssetClass/Equity", "Equity", 0.6, 0.5, 0.7),
        Bucket("AssetClass/Equity/US", "US equity", 0.4, holdings=(Holding("AAA", 1.0),)),
        Bucket("AssetClass/Equity/World", "World equity", 0.2, holdings=(Holding("BBB", 1.0),)),
        Bucket("AssetClass/Bonds", "Bonds", 0.4, holdings=(Holding("CCC", 1.0),)),
    ),
    description="Keep what was saved, with a moderate risk.",
    risk_band="medium",
    rebalancing=PRESETS["five_twenty_five"],
    constraints=(Constraint("min_bonds", 30.0),),
    id="fw_1",
    version=3,
)
POLICIES = {"5/25 band": PRESETS["five_twenty_five"], "Never": PRESETS["never"]}


def prices(years: int = 6) -> PriceMatrix:
    """Monthly closes of three products, seeded."""
    months = np.arange("2018-01", f"{2018 + years}-02", dtype="datetime64[M]")
    days = (months + 1).astype("datetime64[D]") - np.timedelta64(1, "D")
    steps = np.random.default_rng(7).normal([0.008, 0.006, 0.002], [0.045, 0.05, 0.012], (len(days) - 1, 3))
    closes = 100 * np.exp(np.vstack([np.zeros(3), np.cumsum(steps, axis=0)]))
    return PriceMatrix(days, ("AAA", "BBB", "CCC"), closes, ("total_return",) * 3, notes=("Made up for a test.",))


def framework_book() -> Book:
    """What fills the framework."""
    return book(FRAMEWORK)


def material(framework: Framework = FRAMEWORK, **changes: object) -> Material:
    """A pack of the framework under two policies."""
    question = Question("pf_1", POLICIES, RunSettings(cost_bps=10.0), portfolio_version=2)
    matrix = prices()
    picks = tuple(Pick(b.path, f"id_{h.symbol}", h.symbol, h.share) for b in framework.buckets for h in b.holdings)
    made = Material(
        framework=framework,
        portfolio=Portfolio("Calm sea", "fw_1", 3, picks, "pf_1", version=2),
        question=question,
        results=answer(matrix, book(framework), question, framework),
        prices=matrix,
        made=MADE,
        notes=matrix.notes,
        limits=at_design(framework),
        run_id="run_1",
        brand=Brand("Harbour & Lane", "12 Quay Street"),
        client="The Okafor family",
    )
    return replace(made, **changes)


def held() -> Material:
    """A pack of a portfolio that is held and off its targets."""
    positions = (
        Position("AAA", 52.0, price=100.0),
        Position("BBB", 18.0, price=100.0),
        Position("CCC", 30.0, price=100.0),
    )
    return material(drift=report(FRAMEWORK, framework_book(), positions, {}, Occasion(MADE, MADE)))


def planned(status: PlanStatus = PlanStatus.draft, trades: int = 2) -> PlanRecord:
    """A plan that sells what is over and buys what is under."""
    orders = (
        Order("Main", "AAA", -1_200.0, -12.0, 100.0, 150.0),
        Order("IRA", "CCC", 1_000.0, 10.0, 100.0),
    )[:trades]
    said = {
        "total_before": 10_000.0,
        "total_after": 10_000.0,
        "drift_before": 0.12,
        "drift_after": 0.02,
        "realised_gain": 150.0,
        "tax": 22.5,
        "trades": [order_json(order) for order in orders],
        "leftover": 200.0,
        "factors": {"sells": 1.0, "buys": 0.94},
        "buckets": [{"path": "AssetClass/Bonds", "label": "Bonds", "before": 0.3, "after": 0.4, "target": 0.4}],
        "constraints": [{"status": "pass", "message": "Bonds must be at least 30.0%; now 40.0%."}],
        "notes": ["Buys are scaled to the cash."],
    }
    ask = Ask(deposit=500.0) if trades == 1 else Ask()
    return PlanRecord("pf_1", 2, ask, {}, {}, said, {}, status, created_at=datetime(2026, 11, 20, tzinfo=UTC))
