"""Who asks is known to every address."""

from __future__ import annotations

from keel.api.access.caller import Caller
from keel.store.connection import Database


def test_a_caller_is_an_owner_of_the_open_file(db: Database) -> None:
    caller = Caller(db.of("ann"), None)
    assert (caller.db.owner, caller.db.whole) == ("ann", db)
