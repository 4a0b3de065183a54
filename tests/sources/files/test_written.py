"""Files written whole or not at all."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from keel.errors import InputError
from keel.sources.files.written import of_database, same_file, written
from keel.store.connection import Database


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_replaced_when_all_is_written_and_kept_when_not(tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    target.write_text("before")

    def half() -> None:
        with written(target) as part:
            part.write_text("half")
            raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        half()
    assert target.read_text() == "before"
    with written(target) as part:
        assert part.parent == tmp_path
        part.write_text("after")
    assert target.read_text() == "after"
    assert names(tmp_path) == ["out.csv"]


def test_a_link_stays_a_link_and_a_file_keeps_who_may_read_it(tmp_path: Path) -> None:
    real, link = tmp_path / "real.csv", tmp_path / "link.csv"
    real.write_text("before")
    real.chmod(0o640)
    link.symlink_to(real)
    with written(link) as part:
        part.write_text("after")
    assert link.is_symlink()
    assert real.read_text() == "after"
    assert real.stat().st_mode & 0o777 == 0o640


def test_what_is_no_file_is_written_to_as_it_is() -> None:
    with written("/dev/null") as path:
        assert str(path) == "/dev/null"


def test_no_database_is_written_over_whatever_its_name(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    Database.open(path).close()
    before = path.read_bytes()
    for target in (path, tmp_path / "other.db.wal"):
        with pytest.raises(InputError, match="belongs to a database"), written(target):
            pass
    assert path.read_bytes() == before


KILLED = """
import os, signal, sys
from keel.sources.files.written import written
with written(sys.argv[1]) as part:
    part.write_text("half")
    print(part.name, flush=True)
    if sys.argv[2] == "dies":
        os.kill(os.getpid(), signal.SIGKILL)
    sys.stdin.read()
"""


def writer(target: Path, end: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", KILLED, str(target), end], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def test_what_a_killed_writer_left_goes_with_the_next_and_what_another_writes_stays(tmp_path: Path) -> None:
    with writer(tmp_path / "dead.csv", "dies") as dead:
        assert dead.wait() == -signal.SIGKILL
    left = names(tmp_path)
    assert left == [f"dead.csv.keel-{dead.pid}.part"]
    with writer(tmp_path / "slow.csv", "waits") as slow:
        assert slow.stdout is not None
        slow.stdout.readline()
        with written(tmp_path / "new.csv") as part:
            part.write_text("new")
        assert names(tmp_path) == ["new.csv", f"slow.csv.keel-{slow.pid}.part"]
        slow.communicate("")
    assert names(tmp_path) == ["new.csv", "slow.csv"]


def test_a_full_disk_keeps_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    target.write_text("before")
    code = (
        "import resource, signal, sys\nfrom keel.sources.files.written import written\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\nresource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "with written(sys.argv[1]) as part:\n    part.write_bytes(b'x' * 5000)\n"
    )
    done = subprocess.run([sys.executable, "-B", "-c", code, str(target)], capture_output=True, check=False)
    assert done.returncode == 1
    assert target.read_text() == "before"
    assert names(tmp_path) == ["out.csv"]


def test_one_file_is_known_by_any_of_its_names(tmp_path: Path) -> None:
    one, hard, soft = tmp_path / "one", tmp_path / "hard", tmp_path / "soft"
    one.write_text("x")
    hard.hardlink_to(one)
    soft.symlink_to(one)
    assert same_file(one, hard)
    assert same_file(one, soft)
    assert not same_file(one, tmp_path / "two")
    assert same_file(tmp_path / "two", tmp_path / "." / "two")


def test_a_database_is_itself_its_log_and_its_copies(tmp_path: Path) -> None:
    for name in ("k.db", "k.db.before-2", "k.db.before-2.1", "k.txt"):
        (tmp_path / name).touch()
    found = sorted(os.path.basename(file) for file in of_database(tmp_path / "k.db"))
    assert found == ["k.db", "k.db.before-2", "k.db.before-2.1", "k.db.wal"]
