"""What to trade in a stored portfolio: planned, kept, computed again with a person's edits, accepted and executed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from keel.domain.constraints.as_json import kept_verdicts, verdicts_json
from keel.domain.constraints.evaluation import Verdict, judge
from keel.domain.constraints.types import Stage
from keel.domain.exchange.csv_text import csv_text
from keel.domain.framework.records import Framework
from keel.domain.issue import Finding, rows
from keel.domain.market.prices import CASH
from keel.domain.plan.as_json import COLUMNS, order_rows, plan_json
from keel.domain.plan.ask import Ask, parse_ask
from keel.domain.plan.deposits.rules import LABELS, WHY, WHY_SOLD, WHY_THEY_DIFFER, WHY_THEY_DIFFER_SOLD, Rule
from keel.domain.plan.execution import Executed, Fill, before_finding, cash_without, executed_of, held_after
from keel.domain.plan.fewest import sentence
from keel.domain.plan.gains import Tax, places
from keel.domain.plan.location import Location
from keel.domain.plan.outcome import Outcome
from keel.domain.plan.record import PlanRecord, accepted, executed, require_draft
from keel.domain.plan.tradable import Tradable
from keel.domain.policy.as_json import parse_policy, policy_json
from keel.domain.policy.records import Policy
from keel.domain.portfolio.held.statement import typed
from keel.domain.portfolio.position import Position
from keel.domain.portfolio.records import Portfolio
from keel.domain.reading.day import read_day
from keel.domain.reading.place import Place
from keel.domain.reading.values import read_object, read_text
from keel.errors import InputError
from keel.optimise.plan.answer import answer, curve, gain_curve
from keel.services.shared.exposed import exposed_lines
from keel.services.shared.held import books
from keel.services.shared.held.laid import require_laid
from keel.services.shared.held.trading import trading
from keel.services.shared.held.worth import Holding, old, priced
from keel.store import frameworks, portfolios
from keel.store.connection import Database
from keel.store.holdings import imports, plans, positions
from keel.store.holdings.imports import Import
from keel.store.holdings.positions import Stored


@dataclass(frozen=True, slots=True)
class Asked:
    """What a plan is asked beside: the day it is, another policy than the framework's, and the day of the prices."""

    today: date
    policy: Policy | None = None
    as_of: date | None = None


@dataclass(frozen=True, slots=True)
class _Desk:
    """A portfolio with what can be traded in it."""

    portfolio: Portfolio
    framework: Framework
    lines: Tradable
    where: Location
    policy: Policy
    when: date
    doubts: tuple[Finding, ...]


def plan(db: Database, portfolio_id: str, ask: Ask, asked: Asked) -> PlanRecord:
    """A plan for what a portfolio holds, stored as a draft.

    Raises PortfolioNotFoundError, and InputError where nothing is held or what is asked cannot be done.
    """
    return plans.save(db, preview(db, portfolio_id, ask, asked))


def recalculate(
    db: Database, plan_id: str, today: date, edits: Mapping[tuple[str, str], float] | None = None
) -> PlanRecord:
    """A draft computed again on what is held now, with other ``edits`` where some are given, none of them to reset.

    Raises PlanNotFoundError, and InputError for a plan that is no draft or edits that cannot be done.
    """
    before = plans.get(db, plan_id)
    require_draft(before)
    kept = before.ask.limits.edits if edits is None else edits
    ask = replace(before.ask, limits=replace(before.ask.limits, edits=dict(kept)))
    fresh = preview(db, before.portfolio_id, ask, _asked_before(before, today))
    return plans.save(db, replace(fresh, id=before.id, created_at=before.created_at))


def accept(db: Database, plan_id: str) -> PlanRecord:
    """The draft as a plan that is to be traded. Raises PlanNotFoundError, InputError."""
    return plans.save(db, accepted(plans.get(db, plan_id), datetime.now(UTC)))


