"""Nothing acknowledged is lost: to kill -9 in the middle of writes, and to a disk that is full."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.attack.test_commands import ROUNDS

from keel.errors import KeelError
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


def written(path: Path, *arguments: str) -> subprocess.Popen[str]:
    """A process that writes frameworks and says of each version when it is stored."""
    command = [sys.executable, "-c", WRITER, str(path), *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


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
        with written(path) as process:
            assert process.stdout is not None
            lines = [process.stdout.readline() for _ in range(random.Random(n).randint(1, 20))]
            process.kill()
            lines += process.stdout.readlines()  # said before it was killed
        require_kept(path, [line for line in lines if line.endswith("\n")])


@pytest.mark.slow
def test_a_full_disk_is_said_and_loses_nothing(sample_file: Path, tmp_path: Path) -> None:
    path = tmp_path / "keel.duckdb"
    shutil.copy(sample_file, path)
    with written(path, str(ROOM)) as process:
        out, err = process.communicate(timeout=120)
    *acknowledged, last = out.splitlines()
    assert last == "full 0", err
    assert acknowledged
    require_kept(path, acknowledged)
    database = Database.open(path)  # there is room again
    try:
        frameworks.save_version(database, frameworks.get(database, acknowledged[0].split()[0]))
    except KeelError as error:  # pragma: no cover
        pytest.fail(str(error))
    finally:
        database.close()
