"""Workflows under kill -9: at every step, before, inside and after what it stores, nothing is lost or doubled."""

from __future__ import annotations

import itertools
import json
import random
import shutil
import signal
from pathlib import Path

import pytest
from tests.attack.test_commands import ROUNDS
from tests.domain.profile.answered import answered
from tests.forked import forked

from keel.domain.workflow.run import RunStatus
from keel.services import example
from keel.services.guided import workflows
from keel.services.guided.workflows import Told
from keel.store import frameworks, portfolios, runs
from keel.store.connection import Database
from keel.store.guided import profiles
from keel.store.holdings import plans
from keel.store.integrity import integrity

CREATION, REVIEW = "portfolio_creation", "yearly_review"
STORED = {CREATION: 10, REVIEW: 8}  # times that a run stores itself: when each step begins and ends
MOMENTS = ("before", "inside", "after")
CASES = [(id, n, moment) for id, most in STORED.items() for n, moment in itertools.product(range(1, most + 1), MOMENTS)]
random.Random(2).shuffle(CASES)

GUIDED = """
import json, os, signal, sys
from keel.services.guided import workflows
from keel.store.connection import Database
from keel.store.guided import workflow_runs
from tests.attack.test_workflows import said

usual, count = workflow_runs.change, 0

def change(db, id, work):
    global count
    count += 1
    last = count == int(sys.argv[3])

    def inside(run):
        after = work(run)
        end(last and sys.argv[4] == "inside")
        return after

    end(last and sys.argv[4] == "before")
    done = usual(db, id, inside)
    end(last and sys.argv[4] == "after")
    return done

def end(now):
    if now:
        os.kill(os.getpid(), signal.SIGKILL)

workflow_runs.change = change
workflows.begin(Database.open(sys.argv[1]), sys.argv[2], said(json.loads(sys.argv[5])))
"""


def said(given: dict[str, dict[str, object]]) -> Told:
    """What every step of both workflows is told, on the day of the worked client's prices."""
    return Told(example.CLIENT_DAY, given)


@pytest.mark.slow
@pytest.mark.parametrize(("id", "n", "moment"), CASES[:ROUNDS])
def test_a_run_killed_at_any_moment_goes_on_and_nothing_is_lost_or_doubled(
    sample_file: Path, tmp_path: Path, id: str, n: int, moment: str
) -> None:
    path = Path(shutil.copy(sample_file, tmp_path / "keel.duckdb"))
    given, before = _prepared(path, id)
    with forked(GUIDED, str(path), id, str(n), moment, json.dumps(given)) as process:
        assert process.wait() == -signal.SIGKILL
    database = Database.open(path)
    try:
        workflows.recover(database)
        (run,) = workflows.listed(database)
        assert run.status in (RunStatus.open, RunStatus.interrupted, RunStatus.done)
        run = workflows.go_on(database, run.id, said(given))
        assert run.status is RunStatus.done
        assert sum(step.begun - 1 for step in run.steps.values()) <= 1
        assert _counted(database) == [count + more for count, more in zip(before, MADE[id], strict=True)]
        assert integrity(database) == ()
    finally:
        database.close()


MADE = {CREATION: [1, 1, 1, 0, 0], REVIEW: [0, 0, 0, 1, 1]}


def _prepared(path: Path, id: str) -> tuple[dict[str, dict[str, object]], list[int]]:
    """What the steps are given, and how many there are of each noun before; the worked client is there."""
    database = Database.open(path)
    try:
        client = example.open_client(database)
        return {
            CREATION: {
                "profile": {"name": "Ann", "answers": answered(2)},
                "framework": {"template": "balanced"},
                "portfolio": {"name": "Mine"},
            },
            REVIEW: {"holdings": {"portfolio_id": client.id}},
        }[id], _counted(database)
    finally:
        database.close()


def _counted(database: Database) -> list[int]:
    """Profiles, frameworks, their portfolios, and the plans and runs of the worked client."""
    known = frameworks.list_latest(database)
    return [
        len(profiles.list_latest(database)),
        len(known),
        sum(len(portfolios.list_for(database, framework.id)) for framework in known),
        len(plans.list_for(database, example.CLIENT_ID)),
        len(runs.list_for(database, example.CLIENT_ID)),
    ]