def execute(db: Database, plan_id: str, today: date) -> PlanRecord:
    """The accepted plan as executed: the portfolio holds what its orders leave, to be undone like an import.

    What a file told since it was accepted is held already, and counts once.
    Raises PlanNotFoundError, and InputError for a plan that is not accepted or does not fit what is held now.
    """

    def work(_cursor: object) -> PlanRecord:
        at = datetime.now(UTC)
        done = executed(plans.get(db, plan_id), at)
        portfolio = portfolios.get(db, done.portfolio_id)
        framework = _framework(db, portfolio)
        stored = positions.list_for(db, done.portfolio_id)
        ids = {pick.symbol: pick.instrument_id for pick in portfolio.picks}
        ids |= {one.position.symbol: one.instrument_id for one in stored if one.position.symbol != CASH}
        before = [_by_id(one) for one in stored]
        carried_out = executed_of(done, at, ids, framework.base_ccy)
        told = _told_before(db, done, carried_out)
        _, valued = priced(db, stored, framework.base_ccy, None, today)
        untold = [fill for fill in carried_out.orders if fill not in told.fills]
        fills = [_as_planned(fill, valued, (today, done.ask.tax)) for fill in untold]
        cash = cash_without(done.cash_change, told.fills, before, told.listed)
        after = held_after(before, fills, cash, framework.base_ccy, (today, done.ask.tax))
        change = typed(before, after, today, anew=[fill.account for fill in told.fills])  # stands without the file
        books.record(db, Import(done.portfolio_id, books.EXECUTED, done.id), change)
        return plans.save(db, _saying(done, told.fills, {id: symbol for symbol, id in ids.items()}))

    return db.transact(work)


def _told_before(db: Database, plan: PlanRecord, done: Executed) -> books.Before:
    every = imports.told(db, plan.portfolio_id)
    return books.before_it(plan, done, every, books.executed(db, plan.portfolio_id, every))


def _saying(done: PlanRecord, told: Sequence[Fill], symbols: Mapping[str, str]) -> PlanRecord:
    """The plan that says which of its orders had been told of."""
    if not told:
        return done
    said = before_finding([symbols.get(fill.symbol, fill.symbol) for fill in told])
    return replace(done, said={**done.said, "findings": [*done.said.get("findings", ()), *rows([said])]})


def currency(db: Database, portfolio_id: str) -> str:
    """What the amounts of a portfolio's plans are in. Raises PortfolioNotFoundError."""
    return _framework(db, portfolios.get(db, portfolio_id)).base_ccy


def get(db: Database, plan_id: str) -> PlanRecord:
    """One plan. Raises PlanNotFoundError."""
    return plans.get(db, plan_id)


def listed(db: Database, portfolio_id: str) -> tuple[PlanRecord, ...]:
    """The plans of a portfolio, newest first. Raises PortfolioNotFoundError."""
    portfolios.get(db, portfolio_id)
    return plans.list_for(db, portfolio_id)


def orders(found: PlanRecord) -> list[Mapping[str, Any]]:
    """The orders of a plan as its document has them."""
    return list(found.said["trades"])


def changes(found: PlanRecord) -> list[Mapping[str, Any]]:
    """The buckets of a plan as its document has them: path, label, weight before and after, target."""
    return list(found.said["buckets"])


def verdicts(found: PlanRecord) -> tuple[Verdict, ...]:
    """How the limits stand after a plan."""
    return kept_verdicts(found.said["constraints"])


def orders_csv(found: PlanRecord, account: str) -> str:
    """The orders of one account as a CSV file; no cell of it runs as a formula."""
    return csv_text(COLUMNS, order_rows(orders(found), account))


def document(found: PlanRecord) -> dict[str, object]:
    """A stored plan as REST answers it: what ``keel plan --json`` prints, with its id and what became of it."""
    return {
        "id": found.id,
        "portfolio_id": found.portfolio_id,
        "portfolio_version": found.portfolio_version,
        "status": found.status.value,
        "fingerprint": found.fingerprint,
        **{name: _moment(getattr(found, name)) for name in ("created_at", "accepted_at", "executed_at")},
        "edits": [{"account": a, "symbol": s, "quantity": q} for (a, s), q in found.ask.limits.edits.items()],
        "findings": [],  # a plan of before says none
        **found.said,
    }


def rules(db: Database, portfolio_id: str, ask: Ask, asked: Asked) -> dict[str, Any]:
    """The four rules side by side for one amount, with what each leaves as drift and why they differ.

    Raises as ``plan``.
    """
    desk = _desk(db, portfolio_id, ask, asked)
    rows = []
    for rule in Rule:
        found = answer(desk.lines, replace(ask, rule=rule), desk.policy, desk.where)
        trades = [{"account": o.account, "symbol": o.symbol, "value": o.value} for o in found.orders]
        said = {"rule": rule.value, "label": LABELS[rule], "why": (WHY_SOLD if ask.withdraw else WHY)[rule]}
        rows.append(said | {"drift_after": found.drift_after, "leftover": found.leftover, "trades": trades})
    return {"rules": rows, "why": WHY_THEY_DIFFER_SOLD if ask.withdraw else WHY_THEY_DIFFER}


