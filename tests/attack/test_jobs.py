"""Every kind of work under kill -9: after the restart it is done or says interrupted, and once more gives the same."""

from __future__ import annotations

import itertools
import os
import random
import shutil
import signal
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from tests.attack import listed
from tests.attack.test_commands import ROUNDS
from tests.domain.profile.answered import answered
from tests.domain.proposal.said import pair
from tests.forked import forked

from keel.domain.policy.presets import PRESETS
from keel.domain.profile.record import assessed
from keel.domain.study.grid import parse_grid
from keel.domain.study.question import Question
from keel.domain.study.resampling import Resampling
from keel.services import audit, example, lab, luck, study
from keel.services.guided import proposals
from keel.services.guided.proposals import Wanted
from keel.services.market import imports, refresh
from keel.services.market.imports import Incoming
from keel.services.shared import job as work
from keel.services.shared import jobs
from keel.services.shared.asking import model as asking
from keel.services.shared.job import Job
from keel.sources.yahoo import gate
from keel.store.connection import Database
from keel.store.integrity import integrity
from keel.store.work import jobs as stored
from keel.store.work.jobs import Status

PATIENCE = 300  # s; the first of a kind may compile
GRID = parse_grid(
    {"base": {"trigger": "band", "band": {"kind": "absolute"}}, "axes": {"band.width_bps": [100, 300, 500]}}
)
PRICES = "date,AAA,BBB\n" + "\n".join(f"2024-{month:02d}-15,{month},{20 - month}" for month in range(1, 13))


@dataclass(frozen=True)
class Prepared:
    """The run and the portfolio that work is about."""

    run_id: str
    portfolio_id: str


def prepared(path: Path) -> Prepared:
    """What studies are about, made in the file."""
    db = Database.open(path)
    try:
        portfolio = example.open_example(db)
        run = study.run_backtest(db, Question(portfolio.id, {"Yearly": PRESETS["annual"], "Never": PRESETS["never"]}))
        return Prepared(run.run_id, portfolio.id)
    finally:
        db.close()


KINDS: Mapping[str, Callable[[Database, Prepared], Job[Any]]] = {
    "proposal": lambda db, _: proposals.ask_model(db, Wanted(assessed("Ann", answered(2)))),
    "import": lambda db, _: imports.ask_import(db, [("p.csv", PRICES.encode())], Incoming()),
    "refresh": lambda db, _: refresh.ask_refresh(db, listed.SYMBOLS),
    "sweep": lambda db, about: lab.ask_sweep(db, Question(about.portfolio_id), GRID),
    "luck": lambda db, about: luck.ask_report(db, about.run_id, Resampling(draws=20)),
    "audit": lambda db, about: audit.begin(db, about.run_id),
}
OF_A_RUN = ("sweep", "luck", "audit")
MOMENTS = ("asked", "begun", "under way", "worked out", "ended")
CASES = list(itertools.product(KINDS, MOMENTS))
random.Random(3).shuffle(CASES)
CASES.sort(key=lambda case: case != ("import", "worked out"))  # what is stored, and not yet said to be

WORKER = """
import sys
from pathlib import Path
from tests.attack import test_jobs as attack
from keel.store.connection import Database

attack.offline()
attack.dies(sys.argv[5])
job = attack.KINDS[sys.argv[2]](Database.open(Path(sys.argv[1])), attack.Prepared(sys.argv[3], sys.argv[4]))
job.finished(attack.PATIENCE)
"""


def offline(patch: Callable[[object, str, object], None] = setattr) -> None:
    """Puts a model and a source of prices that are here in the place of those on the network."""
    os.environ["KEEL_MODEL"] = "openai:llama"
    patch(asking, "ask", lambda *_: pair(0.4))
    patch(gate, "PER_SECOND", 1e9)
    patch(refresh, "Source", lambda _pace: listed.source())


def dies(moment: str) -> None:
    """Has this process killed when a job comes to that moment."""
    home, name, before = {
        "asked": (stored, "add", False),
        "begun": (Job, "begin", False),
        "under way": (Job, "report", False),
        "worked out": (Job, "end", True),
        "ended": (Job, "end", False),
    }[moment]
    usual = getattr(home, name)
    setattr(home, name, partial(_dying, usual, before=before) if home is stored else _method(usual, before=before))


def _method(usual: Callable[..., object], *, before: bool) -> Callable[..., object]:
    return lambda self, *given: _dying(usual, self, *given, before=before)


def _dying(usual: Callable[..., object], *given: object, before: bool) -> None:
    if not before:
        usual(*given)
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "moment"), CASES[:ROUNDS])
def test_work_that_is_killed_is_done_or_interrupted_and_once_more_gives_the_same(
    sample_file: Path, tmp_path: Path, kind: str, moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = Path(shutil.copy(sample_file, tmp_path / "keel.duckdb"))
    about = prepared(path) if kind in OF_A_RUN else Prepared("", "")
    alone = Path(shutil.copy(path, tmp_path / "alone.duckdb"))
    monkeypatch.setenv("KEEL_MODEL", "openai:llama")
    monkeypatch.setattr(work, "SAVES", 0.0)
    offline(monkeypatch.setattr)
    with forked(WORKER, str(path), kind, about.run_id, about.portfolio_id, moment) as process:
        code = process.wait()
    reports = moment != "under way" or code == -signal.SIGKILL
    assert code == (-signal.SIGKILL if reports else 0)  # work that counts nothing has no moment under way
    db = Database.open(path)
    try:
        jobs.recover(db)
        row = stored.newest(db, kind)
        assert row is not None
        assert row.status is (Status.done if moment == "ended" or not reports else Status.interrupted)
        assert _done(db, kind, about) == _undisturbed(alone, kind, about)
        assert integrity(db) == ()
    finally:
        jobs.close(db)
        db.close()


def _undisturbed(path: Path, kind: str, about: Prepared) -> tuple[object, ...]:
    db = Database.open(path)
    try:
        return _done(db, kind, about)
    finally:
        jobs.close(db)
        db.close()


def _done(db: Database, kind: str, about: Prepared) -> tuple[object, ...]:
    """The work done: what it came to, without what is new each time, and what it left in the store."""
    job = KINDS[kind](db, about)
    job = jobs.again(db, job.row.id) if job.interrupted else job
    assert job.finished(PATIENCE)
    assert job.row.status is Status.done, job.error
    result = dict(job.row.result or {})
    with suppress(KeyError):
        result["imports"] = [{name: one[name] for name in ("dataset", "symbols", "rows")} for one in result["imports"]]
    left = len(imports.history(db))
    with db.cursor() as cursor:
        prices = cursor.execute("select count(*), sum(close), max(date) from prices").fetchone()
    if kind == "refresh":  # what was stored before it died is unchanged when it is asked for again
        result = {"failed": result["failed"], "asked": sorted([*result["fetched"], *result["unchanged"]])}
    return result, left, prices


def test_every_kind_that_the_market_and_studies_have_is_here() -> None:
    assert set(KINDS) <= set(jobs.KINDS)
