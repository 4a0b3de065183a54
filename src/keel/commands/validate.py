"""``keel validate``: every issue of a framework at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from keel.commands import inputs
from keel.commands.output import Reply, json_option, reply, verdict_lines

if TYPE_CHECKING:
    from keel.domain.issue import Finding


@click.command()
@click.argument("framework", metavar="FRAMEWORK")
@json_option
def validate(framework: str, as_json: bool) -> Reply:
    """Check a framework (JSON, CSV or XLSX) and list everything wrong with it.

    Exit code 0 when it is valid, 1 when it can be read but is not valid, 2 when it cannot be read.
    """
    from keel.domain.constraints.as_json import verdicts_json
    from keel.domain.constraints.evaluation import at_design
    from keel.domain.issue import errors, rows, warnings
    from keel.services.shared.contents import understood

    found, issues = inputs.read_framework(framework)
    wrong, doubtful = errors(issues), warnings(issues)
    limits = at_design(understood(found))
    data = {"valid": not wrong, "errors": rows(wrong), "warnings": rows(doubtful), "constraints": verdicts_json(limits)}
    verdict = f"{found.name or framework} is {'not valid' if wrong else 'valid'}."
    lines = [verdict, *(_line("error", i) for i in wrong), *(_line("warning", i) for i in doubtful)]
    lines += [f"  {line}" for line in verdict_lines(limits)]
    return reply(data, "\n".join(lines), as_json, code=1 if wrong else 0)


def _line(kind: str, issue: Finding) -> str:
    place = f"{issue.subject}: " if issue.subject and issue.subject not in issue.message else ""
    return f"  {kind:<7}  {place}{issue.message}" + (f" {issue.fix}" if issue.fix else "")