def curves(db: Database, portfolio_id: str, ask: Ask, asked: Asked) -> dict[str, Any]:
    """The least drift by the number of orders, and the drift left by the gain realised. Raises as ``plan``."""
    desk = _desk(db, portfolio_id, ask, asked)
    few = curve(desk.lines, ask, desk.policy)
    return {
        "orders": [{"orders": s.orders, "drift": s.drift, "gap": s.gap} for s in few.steps],
        "sentence": sentence(few, few.steps[-1].orders),
        "gains": [{"gain": gain, "drift": drift} for gain, drift in gain_curve(desk.lines, ask, desk.policy)],
    }


def preview(db: Database, portfolio_id: str, ask: Ask, asked: Asked) -> PlanRecord:
    """A plan for what a portfolio holds that is not stored. Raises as ``plan``."""
    desk = _desk(db, portfolio_id, ask, asked)
    found = answer(desk.lines, ask, desk.policy, desk.where)
    cash = zip(desk.lines.accounts, desk.lines.cash, strict=True)
    request = {
        "policy": policy_json(desk.policy),
        "own_policy": asked.policy is None,
        "as_of": desk.when.isoformat(),
        "given_day": asked.as_of is not None,
    }
    return PlanRecord(
        portfolio_id=portfolio_id,
        portfolio_version=desk.portfolio.version,
        ask=ask,
        request=request,
        prices=dict(zip(desk.lines.symbols, desk.lines.price.tolist(), strict=True)),
        said=plan_json(found, _verdicts(db, desk, found), desk.doubts) | {"as_of": desk.when.isoformat()},
        cash_change={account.name: found.cash[account.name] - float(before) for account, before in cash},
    )


def _desk(db: Database, portfolio_id: str, ask: Ask, asked: Asked) -> _Desk:
    portfolio = portfolios.get(db, portfolio_id)
    framework = _framework(db, portfolio)
    held = require_laid(db, portfolio, framework, asked.today, asked.as_of)
    found = trading(db, portfolio_id, held, ask)
    doubts = old(held.holdings, asked.as_of or asked.today)
    policy = asked.policy or framework.rebalancing
    return _Desk(portfolio, framework, found.lines, found.where, policy, held.when, doubts)


def _framework(db: Database, portfolio: Portfolio) -> Framework:
    return frameworks.get(db, portfolio.framework_id, portfolio.framework_version)


def _asked_before(before: PlanRecord, today: date) -> Asked:
    """What a plan was asked beside; without a day of its own it takes the freshest prices."""
    policy = None if before.request["own_policy"] else parse_policy(before.request["policy"])
    day = read_day(before.request["as_of"], Place("plan")) if before.request["given_day"] else None
    return Asked(today, policy, day)


def _verdicts(db: Database, desk: _Desk, found: Outcome) -> list[dict[str, object]]:
    """How what is held afterwards meets the limits."""
    held = exposed_lines(db, found.lines)
    return verdicts_json(
        judge(desk.framework, held, Stage.plan, portfolio_value=found.total_after, turnover=found.turnover)
    )


def _as_planned(fill: Fill, valued: Sequence[Holding], occasion: tuple[date, Tax]) -> Fill:
    """The fill with the places of all lots in the order they go: that of their costs in the base currency."""
    lots = (
        holding.lots
        for holding in valued
        if (holding.stored.position.account, holding.stored.instrument_id) == (fill.account, fill.symbol)
    )
    return replace(fill, picked=places(next(lots, ()), fill.price, *occasion, fill.picked))


def _by_id(one: Stored) -> Position:
    """The position under its instrument's id, without a price that a list of holdings told by the way."""
    symbol = CASH if one.position.symbol == CASH else one.instrument_id
    return replace(one.position, symbol=symbol, price=None if one.priced_on else one.position.price)


def _moment(when: datetime | None) -> str | None:
    return when.isoformat() if when else None


def _step(db: Database, told: Mapping[str, Any], today: date) -> Callable[[], Mapping[str, Any]]:
    """The step of a workflow: a stored plan, or a new one, a draft of what is asked."""
    if told.get("plan_id") is not None:
        stored = plans.get(db, read_text(told["plan_id"], Place("plan").field("plan_id")))
        if stored.portfolio_id != told["portfolio_id"]:
            message = f"The plan {stored.id} belongs to another portfolio."
            raise InputError(message, hint="Name one of this portfolio.", subject="plan_id")
        return lambda: _outcome(stored)
    place = Place("ask")
    ask = parse_ask(read_object(told.get("ask") or {}, place), place)
    fresh = preview(db, told["portfolio_id"], ask, Asked(today))
    return lambda: _outcome(plans.save(db, fresh))


def _outcome(found: PlanRecord) -> Mapping[str, Any]:
    return {
        "plan_id": found.id,
        "orders": len(orders(found)),
        "drift_before": found.said["drift_before"],
        "drift_after": found.said["drift_after"],
    }


STEPS = {"plan": _step}
