"""Names: what comes in is resolved once to an id that stays, whatever the instrument is called later."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from keel.domain.market.instrument import Instrument, InstrumentType
from keel.store import instruments, names
from keel.store.connection import Cursor, Database

FUND = Instrument("ins_a", "OLD", "Fund", InstrumentType.etf)


def names_of(db: Database) -> list[tuple[str, str, str, bool]]:
    """Instrument, kind, name and whether it is valid now."""
    with db.cursor() as cursor:
        return cursor.execute(
            "select instrument_id, kind, name, valid_to is null from instrument_names order by all"
        ).fetchall()


def resolved(db: Database, symbol: str) -> str:
    with db.write() as cursor:
        return names.resolve(cursor, [symbol])[symbol]


def test_a_known_symbol_is_its_instrument_and_an_unknown_one_gets_an_id_that_stays(store: Database) -> None:
    instruments.upsert_many(store, [FUND])
    assert resolved(store, "OLD") == "ins_a"
    nobody = resolved(store, "NOBODY")
    assert nobody.startswith("ins_")
    assert resolved(store, "NOBODY") == nobody


def test_a_symbol_that_changed_ends_and_the_new_one_begins(store: Database) -> None:
    instruments.upsert_many(store, [FUND])
    instruments.upsert_many(store, [replace(FUND, symbol="NEW")])
    assert names_of(store) == [("ins_a", "symbol", "NEW", True), ("ins_a", "symbol", "OLD", False)]
    assert resolved(store, "NEW") == "ins_a"
    assert resolved(store, "OLD") != "ins_a"  # free for another


def test_of_two_with_one_symbol_the_one_with_facts_is_meant_then_the_lower_id(store: Database) -> None:
    with store.write() as cursor:
        cursor.execute("insert into instruments (id, created_at) values ('aaa', now()::timestamp)")
        cursor.execute(
            "insert into instrument_names (instrument_id, kind, name, owner_kind) values ('aaa','symbol','TWO','user')"
        )
    assert resolved(store, "TWO") == "aaa"
    instruments.upsert_many(store, [replace(FUND, id=id, symbol="TWO") for id in ("zzz", "yyy", "xxx")])
    assert resolved(store, "TWO") == "aaa"  # the first of the three brought the facts of the one known by name
    assert {i.id for i in instruments.universe(store)} == {"aaa", "xxx", "yyy"}


def test_facts_that_come_later_meet_the_instrument_that_a_file_named(store: Database) -> None:
    named = resolved(store, "OLD")
    instruments.upsert_many(store, [FUND])
    assert instruments.universe(store) == (replace(FUND, id=named),)
    with store.write() as cursor:
        asked = ["ins_a", named, "ins_other"]
        assert names.known_ids(cursor, asked) == {"ins_a": named, named: named}
        assert names.shown(cursor, asked) == {"ins_a": (named, "OLD"), named: (named, "OLD")}
    instruments.upsert_many(store, [replace(FUND, name="Again")])
    assert [i.name for i in instruments.universe(store)] == ["Again"]


def test_a_holding_keeps_its_instrument_while_it_bears_a_name_the_instrument_had(store: Database) -> None:
    instruments.upsert_many(store, [FUND])
    instruments.upsert_many(store, [replace(FUND, symbol="NEW"), replace(FUND, id="ins_b")])
    with store.write() as cursor:
        pairs = [("ins_a", "OLD"), ("ins_a", "NEW"), ("", "OLD"), ("ins_a", "OTHER"), ("ins_gone", "NEW")]
        found = names.identify(cursor, pairs)
    assert found[:3] == [("ins_a", "NEW"), ("ins_a", "NEW"), ("ins_b", "OLD")]
    assert found[3][0] not in ("ins_a", "ins_b")
    assert found[3][1] == "OTHER"
    assert found[4] == ("ins_a", "NEW")


@pytest.mark.parametrize(("owner_kind", "shown"), [("sample", "MINE"), ("user", "SAMPLE2")])
def test_the_sample_ends_no_name_that_a_user_gave(store: Database, owner_kind: names.OwnerKind, shown: str) -> None:
    instruments.upsert_many(store, [replace(FUND, symbol="SAMPLE")], "sample")
    instruments.upsert_many(store, [replace(FUND, symbol="MINE")], "user")
    instruments.upsert_many(store, [replace(FUND, symbol="SAMPLE2")], owner_kind)
    assert instruments.get(store, "ins_a").symbol == shown


def test_many_come_in_with_as_many_statements_as_a_few(store: Database) -> None:
    class Counted:
        def __init__(self, cursor: Cursor) -> None:
            self._cursor, self.statements = cursor, 0

        def execute(self, *given: Any) -> Any:
            self.statements += 1
            return self._cursor.execute(*given)

        def __getattr__(self, name: str) -> Any:
            return getattr(self._cursor, name)

    def statements(count: int) -> int:
        def work(cursor: Cursor) -> int:
            counted = Counted(cursor)
            names.settle(counted, {f"{count}-{n}": f"S{count}-{n}" for n in range(count)}, "user")  # type: ignore[arg-type]
            return counted.statements

        return store.transact(work)

    assert statements(300) == statements(3)
