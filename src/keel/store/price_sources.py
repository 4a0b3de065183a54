"""Where each dataset's prices came from."""

from __future__ import annotations

from keel.store.connection import Database


def origins(db: Database) -> dict[str, str]:
    """Dataset → the source its prices were last written with."""
    with db.cursor() as cursor:
        return dict(cursor.execute("select dataset, source from price_sources").fetchall())
