"""Watching portfolios: a look at what each holds, what began and ended since the last, and telling it outside."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from keel.domain.drift.report import leaves_now
from keel.domain.policy.words import describe
from keel.domain.portfolio.book import book, with_assigned
from keel.domain.portfolio.records import Portfolio, holdings
from keel.domain.watch.alert import Alert, Seen, alert_json, begin, turn
from keel.domain.watch.looks import Look, next_looks
from keel.domain.watch.seeing import breaches, left_plans, old_prices
from keel.errors import KeelError, NotSentError
from keel.pack.calendar import calendar
from keel.services.shared.held.together import Together, together
from keel.services.shared.held.worth import in_base, old
from keel.settings import Notify
from keel.sources.notify.message import send
from keel.store import frameworks, portfolios, prices
from keel.store.connection import Database
from keel.store.holdings import alerts, plans, rebalances
from keel.store.memory import Memory
from keel.store.values import new_id

_telling = threading.Lock()  # two looks at once do not tell the same


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look at all portfolios came to: how many, the alerts that hold, and those that began or ended with it.

    ``told`` counts the alerts told outside; ``trouble`` says why they were not. ``unjudged`` are the ids of portfolios
    that cannot be judged, whose alerts are those of before.
    """

    portfolios: int
    holding: tuple[Alert, ...]
    begun: tuple[Alert, ...]
    ended: tuple[Alert, ...]
    told: int = 0
    trouble: str = ""
    unjudged: frozenset[str] = frozenset()


def look(db: Database, now: datetime, notify: Notify | None = None) -> Looked:
    """Judges every portfolio that holds something, stores what began and ended, and tells it where that is set up.

    What cannot be judged keeps its alerts as they are. Two looks at the same come to the same.
    """
    mine = portfolios.list_held(db)
    sight = _see(db, mine, now.astimezone(UTC).date())
    with db.write():  # compared where nobody else writes: two looks at once begin an alert once
        known = [alert for alert in alerts.list_all(db, holding=True) if alert.portfolio_id not in sight.unjudged]
        step = turn(known, sight.seen)
        begun = tuple(begin(seen, new_id("alr"), now) for seen in step.begun)
        alerts.add(db, begun)
        alerts.end(db, step.ended, now)
        alerts.reword(db, step.reworded)
    told, trouble = _tell(db, now, notify) if notify is not None else (0, "")
    ended = tuple(replace(alert, ended_at=now) for alert in step.ended)
    return Looked(len(mine), alerts.list_all(db, holding=True), begun, ended, told, trouble, sight.unjudged)


def current(db: Database, now: datetime) -> tuple[Alert, ...]:
    """The alerts as a look at this moment has them, newest first; of what cannot be judged now, none that hold."""
    mine = portfolios.list_held(db)
    waiting = tuple(plan.id for plan in plans.list_accepted(db))
    today = now.astimezone(UTC).date()
    key = (mine, waiting, *changes(db), db.revision("instruments"), today)
    unjudged = _recent.recall(db, key, lambda: look(db, now).unjudged)
    return tuple(one for one in alerts.list_all(db) if not (one.holds and one.portfolio_id in unjudged))


_recent: Memory[frozenset[str]] = Memory(2)  # who could not be judged at the last look


def changes(db: Database) -> tuple[int, ...]:
    """What tells that a look may come to something else than the last: another revision of holdings or prices."""
    return (db.revision("holdings"), prices.revision(db))


def look_at_everybodys(db: Database, now: datetime, notify: Notify | None) -> None:
    """A look for each owner of portfolios in the file."""
    for owner in portfolios.owners(db):
        look(db.of(owner), now, notify)


def listed(db: Database, portfolio_id: str = "", *, holding: bool = False) -> tuple[Alert, ...]:
    """The alerts of a portfolio, or of all, newest first; ``holding``: those that hold now."""
    return alerts.list_all(db, portfolio_id, holding=holding)


def read(db: Database, alert_id: str, now: datetime) -> Alert:
    """The alert, known to a person from now on. Raises AlertNotFoundError."""
    return alerts.read(db, alert_id, now)


def looks(db: Database, today: date) -> tuple[Look, ...]:
    """The next looks of the policy of each portfolio that holds something, the nearest first."""
    found: list[Look] = []
    for portfolio in portfolios.list_held(db):
        policy = frameworks.get(db, portfolio.framework_id, portfolio.framework_version).rebalancing
        days = next_looks(policy, today, _started(portfolio), rebalances.last(db, portfolio.id))
        found += [Look(portfolio.id, portfolio.name, day, describe(policy)) for day in days]
    return tuple(sorted(found, key=lambda one: (one.day, one.name)))


def calendar_of_looks(db: Database, now: datetime) -> bytes:
    """The next looks as a calendar (.ics)."""
    return calendar(looks(db, now.astimezone(UTC).date()), now)


def document(looked: Looked) -> dict[str, object]:
    """A look as the command line prints it and REST answers it."""
    return {
        "portfolios": looked.portfolios,
        "holding": [alert_json(alert) for alert in looked.holding],
        "begun": [alert_json(alert) for alert in looked.begun],
        "ended": [alert_json(alert) for alert in looked.ended],
        "told": looked.told,
        "trouble": looked.trouble,
    }


@dataclass(frozen=True, slots=True)
class _Sight:
    """What holds of all portfolios, and the ids of those that cannot be judged."""

    seen: tuple[Seen, ...]
    unjudged: frozenset[str]


def _see(db: Database, mine: Sequence[Portfolio], today: date) -> _Sight:
    seen: list[Seen] = []
    unjudged: set[str] = set()
    for one in together(db, mine, today):
        try:
            seen += _seen(one, today)
        except KeelError:  # it says so where it is looked at
            unjudged.add(one.portfolio.id)
    ids = {portfolio.id for portfolio in mine} - unjudged
    left = (one for one in left_plans(plans.list_accepted(db), today) if one.portfolio_id in ids)
    return _Sight((*seen, *left), frozenset(unjudged))


def _seen(one: Together, today: date) -> list[Seen]:
    """What holds of what a portfolio holds. Raises as a report of its drift."""
    held = [in_base(holding) for holding in one.holdings]
    made = book(one.framework, holdings(one.portfolio))
    made = with_assigned(made, [(position.symbol, position.bucket) for position in held])
    leaves = leaves_now(made, held, one.framework.rebalancing)
    return [*breaches(one.portfolio.id, leaves), *old_prices(one.portfolio.id, old(one.holdings, today))]


def _started(portfolio: Portfolio) -> date | None:
    return portfolio.created_at.date() if portfolio.created_at else None


def _tell(db: Database, now: datetime, notify: Notify) -> tuple[int, str]:
    """How many alerts were told outside, in one message, and why none was."""
    with _telling:
        untold = alerts.untold(db)
        if not untold:
            return 0, ""
        names = {portfolio.id: portfolio.name for portfolio in portfolios.list_held(db)}
        try:
            send(notify.addresses, _title(untold), "\n".join(_line(alert, names) for alert in untold))
        except NotSentError as error:
            return 0, error.message
        alerts.sent(db, untold, now)
        return len(untold), ""


def _title(untold: Sequence[Alert]) -> str:
    return "Keel: 1 alert" if len(untold) == 1 else f"Keel: {len(untold)} alerts"


def _line(alert: Alert, names: dict[str, str]) -> str:
    over = "" if alert.holds else "Over: "
    return f"{names.get(alert.portfolio_id, alert.portfolio_id)}: {over}{alert.message}"
