"""Answers in memory: the last few, until a write says that they may have changed."""

from __future__ import annotations

import gc
import weakref
from dataclasses import replace

import numpy as np
import pytest
from tests.engine import blank

from keel.domain.framework.records import Framework, Holding
from keel.domain.market.instrument import Instrument, InstrumentType
from keel.domain.market.prices import PriceMatrix
from keel.domain.policy.presets import PRESETS
from keel.domain.portfolio.account import Account
from keel.domain.portfolio.position import Position
from keel.domain.portfolio.records import Portfolio
from keel.domain.study.blend import Blend
from keel.store import frameworks, instruments, policies, portfolios, prices
from keel.store.connection import Database
from keel.store.holdings import accounts, positions
from keel.store.holdings.positions import Stored
from keel.store.market import benchmarks
from keel.store.market.benchmarks import NamedBenchmark
from keel.store.memory import Memory
from keel.store.policies import NamedPolicy
from keel.store.work import drafts, jobs
from keel.store.work.drafts import Draft
from keel.store.work.jobs import JobRow, Status

FUND = Instrument("i", "FUND", "Fund", InstrumentType.etf)


def write(store: Database, close: float) -> None:
    dates = np.datetime64("2020-01-01") + np.arange(3)
    prices.write_matrix(store, "set", "daily", PriceMatrix(dates, ("FUND",), np.full((3, 1), close)))


def test_an_answer_is_computed_once_and_the_oldest_leaves(store: Database) -> None:
    memory: Memory[int] = Memory(2)
    calls: list[int] = []

    def ask(key: int) -> int:
        return memory.recall(store, key, lambda: calls.append(key) or key)

    for key in (1, 1, 2, 1, 3, 1, 2):
        assert ask(key) == key
    assert calls == [1, 2, 3, 2]


def test_what_is_remembered_is_found_until_it_is_forgotten(store: Database) -> None:
    memory: Memory[str] = Memory(2)
    assert memory.find(store, 1) is None
    memory.remember(store, 1, "one")
    memory.remember(store, 2, "two")
    assert memory.find(store, 1) == "one"
    memory.remember(store, 3, "three")
    assert [memory.find(store, key) for key in (1, 2, 3)] == ["one", None, "three"]
    memory.forget(store, 1)
    memory.forget(store, 1)
    assert memory.find(store, 1) is None


def test_the_memory_of_a_database_goes_with_it() -> None:
    class Answer:
        pass

    memory: Memory[Answer] = Memory(2)
    database = blank()
    answer = weakref.ref(memory.recall(database, 1, Answer))
    assert answer() is not None
    database.close()
    del database
    gc.collect()
    assert answer() is None


def test_what_is_read_follows_every_write(store: Database) -> None:
    instruments.upsert_many(store, [FUND])
    assert instruments.universe(store) == (FUND,)
    instruments.upsert_many(store, [replace(FUND, name="New")])
    assert instruments.get(store, "i").name == "New"

    one = frameworks.save_version(store, Framework("F"))
    assert frameworks.get(store, one.id) == one
    two = frameworks.save_version(store, one)
    assert frameworks.get(store, one.id) == two

    held = portfolios.save(store, Portfolio("P", one.id, 1))
    assert portfolios.get(store, held.id).name == "P"
    portfolios.rename(store, held.id, "Q")
    assert portfolios.get(store, held.id).name == "Q"

    assert prices.coverage(store) == ()
    write(store, 1.0)
    assert len(prices.coverage(store)) == 1


def test_lists_follow_every_write(store: Database) -> None:
    assert (policies.list_all(store), benchmarks.list_all(store), drafts.find(store, "noun", "a")) == ((), (), None)
    named = policies.save(store, NamedPolicy("P", PRESETS["annual"]))
    blend = benchmarks.save(store, NamedBenchmark(Blend("B", (Holding("VT", 1.0),), None)))
    drafts.save(store, Draft("noun", "a", {"x": 1}))
    assert (policies.list_all(store), benchmarks.list_all(store)) == ((named,), (blend,))
    assert [draft.content for draft in drafts.list_under(store, "noun", "")] == [{"x": 1}]
    assert jobs.newest(store, "sweep") is None
    jobs.add(store, job := JobRow("sweep", {}))
    assert jobs.newest(store, "sweep") == job
    jobs.update(store, replace(job, status=Status.running, done=1))
    assert (jobs.newest(store, "sweep") or job).done == 1
    jobs.interrupt(store)
    assert (jobs.latest(store, "sweep", {}) or job).status is Status.interrupted
    policies.delete(store, named.id)
    benchmarks.delete(store, blend.id)
    drafts.delete(store, "noun", "a")
    assert (policies.list_all(store), benchmarks.list_all(store), drafts.list_under(store, "noun", "")) == ((), (), ())


def test_a_write_reads_what_it_has_written_and_keeps_it_from_others(store: Database) -> None:
    accounts.add(store, "p", [Account("Main")])
    assert positions.list_for(store, "p") == ()

    def spoil() -> None:
        with store.write():
            positions.replace_all(store, "p", [Stored(Position("CASH", 5, currency="USD"), "CASH")])
            assert [one.position.quantity for one in positions.list_for(store, "p")] == [5]
            raise KeyError

    with pytest.raises(KeyError):
        spoil()
    assert positions.list_for(store, "p") == ()


def test_a_write_that_is_rolled_back_leaves_nothing_in_memory(store: Database) -> None:
    def spoil() -> None:
        with store.write():
            instruments.upsert_many(store, [FUND])
            assert instruments.universe(store) == ()
            raise KeyError

    with pytest.raises(KeyError):
        spoil()
    assert instruments.universe(store) == ()
    assert store.revision("instruments") == 0
