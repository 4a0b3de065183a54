"""The worked example: made once, opened often."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from keel import settings
from keel.domain.framework.tree import leaves, top
from keel.domain.framework.validation import check
from keel.domain.market.instrument import InstrumentType
from keel.errors import SourceUnavailableError
from keel.services import example, report
from keel.services.holdings import show
from keel.services.shared.held import books
from keel.store import archive, frameworks, instruments, portfolios, prices
from keel.store.connection import Database
from keel.store.holdings import imports
from keel.store.integrity import integrity


def test_the_example_is_global_6_with_its_weights(db: Database) -> None:
    opened = example.open_example(db)
    framework = frameworks.get(db, opened.framework_id, opened.framework_version)
    assert (opened.name, framework.name, framework.version) == ("Global 6", "Global 6", 1)
    assert {b.holdings[0].symbol: b.target_weight for b in leaves(framework)} == {
        "VTI": 0.3,
        "VT": 0.2,
        "AAXJ": 0.1,
        "BNDX": 0.25,
        "SCHP": 0.05,
        "GLDM": 0.1,
    }
    assert {b.label: b.target_weight for b in top(framework)} == {"Equity": 0.6, "Bonds": 0.3, "Alternatives": 0.1}
    assert [i for i in check(framework) if i.severity == "error"] == []


def test_its_picks_are_known_funds_that_can_be_bought(db: Database) -> None:
    for pick in example.open_example(db).picks:
        instrument = instruments.get(db, pick.instrument_id)
        assert (instrument.symbol, instrument.type) == (pick.symbol, InstrumentType.etf)
    assert integrity(db) == ()


def test_opening_it_again_gives_the_same_and_makes_nothing(db: Database) -> None:
    first = example.open_example(db)
    assert example.open_example(db) == first
    assert len(frameworks.list_latest(db)) == 1
    assert len(portfolios.versions(db, first.id)) == 1


def test_an_edited_or_archived_example_opens_as_it_was(db: Database) -> None:
    first = example.open_example(db)
    frameworks.rename(db, first.framework_id, "Mine now")
    archive.put_away(db, "framework", first.framework_id)
    archive.put_away(db, "portfolio", first.id)
    assert example.open_example(db) == first
    assert [f.name for f in frameworks.list_latest(db)] == ["Mine now"]
    assert portfolios.latest_for(db, first.framework_id) == first


def test_a_missing_file_is_named(db: Database, tmp_path: Path) -> None:
    with pytest.raises(SourceUnavailableError, match=r"global6\.json is missing"):
        example.open_example(db, replace(settings.load(), data_dir=tmp_path))


def test_the_worked_client_is_off_target_in_two_accounts_with_lots_at_real_closes(db: Database) -> None:
    client = example.open_client(db)
    assert example.open_client(db) == client
    found = report.drift(db, client.id, report.Asked(date(2026, 11, 21)))
    assert (found.as_of, found.rebalance_needed) == (example.CLIENT_DAY, True)
    assert [row.label for row in found.buckets if row.status in ("over", "under") and row.leaf] == [
        "US shares",
        "Emerging shares",
    ]
    shown = show.show(db, client.id, date(2026, 11, 21))
    assert [(account.name, account.kind.value) for account, _ in shown.accounts] == [
        ("Brokerage", "taxable"),
        ("IRA", "deferred"),
    ]
    for holding in shown.holdings:
        position = holding.stored.position
        for lot in position.lots:
            dates, closes = prices.series(db, [position.symbol], "etf_daily").line(position.symbol)
            assert lot.acquired is not None
            assert lot.cost == round(float(closes[dates == np.datetime64(lot.acquired)][0]), 2)


def test_the_worked_client_is_removed_and_comes_back_as_it_was_left(db: Database) -> None:
    client = example.open_client(db)
    example.remove_client(db)
    assert portfolios.list_for(db, client.framework_id) == ()
    assert [one.id for one in portfolios.list_for(db, example.open_client(db).framework_id)] == [client.id]
    books.undo(db, imports.active(db, client.id)[0].id)
    assert show.show(db, example.open_client(db).id, date(2026, 11, 21)).accounts == ()


def test_each_owner_has_an_example_of_their_own(db: Database) -> None:
    first, second = (example.open_client(db.of(who)) for who in ("ann", "bob"))
    assert first.id != second.id != example.open_client(db).id
    assert example.is_client(db.of("ann"), first.id)
    assert not example.is_client(db.of("bob"), first.id)
