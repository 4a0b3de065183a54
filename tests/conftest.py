"""What every test shares: seeded property tests, the embedded sample in a real database, and the browser's presence."""

from __future__ import annotations

import atexit
import fcntl
import gc
import linecache
import os
import shutil
from collections import Counter
from collections.abc import Generator, Iterator
from contextlib import suppress
from importlib import import_module
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings
from tests.engine import attached

from keel import settings as keel_settings
from keel.errors import StoreError
from keel.services import sample
from keel.services.shared import jobs
from keel.store.connection import Database

if TYPE_CHECKING:
    from tests.sources.yahoo.stand_in import Yahoo
    from xdist.remote import Producer
    from xdist.scheduler import Scheduling

settings.register_profile(
    "keel", derandomize=True, deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("keel")
gc.disable()  # until all tests are known: what they are made of stays to the end, and was gone through again and again

_users = count()
ROOT = Path(__file__).resolve().parents[1]
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")  # the first is the quickest
CHROMIUM = next(filter(None, map(shutil.which, BROWSERS)), None)
WORKER = "PYTEST_XDIST_WORKER" in os.environ
RARELY = 20_000  # objects between two collections: what a test leaves is small
EXAMPLE = b">>>"
LONG = 60.0  # s of a run that says where its time went
BROWSER = "tests/browser/"  # one server, one browser
TREES = ("tests/architecture/", "tests/test_errors.py")  # the source, parsed once
CLUSTER = "tests/backtest/sweep/test_cluster.py"
VECTORBT = ("tests/audit/test_replay.py", "tests/backtest/test_independent.py", "tests/test_docs.py::test_the_readmes")
OWN = (  # slow to begin
    "tests/test_upgrade.py",
    "tests/api/test_document.py",
    "tests/sources/llm/test_model.py",
    "tests/store/test_integrity.py",
    "tests/optimise/",
    "tests/login/test_served.py",
)


@pytest.hookimpl(optionalhook=True, wrapper=True)
def pytest_xdist_auto_num_workers() -> Generator[None, int, int]:
    """A worker more than there are cores: the browser's waits for Chromium, others for servers."""
    return (yield) + 1


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Scheduling:
    """One worker takes all tests that share what is slow to begin, the largest set first; the others go one by one.

    vectorbt is such a thing: it loads for seconds, and two workers would both.

    xdist's own groups do nothing under pytest 9.2, which made a server and a browser for every worker that met a test.
    """
    from xdist.scheduler import LoadScopeScheduling

    class Together(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            sets = {"browser": BROWSER, "cluster": CLUSTER, "vectorbt": VECTORBT, "trees": TREES}
            sets |= {file: file for file in OWN}
            return next((name for name, starts in sets.items() if nodeid.startswith(starts)), nodeid)

    return Together(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests run where Chromium is found; where it is not they say so, or fail if a browser is required."""
    if CHROMIUM or os.environ.get("KEEL_BROWSER") == "required":
        return
    skip = pytest.mark.skip(reason="Chromium was not found: install the package 'chromium' to run the browser tests")
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(skip)


class Examples:
    """Looks for examples where there are some: else every module, each test's too, is gone through name by name."""

    @pytest.hookimpl(wrapper=True)
    def pytest_collect_file(self, file_path: Path) -> Generator[None, list[pytest.Collector], list[pytest.Collector]]:
        collectors = yield
        shows = EXAMPLE in file_path.read_bytes() if collectors else False
        return [collector for collector in collectors if shows or type(collector) is pytest.Module]


def pytest_configure(config: pytest.Config) -> None:
    """Speaks for all folders: a hook of this file alone is asked about tests only."""
    config.pluginmanager.register(Examples())


def pytest_collection_finish() -> None:
    """Takes half a million objects, the tests and their packages, out of what collections of memory go through."""
    linecache.checkcache = _unchanged
    gc.freeze()
    gc.set_threshold(RARELY, 20, 20)
    gc.enable()
    if WORKER:
        atexit.register(os._exit, 0)  # Python's own end would go through all objects several times more
    else:
        atexit.register(gc.unfreeze)  # or packages say that objects of theirs have leaked


def pytest_sessionfinish() -> None:
    """Lets a worker end at once: pytest, too, would go through all objects, five times."""
    if WORKER:
        gc.freeze()


def _unchanged(filename: str | None = None) -> None:
    """Sources stay while tests run: each example asked the disk about every file that any traceback had shown."""


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Says of a long run where its time went, so that what grows is seen when it grows."""
    folders, tests = Counter[str](), Counter[str]()
    for report in chain.from_iterable(terminalreporter.stats.values()):
        if isinstance(report, pytest.TestReport):
            folders["/".join(report.nodeid.split("::")[0].split("/")[:2])] += report.duration
            tests[report.nodeid] += report.duration
    if folders.total() > LONG:
        terminalreporter.write_sep("=", "seconds, of all workers together")
        for of in (folders.most_common(12), tests.most_common(8)):
            terminalreporter.write_line("\n".join(f"{seconds:6.1f} {name}" for name, seconds in of))


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the browser."""
    assert CHROMIUM, "Chromium was not found: install the package 'chromium' to run the browser tests"
    return CHROMIUM


@pytest.fixture(scope="session")
def golden() -> Path:
    """The folder of numbers that must hold."""
    return ROOT / "tests" / "golden"


@pytest.fixture(scope="session")
def sample_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with the embedded sample, built once for all workers; copy it, never write to it."""
    folder = tmp_path_factory.getbasetemp()
    path = (folder.parent if WORKER else folder) / "sample.duckdb"
    with open(path.with_suffix(".lock"), "wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the first worker builds, the others wait for it
        if not path.exists():
            database = Database.open(path.with_suffix(".part"))
            sample.build(database, keel_settings.load())
            database.close()
            path.with_suffix(".part").rename(path)
    return path


@pytest.fixture
def alone(sample_file: Path, tmp_path: Path) -> Iterator[Database]:
    """A file with the sample that is this test's own: for one that touches what all of a file share, or closes it."""
    path = tmp_path / "keel.duckdb"
    shutil.copy(sample_file, path)
    database = attached(path)
    yield database
    with suppress(StoreError):  # a test may have closed it
        jobs.close(database)  # as the server does, so that no work asks a database that is gone
    database.close()


@pytest.fixture
def db(alone: Database) -> Database:
    """A database of this test's own, with the embedded sample."""
    return alone


@pytest.fixture(scope="session")
def everybodys(sample_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A file with the sample for the tests of a worker, each a user of its own: what all share is read once."""
    database = attached(Path(shutil.copy(sample_file, tmp_path_factory.mktemp("everybodys") / "keel.duckdb")))
    yield database
    database.close()


@pytest.fixture
def somebody(everybodys: Database) -> Iterator[Database]:
    """Everybody's file as one works on it who is another in each test."""
    own = everybodys.of(f"user_{next(_users)}")
    yield own
    jobs.close(own)


@pytest.fixture(scope="session", autouse=True)
def yahoo_here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Yahoo]:
    """The stand-in of this worker, from its first test on: the library keeps one session a process, and no test, nor a
    server or command that a test starts, asks the real Yahoo."""
    from tests.sources.yahoo.stand_in import stand_in

    folder = tmp_path_factory.mktemp("yahoo")
    import_module("yfinance").set_tz_cache_location(str(folder))  # else it remembers in the home of who runs the tests
    with stand_in(folder) as yahoo, pytest.MonkeyPatch.context() as patch:
        for name, value in yahoo.environment.items():
            patch.setenv(name, value)
        yield yahoo


@pytest.fixture
def yahoo(yahoo_here: Yahoo, monkeypatch: pytest.MonkeyPatch) -> Yahoo:
    """A Yahoo on this machine without listings yet; nobody waits between two questions to it, nor gives one up that a
    busy machine answers late."""
    from keel.sources.yahoo import gate, history

    monkeypatch.setattr(history, "PATIENCE", 120)
    monkeypatch.setattr(gate, "FIRST_WAIT", 0.0)
    monkeypatch.setattr(gate, "PER_SECOND", 1e9)
    yahoo_here.clear()
    return yahoo_here
