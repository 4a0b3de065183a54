"""A framework and its products judged together before they become a portfolio."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from keel.domain.constraints.as_json import verdicts_json
from keel.domain.constraints.evaluation import Verdict, evaluate_all
from keel.domain.constraints.types import Stage
from keel.domain.framework.records import Framework
from keel.domain.issue import errors, rows, warnings
from keel.domain.portfolio.records import Pick, by_path
from keel.errors import InputError, InvalidFrameworkError
from keel.services.shared.checked import checked
from keel.services.shared.exposed import exposed_picks
from keel.store import frameworks
from keel.store.connection import Database


def _step(db: Database, told: Mapping[str, Any], _today: date) -> Callable[[], Mapping[str, Any]]:
    """The step of a workflow: warnings and verdicts. Raises InvalidFrameworkError, InputError for a broken limit.

    With ``accept`` broken limits are kept and said.
    """
    framework = frameworks.get(db, told["framework_id"], told["framework_version"])
    issues = checked(db, framework)
    if errors(issues):
        first = errors(issues)[0]
        raise InvalidFrameworkError(first.message, issues=issues, hint=first.fix, subject=first.subject)
    verdicts = _verdicts(db, framework, [Pick(**pick) for pick in told["picks"]])
    broken = [verdict.message for verdict in verdicts if verdict.status == "fail"]
    if broken and told.get("accept") is not True:
        hint = "Choose other products, or accept it to go on as it is."
        raise InputError(broken[0], hint=hint, subject="constraints")
    return lambda: {"warnings": rows(warnings(issues)), "constraints": verdicts_json(verdicts), "broken": broken}


def _verdicts(db: Database, framework: Framework, picks: list[Pick]) -> tuple[Verdict, ...]:
    if not framework.constraints:
        return ()
    return evaluate_all(framework, exposed_picks(db, framework, by_path(picks)), Stage.mapping)


STEPS = {"validation": _step}
