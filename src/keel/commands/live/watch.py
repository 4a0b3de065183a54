"""``keel watch``: what began and ended since the last look, once for a timer or again and again."""

from __future__ import annotations

import sys
import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from keel.commands.output import Reply, json_option, reply, require_writable, written

if TYPE_CHECKING:
    from keel.domain.watch.alert import Alert
    from keel.services.live.watch import Looked
    from keel.settings import Notify


@click.command("watch")
@click.option("--once", is_flag=True, help="Look once and end; without it every 15 minutes, or KEEL_WATCH of them.")
@click.option("--quiet", is_flag=True, help="Tell nobody outside, whatever KEEL_NOTIFY says.")
@click.option("--calendar", "calendar_path", metavar="FILE", help="Write the next looks as a calendar (.ics).")
@json_option
def watch(once: bool, quiet: bool, calendar_path: str | None, as_json: bool) -> Reply:
    """Look at every portfolio that holds something: buckets out of their bands, plans left undone, old prices.

    What begins or ends is kept as alerts, and told to the addresses of KEEL_NOTIFY. The server does the same by itself.
    """
    from keel import settings

    if calendar_path:
        require_writable("--calendar", calendar_path, (".ics",), ())
    told = None if quiet else settings.notify()
    while True:
        looked = _look(told, calendar_path)
        answer = reply(*looked, as_json)
        minutes = settings.watch_minutes()
        if once or not minutes:
            return answer
        sys.stdout.write(answer.text + "\n")
        sys.stdout.flush()
        threading.Event().wait(60 * minutes)


def _look(told: Notify | None, calendar_path: str | None) -> tuple[dict[str, object], str]:
    """A look with the database open for as long as it takes: between two of them it is free for others."""
    from keel.commands.database import opened
    from keel.services.live import watch as service

    now = datetime.now(UTC)
    with opened() as db:
        looked = service.look(db, now, told)
        if calendar_path:
            with written(calendar_path) as part:
                part.write_bytes(service.calendar_of_looks(db, now))
    return service.document(looked), text(looked)


def text(looked: Looked) -> str:
    """What began, what ended, what goes on, and whether it was told."""
    begun = {alert.id for alert in looked.begun}
    lines = [f"{_counted(looked.portfolios, 'portfolio')}, {_counted(len(looked.holding), 'alert')}."]
    lines += [_line("new", alert) for alert in looked.begun]
    lines += [_line("over", alert) for alert in looked.ended]
    lines += [_line("still", alert) for alert in looked.holding if alert.id not in begun]
    lines += [f"Told outside: {looked.told}."] if looked.told else []
    lines += [looked.trouble] if looked.trouble else []
    return "\n".join(lines)


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _line(kind: str, alert: Alert) -> str:
    return f"  {kind:<6} {alert.portfolio_id}  {alert.message}"
