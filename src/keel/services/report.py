"""Live positions of a stored portfolio: their drift, how they meet the limits, and what others are shown of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from typing import Any

from keel.domain.constraints.as_json import verdicts_json
from keel.domain.constraints.evaluation import Verdict, judge
from keel.domain.constraints.types import Stage
from keel.domain.drift.as_json import drift_json
from keel.domain.drift.forecast import Forecast
from keel.domain.drift.held import closes_at
from keel.domain.drift.lines import lines
from keel.domain.drift.report import DriftReport, Occasion, report
from keel.domain.framework.records import Framework
from keel.domain.market.lines.conversion import foreign
from keel.domain.plan.record import PlanRecord, waiting
from keel.domain.policy.records import Policy
from keel.domain.portfolio.book import book
from keel.domain.portfolio.position import Position
from keel.domain.portfolio.records import Portfolio, holdings
from keel.errors import InputError, MarketDataError, PricesMissingError
from keel.services.shared.exposed import exposed_lines
from keel.services.shared.held.ahead import ahead
from keel.services.shared.held.drifted import drift_now
from keel.services.shared.held.worth import rates
from keel.store import frameworks, instruments, portfolios, prices
from keel.store.connection import Database
from keel.store.holdings import plans
from keel.units import day


def limits(db: Database, portfolio_id: str, found: DriftReport) -> tuple[Verdict, ...]:
    """How what is held meets the framework's limits and the minimum and maximum of its buckets.

    Raises PortfolioNotFoundError.
    """
    return _verdicts(db, _stored(db, portfolio_id)[1], found)


def _verdicts(db: Database, framework: Framework, found: DriftReport) -> tuple[Verdict, ...]:
    held = exposed_lines(db, lines(found))
    return judge(framework, held, Stage.holdings, portfolio_value=found.value)


def _stored(db: Database, portfolio_id: str) -> tuple[Portfolio, Framework]:
    """A portfolio and its version of its framework."""
    portfolio = portfolios.get(db, portfolio_id)
    return portfolio, frameworks.get(db, portfolio.framework_id, portfolio.framework_version)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a report of a stored portfolio may be asked beside: another policy, a day, and when it was last rebalanced.

    Without a day it is that of the freshest close among what is held, ``today`` where there is none.
    """

    today: date
    policy: Policy | None = None
    as_of: date | None = None
    last_rebalance: date | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """A report with what may come, how what is held meets the limits, and the portfolio's name, if it is stored."""

    framework: Framework
    report: DriftReport
    ahead: Forecast
    verdicts: tuple[Verdict, ...]
    name: str = ""


def judged(db: Database, portfolio_id: str, asked: Asked) -> Judged:
    """The drift of a stored portfolio, the chance of a breach, and the limits' verdicts. Raises as ``drift``."""
    portfolio, framework = _stored(db, portfolio_id)
    found = _drift(db, portfolio, framework, asked)
    forecast, verdicts = ahead(db, framework.base_ccy, found), _verdicts(db, framework, found)
    return Judged(framework, found, forecast, verdicts, portfolio.name)


@dataclass(frozen=True, slots=True)
class Shown:
    """What others are shown of a portfolio, with the plan that waits to be carried out.

    Without ``judged``, where nothing is held or nothing has a value, ``trouble`` says which.
    """

    name: str
    judged: Judged | None
    trouble: str
    waiting: PlanRecord | None


def shown(db: Database, portfolio_id: str, today: date) -> Shown:
    """The newest state of a portfolio as others are shown it. Raises PortfolioNotFoundError."""
    name, plan = portfolios.get(db, portfolio_id).name, waiting(plans.list_for(db, portfolio_id))
    try:
        return Shown(name, judged(db, portfolio_id, Asked(today)), "", plan)
    except (InputError, MarketDataError) as error:
        return Shown(name, None, error.message, plan)


def document(seen: Judged) -> dict[str, object]:
    """A report as the command line prints it and REST answers it."""
    return drift_json(seen.report, seen.ahead) | {"constraints": verdicts_json(seen.verdicts)}


