"""Migrations are numbered one after another: two of one number would upgrade no file."""

from __future__ import annotations

from keel.store.migrations import shipped


def test_each_migration_has_the_number_after_the_one_before() -> None:
    assert [migration.version for migration in shipped()] == list(range(1, len(shipped()) + 1))
