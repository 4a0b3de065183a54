"""``keel plan --schedule``: after how many deposits a portfolio is in band."""

from __future__ import annotations

from typing import TYPE_CHECKING

from keel.commands.output import Reply, reply
from keel.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from keel.domain.plan.deposits.prospect import Prospect
    from keel.domain.plan.deposits.schedule import Schedule
    from keel.domain.policy.records import Policy

BESIDE = ("rule", "account")


def read(text: str, asked: Mapping[str, object]) -> Schedule:
    """The schedule that the options make. Raises InputError for what does not go with it."""
    from keel.domain.plan.ask import parse_rule
    from keel.domain.plan.deposits.schedule import Schedule, read_schedule, require_schedule
    from keel.domain.reading.place import Place

    other = next((name for name, value in asked.items() if value is not None and name not in BESIDE), None)
    if other:
        option = f"--{other.replace('_', '-')}"
        raise InputError(f"{option} does not go with --schedule.", hint="Leave one of them out.", subject=option)
    cadence, amount = read_schedule(text, Place("--schedule"))
    rule = parse_rule(asked.get("rule"), Place("--rule"))
    return require_schedule(Schedule(amount, cadence, rule, str(asked.get("account") or "")))


def stored(portfolio_id: str, schedule: Schedule, policy: Policy | None, as_of: date | None) -> Prospect:
    """What the schedule comes to for what a stored portfolio holds."""
    from datetime import UTC, datetime

    from keel.commands.database import opened
    from keel.services.live.schedule import regular

    with opened() as db:
        return regular(db, portfolio_id, schedule, datetime.now(UTC).date(), policy, as_of)


def answer(found: Prospect, as_json: bool) -> Reply:
    """The answer in sentences, or all of it."""
    from keel.domain.plan.deposits.prospect import finding, prospect_json, sentences

    return reply(prospect_json(found), "\n".join((finding(found), *sentences(found))), as_json)