def shown_document(shown: Shown) -> dict[str, object]:
    """What others are shown as JSON values, without an id of anything."""
    plan = shown.waiting
    when = plan.accepted_at.isoformat() if plan is not None and plan.accepted_at else None
    return {
        "name": shown.name,
        "drift": None if shown.judged is None else document(shown.judged),
        "trouble": shown.trouble,
        "plan": None if plan is None else {"accepted_at": when, **plan.said},
    }


def drift(db: Database, portfolio_id: str, asked: Asked) -> DriftReport:
    """The drift of what a portfolio holds, at the freshest close at or before the day; a price that was given wins.

    The last rebalance is the newest executed plan, unless it is said. Raises PortfolioNotFoundError, and InputError
    where nothing is held or nothing is worth anything.
    """
    return _drift(db, *_stored(db, portfolio_id), asked)


def _drift(db: Database, portfolio: Portfolio, framework: Framework, asked: Asked) -> DriftReport:
    return drift_now(
        db,
        portfolio,
        framework,
        asked.today,
        policy=asked.policy,
        as_of=asked.as_of,
        last_rebalance=asked.last_rebalance,
    )


def drift_of(
    db: Database,
    portfolio_id: str,
    positions: Sequence[Position],
    *,
    policy: Policy | None = None,
    as_of: date | None = None,
    last_rebalance: date | None = None,
) -> DriftReport:
    """The drift of positions that need not be stored, at the last stored closes at or before ``as_of``.

    Only an instrument's own prices count, never its proxy's, in the framework's currency at the day's rate. Positions
    that bring their prices, in that currency, need none stored; then ``as_of`` must be given. Raises
    PortfolioNotFoundError, PricesMissingError, InputError, MarketDataError for what no rate converts.
    """
    portfolio, framework = _stored(db, portfolio_id)
    picked = holdings(portfolio)
    symbols = {h.symbol for held in picked.values() for h in held} | {p.symbol for p in positions}
    stored = sorted(symbols & {series.symbol for series in prices.coverage(db)})
    made = book(framework, picked)
    if not stored:
        if as_of is None:
            raise PricesMissingError(
                "None of these holdings has a stored price.", hint="Give the date and a price for each holding."
            )
        return report(framework, made, positions, {}, Occasion(as_of, last_rebalance=last_rebalance), policy=policy)
    priced_at, last = closes_at(prices.series(db, stored), as_of)
    last = _in_base(db, framework.base_ccy, last, priced_at, {p.symbol for p in positions if p.price is None})
    started = portfolio.created_at.date() if portfolio.created_at else None
    when = Occasion(as_of or priced_at, priced_at, last_rebalance, started)
    return report(framework, made, positions, last, when, policy=policy)


def _in_base(db: Database, base_ccy: str, closes: Mapping[str, float], when: date, held: Set[str]) -> dict[str, float]:
    """The closes of a day in a currency. Raises MarketDataError where what is held cannot be converted."""
    own = dict.fromkeys(closes, "") | {i.symbol: i.currency for i in reversed(instruments.find_many(db, list(closes)))}
    exchange = rates(db, base_ccy, own.values(), when)
    for lacking in foreign([(symbol, own[symbol]) for symbol in closes if symbol in held], exchange.money):
        raise MarketDataError(lacking.message, hint=lacking.fix, subject=lacking.subject)
    worth = {symbol: exchange.worth(close, own[symbol]) for symbol, close in closes.items()}
    for symbol in (symbol for symbol, value in worth.items() if value is None and symbol in held):
        named = " and ".join(leg.pair for leg in exchange.money.route(own[symbol]) or ())
        message = f"{named} has no rate for {symbol} on {day(when)}."
        raise PricesMissingError(message, hint="Refresh it, or import a longer history of it.", subject=named)
    return {symbol: value for symbol, value in worth.items() if value is not None}


def _step(db: Database, told: Mapping[str, Any], today: date) -> Callable[[], Mapping[str, Any]]:
    """The step of a workflow: how far off what is held is, and which limits it breaks."""
    seen = judged(db, told["portfolio_id"], Asked(today))
    said = document(seen)
    kept = ("as_of", "total_drift", "max_drift", "rebalance_needed", "last_rebalance", "next_check")
    broken = [verdict.message for verdict in seen.verdicts if verdict.status == "fail"]
    return lambda: {**{name: said[name] for name in kept}, "limits_broken": broken}


STEPS = {"drift": _step}
