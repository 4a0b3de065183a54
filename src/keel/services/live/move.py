"""A portfolio goes on to another version of its framework: seen first, then done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from keel.domain.framework.diff import Change, change_json, diff
from keel.domain.framework.records import Framework
from keel.domain.mapping.moving import Moved, moved, onto
from keel.domain.plan.as_json import order_json
from keel.domain.plan.ask import Ask
from keel.domain.plan.outcome import Outcome
from keel.domain.portfolio.records import Pick, Portfolio, pick_json
from keel.optimise.plan.answer import answer
from keel.services.shared.held.laid import laid
from keel.services.shared.held.trading import trading
from keel.store import frameworks, instruments, portfolios
from keel.store.connection import Database


@dataclass(frozen=True, slots=True)
class Move:
    """A portfolio as it stands, the framework version it would go to, what changes, and what becomes of its picks.

    ``plan`` is what its policy would then trade of what is held, None where nothing is.
    """

    portfolio: Portfolio
    framework: Framework
    changes: tuple[Change, ...]
    moved: Moved
    plan: Outcome | None = None

    @property
    def after(self) -> Portfolio:
        """The portfolio as it would be, not stored."""
        picks = tuple(pick for chosen in self.moved.picks.values() for pick in chosen)
        return replace(self.portfolio, framework_version=self.framework.version, picks=picks)


def preview(db: Database, portfolio_id: str, version: int | None = None, *, today: date | None = None) -> Move:
    """What going to a version of the framework would mean, the newest without one. Raises NotFoundError.

    With a day it says what would be traded then.
    """
    portfolio = portfolios.get(db, portfolio_id)
    older = frameworks.get(db, portfolio.framework_id, portfolio.framework_version)
    newer = frameworks.get(db, portfolio.framework_id, version)
    along = moved(portfolio, older, newer, instruments.universe(db))
    seen = Move(portfolio, newer, diff(older, newer), along)
    return seen if today is None else replace(seen, plan=_plan(db, seen, today))


def _plan(db: Database, move: Move, today: date) -> Outcome | None:
    """What the policy of the framework would trade of what is held; None where nothing is worth anything."""
    held = laid(db, move.after, move.framework, today)
    if held is None:
        return None
    found = trading(db, move.portfolio.id, held, Ask())
    if not found.lines.held.total > 0:
        return None
    return answer(found.lines, Ask(), move.framework.rebalancing, found.where)


def accept(
    db: Database,
    portfolio_id: str,
    version: int | None = None,
    *,
    expected_version: int | None = None,
    picks: Mapping[str, tuple[Pick, ...]] | None = None,
) -> Portfolio:
    """The portfolio's next version, on that version of its framework; ``picks`` fill buckets by path.

    ``expected_version`` is the version of the portfolio that was seen. Raises NotFoundError, InputError,
    LockedHoldingError, EditConflictError.
    """
    move = preview(db, portfolio_id, version)
    chosen = {**move.moved.picks, **(picks or {})}
    after = onto(move.portfolio, move.framework, chosen, instruments.universe(db))
    return portfolios.save(db, after, expected_version)


def document(move: Move) -> dict[str, object]:
    """A move as the command line prints it and REST answers it."""
    return {
        "portfolio_id": move.portfolio.id,
        "portfolio_version": move.portfolio.version,
        "framework_id": move.framework.id,
        "from": move.portfolio.framework_version,
        "to": move.framework.version,
        "changes": [change_json(change) for change in move.changes],
        "kept": [pick_json(pick) for chosen in move.moved.picks.values() for pick in chosen],
        "dropped": [pick_json(pick) for pick in move.moved.dropped],
        **_traded(move.plan),
        "open": [
            {"path": leaf.path, "label": leaf.label, "target_weight": leaf.target_weight} for leaf in move.moved.open
        ],
    }


def _traded(plan: Outcome | None) -> dict[str, object]:
    """The trades that follow, none and null where nothing is held."""
    if plan is None:
        return {"trades": [], "realised_gain": None, "tax": None, "drift_before": None, "drift_after": None}
    return {
        "trades": [order_json(order) for order in plan.orders],
        "realised_gain": plan.realised.gain,
        "tax": plan.tax,
        "drift_before": plan.drift_before,
        "drift_after": plan.drift_after,
    }
