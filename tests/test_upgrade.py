"""A database of an earlier Keel opens with all that is in it: the same ids and numbers, and a copy to go back to."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests import older
from tests.forked import forked

from keel import settings
from keel.domain.market.instrument import Instrument, InstrumentType
from keel.errors import StoreOutdatedError
from keel.services import mapping, sample, study
from keel.sources.embedded.sample import load
from keel.store import frameworks, instruments, migrations, portfolios, prices, runs
from keel.store.connection import Database
from keel.store.integrity import integrity


@pytest.fixture(scope="session")
def older_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of schema 2; copy it, never write to it."""
    path = tmp_path_factory.mktemp("older") / "keel.duckdb"
    older.write(path)
    return path


@pytest.fixture(scope="module")
def upgraded(older_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """The file opened by this version; read only."""
    path = tmp_path_factory.mktemp("upgraded") / "keel.duckdb"
    shutil.copy(older_file, path)
    database = Database.open(path)
    yield database
    database.close()


@pytest.fixture
def path(older_file: Path, tmp_path: Path) -> Path:
    """A file of schema 2 of this test's own."""
    return Path(shutil.copy(older_file, tmp_path / "keel.duckdb"))


@pytest.fixture(scope="module")
def at_each_version(older_file: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    """The file as each step of the schema leaves it, from the second on; copy them, never write to them."""
    folder, files = tmp_path_factory.mktemp("steps"), {2: older_file}
    for step in migrations.shipped()[2:]:
        files[step.version] = Path(shutil.copy(files[step.version - 1], folder / f"{step.version}.duckdb"))
        migrations.open(files[step.version], migrations.shipped()[: step.version]).close()
    return files


def test_nothing_is_broken_and_nothing_is_doubled(upgraded: Database) -> None:
    loaded = load(settings.load({}).data_dir)
    assert integrity(upgraded) == ()
    assert not sample.build(upgraded, settings.load({}))
    assert {i.id for i in instruments.universe(upgraded)} == {i.id for i in loaded.instruments}
    assert len(prices.coverage(upgraded)) == sum(len(series.prices.symbols) for series in loaded.series)


def test_every_fact_of_the_sample_is_the_one_a_new_database_has(upgraded: Database, db: Database) -> None:
    assert instruments.universe(upgraded) == instruments.universe(db)
    for series in prices.coverage(db):
        assert series in prices.coverage(upgraded)


def test_every_framework_opens_by_its_id_with_its_holdings(upgraded: Database) -> None:
    for row in older.ROWS["allocation_frameworks"]:
        framework = frameworks.get(upgraded, row["id"], row["version"])
        assert framework.name == row["name"]
        held = {(b.path, h.symbol, h.share) for b in framework.buckets for h in b.holdings}
        assert held == {
            (h["path"], h["symbol"], float(h["share"]))
            for h in older.ROWS["bucket_holdings"]
            if (h["framework_id"], h["framework_version"]) == (row["id"], row["version"])
        }
    assert len(frameworks.list_latest(upgraded)) == 3


def test_every_portfolio_opens_by_its_id_as_version_one_with_its_picks(upgraded: Database) -> None:
    for row in older.ROWS["portfolios"]:
        portfolio = portfolios.get(upgraded, row["id"])
        assert (portfolio.name, portfolio.framework_id, portfolio.framework_version, portfolio.version) == (
            row["name"], row["framework_id"], row["framework_version_used"], 1,
        )  # fmt: skip
        assert [(p.path, p.symbol, p.share, p.locked) for p in portfolio.picks] == [
            (p["path"], p["symbol"], float(p["share"]), p["locked"])
            for p in sorted(older.ROWS["portfolio_picks"], key=lambda p: p["ordinal"])
            if p["portfolio_id"] == row["id"]
        ]


@pytest.mark.parametrize("run_id", older.run_ids())
def test_a_run_opens_by_its_id_and_gives_the_stored_numbers(upgraded: Database, run_id: str) -> None:
    stored = runs.get(upgraded, run_id)
    opened = study.get_run(upgraded, run_id)
    assert not opened.changed
    for result in opened.results:
        for name, value in stored.metrics[result.name].items():
            now = result.metrics[name]
            if isinstance(value, float):
                assert now == pytest.approx(value, rel=1e-12, abs=1e-12), name
            else:
                assert json.loads(json.dumps(now, default=str)) == value, name


def test_a_symbol_that_nobody_knew_is_still_a_gap_and_no_search_finds_it(upgraded: Database) -> None:
    row = next(row for row in older.ROWS["portfolios"] if row["name"] == "Global 6 without metals")
    changed = portfolios.get(upgraded, row["id"])
    pick = next(pick for pick in changed.picks if pick.symbol == "XAUQ")
    assert pick.instrument_id
    assert instruments.find(upgraded, "XAUQ") is None
    run = next(row["id"] for row in older.ROWS["runs"] if row["portfolio_id"] == changed.id)
    assert any("XAUQ has no prices" in note for note in study.get_run(upgraded, run).notes)


def test_an_upgraded_portfolio_goes_on_under_its_id(path: Path) -> None:
    db = Database.open(path)
    row = next(row for row in older.ROWS["runs"] if row["name"] == "Opportunistic")
    before = portfolios.get(db, row["portfolio_id"])
    bond = instruments.find(db, "AGG")
    assert bond is not None
    picks = {
        p.path: (mapping.Pick(p.path, bond.id, bond.symbol, 1.0) if p.symbol == "BND" else p,) for p in before.picks
    }
    after = mapping.accept(db, before.framework_id, before.framework_version, picks, before.name, began=before)
    assert (after.id, after.version) == (before.id, 2)
    assert study.get_run(db, row["id"]).results[0].metrics["cagr"] == pytest.approx(
        json.loads(row["metrics"])["Opportunistic"]["cagr"], abs=1e-12
    )
    assert integrity(db) == ()
    db.close()


def test_a_copy_of_the_file_before_lies_beside_it_and_is_the_way_back(path: Path) -> None:
    Database.open(path).close()
    backup = path.with_name("keel.duckdb.before-3")
    shutil.copy(backup, path)
    old = migrations.open(path, migrations.shipped()[:2])
    assert migrations.schema_version(old) == 2
    with old.cursor() as cursor:
        assert cursor.execute("select count(*) from runs").fetchone() == (len(older.ROWS["runs"]),)
    old.close()
    again = Database.open(path)
    assert integrity(again) == ()
    again.close()


def test_an_earlier_keel_refuses_the_upgraded_file(path: Path) -> None:
    Database.open(path).close()
    newest = migrations.shipped()[-1].version
    with pytest.raises(StoreOutdatedError, match=rf"written by a newer Keel \(its schema is {newest}") as caught:
        migrations.open(path, migrations.shipped()[:2])
    assert "Upgrade Keel" in caught.value.hint


KILLED = """
import os, sys
from dataclasses import replace
from keel.store import migrations
from keel.store.connection import Database

apply = migrations._apply
def stop_in_the_middle(migration, cursor):
    if migration.version == int(sys.argv[2]):
        cursor.execute(migration.sql)
        os.kill(os.getpid(), 9)
    apply(migration, cursor)
migrations._apply = stop_in_the_middle
Database.open(sys.argv[1])
"""


@pytest.mark.parametrize("version", [m.version for m in migrations.shipped()[2:]])
def test_killed_in_the_middle_of_a_step_the_file_goes_on_where_it_was(
    at_each_version: dict[int, Path], tmp_path: Path, version: int
) -> None:
    path = Path(shutil.copy(at_each_version[version - 1], tmp_path / "keel.duckdb"))
    with forked(KILLED, str(path), str(version)) as process:
        assert process.wait() == -9
    database = migrations.open(path, migrations.shipped()[: version - 1])
    assert migrations.schema_version(database) == version - 1
    database.close()
    database = Database.open(path)
    assert integrity(database) == ()
    assert len(runs.list_for(database, older.ROWS["runs"][0]["portfolio_id"], with_archived=True)) >= 1
    database.close()


def test_a_new_release_of_the_sample_leaves_what_a_user_brought(path: Path) -> None:
    db = Database.open(path)
    mine = Instrument("ins_mine", "MINE", "Mine", InstrumentType.fund, expense_ratio=0.01)
    vti = instruments.find(db, "VTI")
    assert vti is not None
    said = Instrument(vti.id, "VTI", "As I call it", InstrumentType.etf, sources=(("name", "me", None),))
    instruments.upsert_many(db, [mine, said])
    prices.write_matrix(db, "broker", "monthly", prices.series(db, ["US Treasuries"], "monthly"))
    user_rows = _rows_of_users(db)
    with db.write() as cursor:
        cursor.execute("update price_sources set source = 'an older release' where owner_kind = 'sample'")
    assert sample.build(db, settings.load({}))
    assert _rows_of_users(db) == user_rows
    assert instruments.get(db, vti.id).name == "As I call it"
    assert instruments.get(db, vti.id).expense_ratio == vti.expense_ratio
    assert instruments.find(db, "MINE") == mine
    assert integrity(db) == ()
    db.close()


def _rows_of_users(db: Database) -> list[tuple[object, ...]]:
    with db.cursor() as cursor:
        return [
            *cursor.execute("select * from instrument_facts where owner_kind = 'user' order by all").fetchall(),
            *cursor.execute("select * from instrument_names where owner_kind = 'user' order by all").fetchall(),
            *cursor.execute("select * from price_sources where owner_kind = 'user' order by all").fetchall(),
            *cursor.execute("select * from prices where dataset = 'broker' order by all").fetchall(),
        ]
