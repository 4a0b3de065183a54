"""Nothing acknowledged is lost: to kill -9 in the middle of writes, and to a disk that is full."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest
from tests.attack import listed
from tests.attack.test_commands import ROUNDS
from tests.forked import forked

from keel.errors import KeelError
from keel.services.market import refresh
from keel.sources.yahoo import gate
from keel.store import frameworks
from keel.store.connection import Database
from keel.store.integrity import integrity

KILLS = 2 * ROUNDS
ROOM = 600_000  # bytes of the log, which is what grows

WRITER = """
import resource, signal, sys
from dataclasses import replace
from keel.domain.framework.records import Bucket, Framework, Holding
from keel.errors import StoreError
from keel.store import frameworks
from keel.store.connection import Database

database = Database.open(sys.argv[1])
if len(sys.argv) > 2:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), int(sys.argv[2])))
held = tuple(Holding(f"S{n}", 0.0025) for n in range(400))
made = Framework("Mix", (Bucket("A", "A", 1.0), Bucket("A/B", "B", 1.0, holdings=held)), description="x" * 9_000)
while True:
    try:
        for n in range(1, 6):
            saved = frameworks.save_version(database, made if n == 1 else replace(saved, name=f"Mix {n}"))
            print(saved.id, saved.version, flush=True)
    except StoreError as error:
        print("full", str(error).count(chr(10)), flush=True)
        assert frameworks.list_latest(database)
        break
"""


def require_kept(path: Path, acknowledged: list[str]) -> None:
    """Fails when a version that was said to be stored is not there, or something else is half there."""
    database = Database.open(path)
    try:
        for line in acknowledged:
            id, version = line.split()
            assert len(frameworks.get(database, id, int(version)).buckets[1].holdings) == 400
        assert integrity(database) == ()
    finally:
        database.close()


@pytest.mark.slow
def test_what_was_acknowledged_survives_kill_nine_in_the_middle_of_writes(sample_file: Path, tmp_path: Path) -> None:
    for n in range(KILLS):
        path = tmp_path / f"{n}.duckdb"
        shutil.copy(sample_file, path)
        with forked(WRITER, str(path)) as process:
            lines = [process.stdout.readline() for _ in range(random.Random(n).randint(1, 20))]
            process.kill()
            lines += process.stdout.readlines()  # said before it was killed
        require_kept(path, [line for line in lines if line.endswith("\n")])


@pytest.mark.slow
def test_a_full_disk_is_said_and_loses_nothing(sample_file: Path, tmp_path: Path) -> None:
    path = tmp_path / "keel.duckdb"
    shutil.copy(sample_file, path)
    with forked(WRITER, str(path), str(ROOM)) as process:
        *acknowledged, last = process.stdout.read().splitlines()
    assert last == "full 0"
    assert acknowledged
    require_kept(path, acknowledged)
    database = Database.open(path)  # there is room again
    try:
        frameworks.save_version(database, frameworks.get(database, acknowledged[0].split()[0]))
    except KeelError as error:  # pragma: no cover
        pytest.fail(str(error))
    finally:
        database.close()


FETCHER = """
import sys
from tests.attack.listed import SYMBOLS, source
from keel.services.market.refresh import refresh
from keel.sources.yahoo import gate
from keel.store.connection import Database

gate.PER_SECOND = 1e9
database = Database.open(sys.argv[1])
refresh(database, SYMBOLS, source(), lambda done, of: print(done, flush=True))
print("done", flush=True)
"""
TABLES = {
    "prices": "close, adjusted_close, volume, date",
    "price_events": "kind, value, date",
    "price_series": "first_date, last_date, sessions, frequency, price_kind, source",
    "instrument_facts": "fact, value, source, as_of, owner_kind",
    "instrument_exposures": "kind, name, weight, source, as_of",
}


def fetched(path: Path, sessions: int, symbols: tuple[str, ...]) -> dict[str, list[tuple[object, ...]]]:
    """What is stored of the market after a refresh that nobody disturbed, by symbol instead of by instrument."""
    database = Database.open(path)
    try:
        refresh.refresh(database, symbols, listed.source(sessions), lambda _done, _of: None)
        assert integrity(database) == ()
        with database.cursor() as cursor:
            return {
                table: cursor.execute(
                    f"select s.symbol, {columns} from {table} t join instrument_symbols s"
                    " on s.instrument_id = t.instrument_id where s.symbol like 'S%' order by all"
                ).fetchall()
                for table, columns in TABLES.items()
            }
    finally:
        database.close()


@pytest.mark.slow
def test_a_refresh_killed_at_any_moment_and_run_again_stores_what_one_alone_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gate, "PER_SECOND", 1e9)
    begun = tmp_path / "begun.duckdb"
    fetched(begun, listed.BEFORE, listed.EARLIER)
    shutil.copy(begun, tmp_path / "whole.duckdb")
    whole = fetched(tmp_path / "whole.duckdb", listed.SESSIONS, listed.SYMBOLS)
    assert len(whole["prices"]) == listed.SESSIONS * sum(n % 7 != 6 for n in range(16))
    for n in range(KILLS):
        path = tmp_path / f"{n}.duckdb"
        shutil.copy(begun, path)
        with forked(FETCHER, str(path)) as process:
            for _ in range(random.Random(n).randint(1, len(listed.SYMBOLS) + 2)):
                process.stdout.readline()
            process.kill()
        assert fetched(path, listed.SESSIONS, listed.SYMBOLS) == whole
