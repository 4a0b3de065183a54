"""The schema: made, upgraded with a backup, refused when newer, and shipped with the package."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from tests.engine import empty

from keel.domain.framework.records import Framework
from keel.errors import StoreError, StoreOutdatedError
from keel.store import frameworks, migrations
from keel.store.connection import Database, connect

TABLES = {
    "allocation_frameworks", "allocation_buckets", "framework_constraints", "investment_profiles", "benchmarks",
    "benchmark_parts", "portfolios", "portfolio_versions", "accounts", "positions", "lots", "activities", "imports",
    "instruments", "instrument_names", "instrument_facts", "instrument_exposures", "prices", "price_series",
    "price_sources", "price_events", "rebalancing_strategies", "runs", "plans", "alerts", "drafts", "jobs",
    "workflow_runs", "api_tokens", "schema_migrations",
}  # fmt: skip


def tables(db: Database) -> set[str]:
    with db.cursor() as cursor:
        return {name for (name,) in cursor.execute("select table_name from duckdb_tables()").fetchall()}


def test_a_new_database_has_every_table(store: Database) -> None:
    assert tables(store) >= TABLES
    assert migrations.schema_version(store) == migrations.shipped()[-1].version


def test_migrations_are_numbered_without_a_hole() -> None:
    shipped = migrations.shipped()
    assert [m.version for m in shipped] == list(range(1, len(shipped) + 1))
    assert len(shipped) >= 2


def test_opening_again_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "keel.duckdb"
    Database.open(path).close()
    db = Database.open(path)
    with db.cursor() as cursor:
        rows = cursor.execute("select version, name from schema_migrations order by version").fetchall()
    db.close()
    assert rows == [(m.version, m.name) for m in migrations.shipped()]
    assert [p.name for p in tmp_path.iterdir()] == ["keel.duckdb"]


def test_an_older_file_upgrades_after_a_backup_copy_and_keeps_its_rows(tmp_path: Path) -> None:
    path = tmp_path / "keel.duckdb"
    shipped = migrations.shipped()
    next_version = shipped[-1].version + 1
    old = Database.open(empty(path))
    kept = frameworks.save_version(old, Framework("Kept"))
    old.close()

    step = migrations.Migration(next_version, "more", "create table more (n integer)", "0" * 16)
    new = migrations.open(path, (*shipped, step))
    assert "more" in tables(new)
    assert frameworks.get(new, kept.id) == kept
    new.close()

    backup = Database.open(tmp_path / f"keel.duckdb.before-{next_version}")
    assert "more" not in tables(backup)
    assert frameworks.get(backup, kept.id) == kept
    backup.close()


def test_a_newer_file_is_refused_with_both_numbers(tmp_path: Path) -> None:
    path = tmp_path / "keel.duckdb"
    shipped = migrations.shipped()
    future = migrations.Migration(shipped[-1].version + 1, "future", "create table future (n integer)", "0" * 16)
    migrations.open(empty(path), (*shipped, future)).close()
    with pytest.raises(
        StoreOutdatedError, match=rf"schema is {future.version}, this version knows {shipped[-1].version}"
    ):
        Database.open(path)


def test_a_failing_migration_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = empty(tmp_path / "keel.duckdb")
    shipped = migrations.shipped()
    version = shipped[-1].version + 1
    broken = migrations.Migration(version, "broken", "create table half (n integer); select from nowhere;", "0" * 16)
    with pytest.raises(StoreError):
        migrations.open(path, (*shipped, broken))
    db = Database.open(path)
    assert "half" not in tables(db)
    assert migrations.schema_version(db) == shipped[-1].version
    db.close()


def test_a_step_that_was_edited_after_it_was_applied_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "keel.duckdb"
    first, *rest = migrations.shipped()
    migrations.open(path, (replace(first, checksum="0" * 16), *rest)).close()
    with pytest.raises(StoreError, match="another edition of schema step 1"):
        Database.open(path)


def test_a_duckdb_file_of_another_program_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.duckdb"
    root = connect(str(path))
    root.execute("create table theirs (n integer)")
    root.close()
    with pytest.raises(StoreError, match="not one of Keel"):
        Database.open(path)


def test_a_second_upgrade_leaves_the_older_copy_alone(tmp_path: Path) -> None:
    path = tmp_path / "keel.duckdb"
    shipped = migrations.shipped()
    version = shipped[-1].version + 1
    step = migrations.Migration(version, "more", "create table more (n integer)", "0" * 16)
    for name in ("First", "Second"):
        old = Database.open(empty(path))
        frameworks.save_version(old, Framework(name))
        old.close()
        migrations.open(path, (*shipped, step)).close()
    names = [f"keel.duckdb.before-{version}", f"keel.duckdb.before-{version}.2"]
    assert sorted(file.name for file in tmp_path.iterdir()) == ["keel.duckdb", *names]
    for file, name in zip(names, ("First", "Second"), strict=True):
        assert (tmp_path / file).stat().st_mode & 0o777 == 0o600
        copy = Database.open(tmp_path / file)
        assert [f.name for f in frameworks.list_latest(copy)] == [name]
        copy.close()
