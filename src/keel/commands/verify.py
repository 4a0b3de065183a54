"""``keel verify``: the trades of a run replayed by vectorbt, and its wealth compared day by day."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Unpack

import click

from keel.commands import question
from keel.commands.output import Reply, busy, json_option, one_line, reply, table

if TYPE_CHECKING:
    from keel.audit.comparison import Audit

DISAGREE = 2


@click.command()
@click.argument("run_id", metavar="[RUN]", required=False)
@question.options(required=False)
@json_option
def verify(run_id: str | None, as_json: bool, **given: Unpack[question.Options]) -> Reply:
    """Have vectorbt replay a backtest's own trades, and compare wealth day by day.

    Takes what `keel backtest` takes, or the id of a run stored by the pages. Needs vectorbt, which takes 10 seconds to
    load (a minute the first time): pip install 'keel[audit]'.
    """
    if run_id:
        if any(value not in (None, ()) for value in given.values()):
            raise click.UsageError("A stored run brings its own framework, prices and settings: give its id alone.")
        return answer(stored(run_id), as_json)
    if not given["framework_path"] or not given["prices_path"]:
        raise click.UsageError("Give --framework and --prices, or the id of a stored run.")
    subject, asked = question.read(given)
    with busy("Replaying the backtest through vectorbt"):
        from keel.services import audit

        results = subject.results(asked)
        audits = audit.audit(results, subject.prices, start=asked.start, end=asked.end, benchmark=asked.benchmark)
    return answer(audits, as_json)


def stored(run_id: str) -> tuple[Audit, ...]:
    """The audits of a run in the database."""
    from keel.commands.database import opened
    from keel.services import audit, study

    with busy("Replaying the run through vectorbt"):
        with opened() as db:
            found = study.get_run(db, run_id)
        return audit.audit_study(found)


def answer(audits: Sequence[Audit], as_json: bool) -> Reply:
    """A line per policy when all agree; else exit 2 with a line on stderr naming the policy and the day."""
    from keel.errors import AuditError
    from keel.services import audit

    differing = next((a for a in audits if not a.ok), None)
    if differing is None:
        return reply(audit.to_json(audits), table([[a.policy, audit.sentence(a)] for a in audits], left=2), as_json)
    line = f"{differing.policy} {audit.sentence(differing)}."
    if not as_json:
        raise AuditError(line, subject=differing.policy)
    click.echo(one_line(line), err=True)
    return reply(audit.to_json(audits), "", as_json, DISAGREE)
