"""The door to DuckDB: threads, transactions, locks, damage and what a killed process leaves."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import pytest
from tests.engine import empty
from tests.forked import forked

import keel
from keel.domain.framework.records import Framework
from keel.errors import KeelError, StoreError, StoreLockedError
from keel.store import frameworks
from keel.store.connection import MEMORY, Cursor, Database
from keel.store.integrity import integrity

WRITER = """
import sys
from keel.domain.framework.records import Framework
from keel.store import frameworks
from keel.store.connection import Database
db = Database.open(sys.argv[1])
framework = Framework("Killed")
while True:
    framework = frameworks.save_version(db, framework)
    print(framework.id, framework.version, flush=True)
"""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Database]:
    """A database as people open it, in an engine of its own."""
    database = Database.open(empty(tmp_path / "store.duckdb"))
    yield database
    database.close()


def run(code: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(keel.__file__).parents[1])},
    )


def number(db: Database) -> int:
    with db.cursor() as cursor:
        return int(cursor.execute("select max(version) from schema_migrations").fetchall()[0][0])


INSERT = "insert into benchmarks (id, owner, name, created_at) values ('b', 'B', 'SPX', now()::timestamp)"


def benchmarks(db: Database) -> int:
    with db.cursor() as cursor:
        return len(cursor.execute("select id from benchmarks").fetchall())


def test_a_write_is_committed_and_an_exception_rolls_it_back(store: Database) -> None:
    def spoil() -> None:
        with store.write() as cursor:
            cursor.execute("delete from benchmarks")
            raise KeyboardInterrupt

    with store.write() as cursor:
        cursor.execute(INSERT)
    with pytest.raises(KeyboardInterrupt):
        spoil()
    assert benchmarks(store) == 1


def test_a_write_inside_a_write_joins_it(store: Database) -> None:
    def spoil() -> None:
        with store.write() as outer, store.write() as inner:
            assert inner is outer
            inner.execute(INSERT)
            raise KeyError

    with pytest.raises(KeyError):
        spoil()
    assert benchmarks(store) == 0


def test_eight_hundred_writes_of_one_row_from_eight_threads_all_succeed(store: Database) -> None:
    with store.write() as cursor:
        cursor.execute("create table counter (n integer)")
        cursor.execute("insert into counter values (0)")

    def add(_: int) -> None:
        store.transact(lambda cursor: cursor.execute("update counter set n = n + 1").fetchall())

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add, range(800)))
    with store.cursor() as cursor:
        assert cursor.execute("select n from counter").fetchall() == [(800,)]


def test_reads_from_many_threads_never_mix_their_answers(store: Database) -> None:
    def ask(n: int) -> bool:
        with store.cursor() as cursor:
            return cursor.execute("select $n::integer * 2", {"n": n}).fetchall() == [(2 * n,)]

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(ask, range(400)))


def test_a_conflict_with_another_writer_is_tried_again(store: Database) -> None:
    tries: list[int] = []

    def work(_: Cursor) -> str:
        tries.append(1)
        if len(tries) < 3:
            raise duckdb.TransactionException("Conflict on update!")
        return "done"

    assert store.transact(work) == "done"
    assert len(tries) == 3


def test_an_endless_conflict_gives_up(store: Database) -> None:
    def work(_: Cursor) -> None:
        raise duckdb.TransactionException("Conflict on update!")

    with pytest.raises(StoreError, match="Conflict"):
        store.transact(work)


def test_driver_errors_leave_as_store_errors(store: Database) -> None:
    with pytest.raises(StoreError), store.cursor() as cursor:
        cursor.execute("select from nothing at all")
    with pytest.raises(StoreError), store.write() as cursor:
        cursor.execute("insert into benchmarks (id) values (null)")


def test_other_files_and_the_network_are_out_of_reach(store: Database, tmp_path: Path) -> None:
    for attempt in (
        f"copy (select 1) to '{tmp_path / 'x.csv'}'",
        "install httpfs",
        "set enable_external_access = true",
    ):
        with pytest.raises(StoreError), store.cursor() as cursor:
            cursor.execute(attempt)


def test_a_closed_database_says_so_and_closes_twice(store: Database) -> None:
    store.close()
    store.close()
    with pytest.raises(StoreError, match="closed"), store.cursor():
        pass


def test_a_file_held_by_another_process_names_it(tmp_path: Path) -> None:
    path = tmp_path / "keel.duckdb"
    holder = run("import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('held', flush=True); input()", str(path))
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(StoreLockedError, match=f"process {holder.pid}") as caught:
            Database.open(path)
        assert caught.value.hint
    finally:
        holder.kill()
        holder.communicate()
    Database.open(path).close()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "not a database of Keel"),
        (b"date,close\n2020-01-01,1\n" * 500, "not a database of Keel"),
        (bytes(range(256)) * 100, "not a database of Keel"),
    ],
)
def test_a_file_of_another_kind_is_refused_and_kept(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "keel.duckdb"
    path.write_bytes(content)
    with pytest.raises(StoreError, match=words):
        Database.open(path)
    assert path.read_bytes() == content


def test_a_damaged_file_is_called_damaged(tmp_path: Path) -> None:
    path = empty(tmp_path / "keel.duckdb")
    whole = path.read_bytes()
    path.write_bytes(whole[:9000] + bytes(len(whole) - 9000))
    with pytest.raises(StoreError, match=r"damaged|cut short|could not do this"):
        Database.open(path)
    path.write_bytes(whole[:5000])
    with pytest.raises(StoreError, match="cut short"):
        Database.open(path)


def test_a_folder_in_the_place_of_the_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="folder"):
        Database.open(tmp_path)
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError, match="folder of the database"):
        Database.open(tmp_path / "file" / "keel.duckdb")


def test_a_missing_folder_is_made(tmp_path: Path) -> None:
    path = tmp_path / "new" / "deep" / "keel.duckdb"
    Database.open(path).close()
    assert path.is_file()


def test_what_was_acknowledged_survives_kill_nine(tmp_path: Path) -> None:
    path = tmp_path / "keel.duckdb"
    with forked(WRITER, str(path)) as writer:
        for _ in range(5):
            id, version = writer.stdout.readline().split()
        writer.kill()
        rest = writer.stdout.read().split("\n")
    complete = [line for line in rest[:-1] if line]
    acknowledged = int(complete[-1].split()[1]) if complete else int(version)
    db = Database.open(path)
    try:
        stored = [framework.version for framework in frameworks.versions(db, id)]
        assert stored == list(range(1, len(stored) + 1))
        assert len(stored) >= acknowledged
        assert integrity(db) == ()
    finally:
        db.close()


def test_two_openings_in_one_process_share_the_file_and_the_writer(tmp_path: Path) -> None:
    path = empty(tmp_path / "keel.duckdb")
    one, two = Database.open(path), Database.open(path)
    inside = threading.Event()
    done: list[str] = []

    def write_second() -> None:
        inside.wait()
        with two.write():
            done.append("two")

    thread = threading.Thread(target=write_second)
    thread.start()
    with one.write():
        inside.set()
        thread.join(0.05)
        done.append("one")
    thread.join()
    assert done == ["one", "two"]
    assert number(one) == number(two)
    one.close()
    two.close()


def test_errors_of_keel_pass_through_a_write_unchanged(store: Database) -> None:
    with pytest.raises(KeelError, match="mine"), store.write():
        raise KeelError("mine")


def test_a_pipe_in_the_place_of_the_file_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.duckdb")
    with pytest.raises(StoreError, match=r"pipe\.duckdb is a device or a pipe, not a file\."):
        Database.open(tmp_path / "pipe.duckdb")
    with pytest.raises(StoreError, match="is a device or a pipe"):
        Database.open("/dev/zero")


def modes(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()}


@pytest.fixture
def open_mask() -> Iterator[None]:
    """A process that lets anybody read and write what it makes."""
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.mark.usefixtures("open_mask")
def test_a_database_and_its_log_are_for_their_owner_alone(tmp_path: Path) -> None:
    db = Database.open(tmp_path / "keel.duckdb")
    frameworks.save_version(db, Framework("Mine"))
    assert modes(tmp_path) == {"keel.duckdb": 0o600, "keel.duckdb.wal": 0o600}
    db.close()
    assert modes(tmp_path) == {"keel.duckdb": 0o600}
    (tmp_path / "other").touch()
    assert modes(tmp_path)["other"] == 0o666


def test_a_database_that_others_could_read_is_closed_to_them_when_it_opens(tmp_path: Path) -> None:
    path, copy, other = (tmp_path / name for name in ("keel.duckdb", "keel.duckdb.before-2", "keel.duckdb2"))
    empty(path)
    copy.touch()
    other.touch()
    for file in (path, copy, other):
        file.chmod(0o644)
    Database.open(path).close()
    assert modes(tmp_path) == {path.name: 0o600, copy.name: 0o600, other.name: 0o644}


def test_every_cursor_knows_whose_it_is_from_any_thread(store: Database) -> None:
    ann = store.of("ann")
    assert (ann.of("ann"), ann.whole, store.of("local")) == (ann, store, store)

    def owner(db: Database) -> str:
        with db.cursor() as cursor:
            return str(cursor.execute("select getvariable('owner')").fetchall()[0][0])

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(owner, [store, ann] * 8)) == ["local", "ann"] * 8
    with ann.write() as cursor:
        assert cursor.execute("select getvariable('owner')").fetchall() == [("ann",)]
        assert owner(store) == "local"


def test_a_cursor_is_used_again_by_its_owner_alone_and_with_nothing_left_on_it(store: Database) -> None:
    ann = store.of("ann")
    with ann.cursor() as first, store.cursor() as other:
        first.execute("select * from range(10)").fetchone()
    with ann.cursor() as again, ann.cursor() as beside:
        assert again is first is not beside
        assert again.execute("select getvariable('owner')").fetchall() == [("ann",)]
        assert beside.execute("select getvariable('owner')").fetchall() == [("ann",)]
    with store.cursor() as again:
        assert again is other
    for question in ("select * from nothing_here", "select 1 / 0 ->"):
        with pytest.raises(StoreError), store.cursor() as failed:
            failed.execute(question)
    with store.cursor() as unread:
        assert unread is not failed
        unread.execute("select * from range(10)").fetchone()
    with pytest.raises(duckdb.InvalidInputException):
        unread.fetchone()  # what was not read is gone


def test_the_same_words_mean_in_each_file_and_at_each_time_what_its_tables_are_then(store: Database) -> None:
    words = "select * from days"
    with Database(MEMORY).cursor() as cursor, store.cursor() as other:
        cursor.execute("create table days (day integer); insert into days values (1)")
        other.execute("create table days (day varchar)")
        assert (cursor.execute(words).fetchall(), other.execute(words).fetchall()) == ([(1,)], [])
        cursor.execute("alter table days add column price double")
        assert cursor.execute(words).fetchall() == [(1, None)]
        other.execute("drop table days")
        for _ in range(2):
            with pytest.raises(duckdb.CatalogException):
                other.execute(words)
        assert [cursor.execute("select $n + 1", {"n": n}).fetchall() for n in (1, 2.5)] == [[(2,)], [(3.5,)]]


def test_statements_that_are_many_long_or_several_at_once_are_answered(store: Database) -> None:
    with store.cursor() as cursor:
        for n in range(1_010):
            cursor.execute(f"select {n}")
        long = ", ".join(map(str, range(4_000)))
        assert cursor.execute(f"select list_sum([{long}])").fetchall() == [(sum(range(4_000)),)]
        for _ in range(2):
            assert cursor.execute("select 1; select 2").fetchall() == [(2,)]


def test_a_cursor_that_is_out_while_the_file_closes_is_closed_with_it(tmp_path: Path) -> None:
    store = Database.open(empty(tmp_path / "keel.duckdb"))
    with store.cursor() as outer:
        with store.cursor() as inner:
            inner.execute("select 1").fetchall()
        store.close()
    for cursor in (inner, outer):
        with pytest.raises(duckdb.ConnectionException):
            cursor.execute("select 1")
    assert not (tmp_path / "keel.duckdb.wal").exists()


def test_a_closed_file_is_closed_for_everybody(store: Database) -> None:
    ann = store.of("ann")
    store.close()
    with pytest.raises(StoreError), ann.cursor():
        pass
