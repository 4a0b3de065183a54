"""Facts as a source says them: its own are replaced, those of others stay."""

from __future__ import annotations

from datetime import date

from keel.domain.market.instrument import Instrument, InstrumentType
from keel.store import instruments
from keel.store.connection import Database
from keel.store.integrity import integrity
from keel.store.market import exposures, facts
from keel.store.market.facts import Part, Said

FIRST, LATER = date(2024, 1, 2), date(2024, 3, 1)


def test_what_a_source_says_again_replaces_what_it_said(store: Database) -> None:
    facts.write(store, Said("A", "X", FIRST, {"type": "ETF", "expense_ratio": 0.01}, (Part("sector", "Energy", 1.0),)))
    facts.write(store, Said("A", "X", LATER, {"expense_ratio": 0.02}, (Part("sector", "Materials", 0.5),)))
    known = instruments.find(store, "A")
    assert known is not None
    assert (known.type, known.expense_ratio) == (InstrumentType.etf, 0.02)
    assert {(s.fact, s.source, s.as_of) for s in known.sources} == {("type", "X", FIRST), ("expense_ratio", "X", LATER)}
    with store.cursor() as cursor:
        assert cursor.execute("select name, weight from instrument_exposures").fetchall() == [("Materials", 0.5)]
    assert facts.known(store, "A") == {"type", "expense_ratio"}
    assert facts.said_on(store, "expense_ratio", "X") == {"A": LATER}
    assert facts.said_on(store, "expense_ratio", "Y") == {}
    assert integrity(store) == ()


def test_the_samples_facts_stay_beside_those_of_a_user(store: Database) -> None:
    sample = Instrument("ins_1", "A", "Fund A", InstrumentType.etf, expense_ratio=0.05, tags=("region:us",))
    instruments.upsert_many(store, [sample], "sample")
    facts.write(store, Said("A", "X", FIRST, {"expense_ratio": 0.01}))
    known = instruments.find(store, "A")
    assert known is not None
    assert (known.id, known.name, known.expense_ratio, known.tags) == ("ins_1", "Fund A", 0.01, ("region:us",))
    instruments.upsert_many(store, [sample], "sample")
    assert instruments.find(store, "A") == known


def test_what_one_says_of_a_product_is_not_told_to_another(store: Database) -> None:
    instruments.upsert_many(store, [Instrument("ins_1", "A", "Fund A", InstrumentType.etf)], "sample")
    ann, bob = store.of("ann"), store.of("bob")
    facts.write(ann, Said("A", "X", FIRST, {"expense_ratio": 0.01}, (Part("sector", "Energy", 1.0),)))
    facts.write(ann, Said("OWN", "X", FIRST, {"type": "ETF"}))
    assert {i.symbol: i.expense_ratio for i in instruments.universe(ann)} == {"A": 0.01, "OWN": None}
    for other in (bob, store):
        assert {i.symbol: i.expense_ratio for i in instruments.universe(other)} == {"A": None}
        assert facts.known(other, "OWN") == frozenset()
        assert facts.said_on(other, "expense_ratio", "X") == {}
        assert exposures.made_of(other) == {}
    assert set(exposures.made_of(ann)) == {"ins_1"}
    facts.write(bob, Said("A", "X", FIRST, {"expense_ratio": 0.02}))
    known = [instruments.find(db, "A") for db in (ann, bob)]
    assert [i.expense_ratio for i in known if i] == [0.01, 0.02]
    assert integrity(store) == ()


def test_those_who_have_brought_nothing_share_one_universe(store: Database) -> None:
    instruments.upsert_many(store, [Instrument("ins_1", "A", "Fund A", InstrumentType.etf)], "sample")
    assert instruments.universe(store.of("ann")) is instruments.universe(store.of("bob"))
