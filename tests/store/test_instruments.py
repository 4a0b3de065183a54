"""Instruments: every fact comes back, and what is missing stays missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from keel.domain.market.instrument import Instrument, InstrumentType
from keel.errors import InstrumentNotFoundError
from keel.store import instruments
from keel.store.connection import Database

FULL = Instrument(
    id="ins_vti", symbol="VTI", name="Vanguard “Total” Stock", type=InstrumentType.etf, asset_class="equity",
    region="us", sector="broad", subclass="total", sleeve="core", currency="USD", expense_ratio=0.0003,
    aum_usd=4.123456789012345e11, adv_usd=1e9 / 3, inception=date(2001, 5, 24), leverage=1.0,
    tags=("asset_class:equity", "region:us"), proxy="MSCI US", price_kind="total_return", survivor=True,
    dataset="etf_daily", sources=(("aum_usd", "issuer, 'page'", date(2024, 1, 2)), ("name", "x", None)),
)  # fmt: skip
BARE = Instrument("ins_bare", "BARE", "Bare", InstrumentType.stock)


def test_every_fact_comes_back_and_missing_stays_missing(store: Database) -> None:
    assert instruments.upsert_many(store, [FULL, BARE]) == 2
    assert instruments.get(store, FULL.id) == FULL
    assert instruments.find(store, "BARE") == BARE
    assert instruments.universe(store) == (BARE, FULL)
    assert instruments.find_many(store, ["VTI", "nothing"]) == (FULL,)


def test_the_same_id_is_replaced_and_the_symbol_may_change(store: Database) -> None:
    instruments.upsert_many(store, [FULL, BARE])
    instruments.upsert_many(store, [replace(BARE, symbol="NEW"), replace(FULL, name="first"), FULL])
    assert instruments.find(store, "BARE") is None
    assert instruments.get(store, BARE.id).symbol == "NEW"
    assert instruments.get(store, FULL.id) == FULL
    assert len(instruments.universe(store)) == 2


def test_what_was_told_of_an_id_since_it_was_asked_for_is_there(store: Database) -> None:
    instruments.upsert_many(store, [BARE])
    assert [one.name for one in instruments.of_ids(store, [BARE.id, "nothing"])] == [BARE.name]
    instruments.upsert_many(store, [replace(BARE, name="Another name")])
    assert [one.name for one in instruments.of_ids(store, [BARE.id])] == ["Another name"]


def test_by_id_they_are_the_same_whether_all_were_read_before_or_not(store: Database) -> None:
    instruments.upsert_many(store, [FULL, BARE])
    asked = instruments.of_ids(store, [BARE.id, FULL.id])
    assert set(asked) == set(instruments.universe(store))
    assert instruments.of_ids(store, [FULL.id, "nothing", BARE.id]) == asked[::-1]


def test_of_two_with_one_symbol_the_lower_id_is_found(store: Database) -> None:
    instruments.upsert_many(store, [replace(BARE, id="z"), replace(BARE, id="a")])
    found = instruments.find(store, "BARE")
    assert found is not None
    assert found.id == "a"


def test_nothing_to_write_writes_nothing(store: Database) -> None:
    assert instruments.upsert_many(store, []) == 0
    assert instruments.universe(store) == ()


def test_an_unknown_id_is_named_and_an_unknown_symbol_is_none(store: Database) -> None:
    assert instruments.find(store, "nothing") is None
    with pytest.raises(InstrumentNotFoundError, match="ins_nothing"):
        instruments.get(store, "ins_nothing")


def test_the_newest_fact_wins_and_one_of_a_user_is_never_overwritten(store: Database) -> None:
    def said(fee: float, source: str, as_of: date | None) -> Instrument:
        return replace(BARE, expense_ratio=fee, sources=(("expense_ratio", source, as_of),))

    instruments.upsert_many(store, [said(0.02, "sample", date(2024, 1, 1))], "sample")
    assert instruments.get(store, BARE.id).expense_ratio == 0.02
    instruments.upsert_many(store, [said(0.03, "issuer", date(2020, 1, 1))])
    instruments.upsert_many(
        store,
        [
            said(0.04, "exchange", date(2021, 1, 1)),
        ],
    )
    instruments.upsert_many(store, [said(0.05, "hearsay", None)])
    assert instruments.get(store, BARE.id).expense_ratio == 0.04
    assert instruments.get(store, BARE.id).sources == (("expense_ratio", "exchange", date(2021, 1, 1)),)
    instruments.upsert_many(store, [said(0.06, "sample 2", date(2030, 1, 1))], "sample")
    assert instruments.get(store, BARE.id).expense_ratio == 0.04
    instruments.upsert_many(store, [said(0.045, "exchange", date(2022, 1, 1))])
    assert instruments.get(store, BARE.id).expense_ratio == 0.045
    with store.cursor() as cursor:
        sources = "select source from instrument_facts where fact = 'expense_ratio' order by source"
        assert cursor.execute(sources).fetchall() == [("exchange",), ("hearsay",), ("issuer",), ("sample 2",)]


def test_a_caveat_comes_back_as_the_sentence_it_is(store: Database) -> None:
    beware = replace(BARE, sources=(("prices", "somewhere", None), ("caveat", "Ends in 2017.", None)))
    instruments.upsert_many(store, [beware])
    assert instruments.get(store, BARE.id) == beware
    assert instruments.get(store, BARE.id).caveat == "Ends in 2017."
