"""Alerts: what a watched portfolio has to say, from when it began to hold until it does not any more."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    """What an alert is about: a bucket out of its band, a plan accepted and not executed, prices that are old."""

    breach = "breach"
    plan = "plan"
    prices = "prices"


@dataclass(frozen=True, slots=True)
class Seen:
    """What holds of a portfolio at a look: ``subject`` is a bucket's path, a plan's id, or ``prices``."""

    portfolio_id: str
    kind: Kind
    subject: str
    message: str


@dataclass(frozen=True, slots=True)
class Alert:
    """What was seen, from the look that saw it first to the one that saw it no more (None while it holds).

    ``sent_at`` is when it was last told outside, ``read_at`` when a person said that it is known.
    """

    id: str
    portfolio_id: str
    kind: Kind
    subject: str
    message: str
    began_at: datetime
    ended_at: datetime | None = None
    sent_at: datetime | None = None
    read_at: datetime | None = None

    @property
    def holds(self) -> bool:
        """Whether it has not ended."""
        return self.ended_at is None


@dataclass(frozen=True, slots=True)
class Turn:
    """What a look changes: what begins, the alerts that end, and those that go on with other words."""

    begun: tuple[Seen, ...]
    ended: tuple[Alert, ...]
    reworded: tuple[Alert, ...] = ()


def turn(open_alerts: Sequence[Alert], seen: Iterable[Seen]) -> Turn:
    """What begins and ends between the alerts that hold and what is seen now; what goes on says what is seen now.

    >>> turn((), [Seen("pf_1", Kind.breach, "A/Gold", "Gold is over its band.")]).begun[0].subject
    'A/Gold'
    """
    now = {_about(one): one for one in seen}
    known = {_about(alert) for alert in open_alerts}
    begun = tuple(one for about, one in now.items() if about not in known)
    ended = tuple(alert for alert in open_alerts if _about(alert) not in now)
    going_on = ((alert, now[_about(alert)].message) for alert in open_alerts if _about(alert) in now)
    reworded = tuple(replace(alert, message=said) for alert, said in going_on if said != alert.message)
    return Turn(begun, ended, reworded)


def begin(seen: Seen, id: str, when: datetime) -> Alert:
    """The alert that begins with what is seen."""
    return Alert(id, seen.portfolio_id, seen.kind, seen.subject, seen.message, when)


def _about(one: Seen | Alert) -> tuple[str, Kind, str]:
    return one.portfolio_id, one.kind, one.subject


def alert_json(alert: Alert) -> dict[str, object]:
    """An alert as the command line prints it and REST answers it."""
    return {
        "id": alert.id,
        "portfolio_id": alert.portfolio_id,
        "kind": alert.kind.value,
        "subject": alert.subject,
        "message": alert.message,
        "began_at": alert.began_at.isoformat(),
        "ended_at": alert.ended_at and alert.ended_at.isoformat(),
        "sent_at": alert.sent_at and alert.sent_at.isoformat(),
        "read_at": alert.read_at and alert.read_at.isoformat(),
    }
