"""Files of holdings: looked at, taken in once, matched by what was chosen before, and taken back."""

from __future__ import annotations

from datetime import date

import pytest
from tests.sources.brokers.samples import content

from keel.domain.portfolio.records import Portfolio
from keel.errors import ImportFormatError, ImportNotFoundError, InstrumentNotFoundError, PortfolioNotFoundError
from keel.services.holdings import intake, show
from keel.services.shared.held.reading import File
from keel.store.connection import Database
from keel.store.integrity import integrity

TODAY = date(2026, 1, 8)
FILE = (
    b"symbol,quantity,account,cost,acquired,role\nVTI,10,IRA,90,2020-01-31,frozen\nVTI,5,IRA,,,frozen\nCASH,700,,,,\n"
)


def held(db: Database, portfolio: Portfolio) -> dict[tuple[str, str], float]:
    shown = show.show(db, portfolio.id, TODAY)
    return {(h.stored.position.account, h.stored.position.symbol): h.stored.position.quantity for h in shown.holdings}


def test_a_file_is_shown_before_anything_is_stored(db: Database, portfolio: Portfolio) -> None:
    preview = intake.read(db, portfolio.id, File(FILE, "h.csv", TODAY))
    assert (preview.format, preview.matched, preview.unknown) == ("Keel holdings", 1, ())
    assert [(c.account, c.symbol, c.before, c.after) for c in preview.changes] == [
        ("IRA", "VTI", 0, 15),
        ("Main", "CASH USD", 0, 700),
    ]
    assert held(db, portfolio) == {}


def test_a_file_is_taken_in_with_lots_and_roles_and_the_same_again_changes_nothing(
    db: Database, portfolio: Portfolio
) -> None:
    first = intake.record(db, portfolio.id, File(FILE, "h.csv", TODAY))
    assert held(db, portfolio) == {("IRA", "VTI"): 15, ("Main", "CASH"): 700}
    vti = show.show(db, portfolio.id, TODAY).holdings[0].stored.position
    assert (vti.role, [lot.quantity for lot in vti.lots]) == ("frozen", [10])
    again = intake.record(db, portfolio.id, File(FILE, "other name.csv", TODAY))
    assert again.made.id == first.made.id
    told = intake.document(again)
    assert (told["import"], told["changed"], told["positions"], told["matched"]) == (first.made.id, 0, 2, 1)
    assert intake.document(first)["changed"] == 2
    assert integrity(db) == ()


def test_an_import_taken_back_never_happened(db: Database, portfolio: Portfolio) -> None:
    intake.record(db, portfolio.id, File(FILE, "h.csv", TODAY))
    second = intake.record(
        db, portfolio.id, File(b"symbol,quantity,account\nVTI,3,IRA\nBND,1,IRA\n", "later.csv", TODAY)
    )
    assert held(db, portfolio) == {("IRA", "VTI"): 3, ("IRA", "BND"): 1, ("Main", "CASH"): 700}
    assert [made.name for made in intake.history(db, portfolio.id)] == ["later.csv", "h.csv"]
    intake.undo(db, second.made.id)
    assert held(db, portfolio) == {("IRA", "VTI"): 15, ("Main", "CASH"): 700}
    assert show.show(db, portfolio.id, TODAY).holdings[0].stored.position.role == "frozen"
    intake.undo(db, intake.history(db, portfolio.id)[0].id)
    assert held(db, portfolio) == {}
    with pytest.raises(ImportNotFoundError):
        intake.undo(db, "imp_0")


def test_what_nobody_knows_is_said_and_held_under_its_own_name(db: Database, portfolio: Portfolio) -> None:
    taken = intake.record(db, portfolio.id, File(b"symbol,quantity,price\nODD,4,25\n", "odd.csv", TODAY))
    assert [one.symbol for one in taken.preview.unknown] == ["ODD"]
    shown = show.show(db, portfolio.id, TODAY)
    assert (shown.value, shown.unpriced) == (100, ())


def test_a_choice_for_a_name_is_remembered(db: Database, portfolio: Portfolio) -> None:
    text = b"symbol,quantity\nTOTAL US,4\n"
    chosen = intake.record(db, portfolio.id, File(text, "a.csv", TODAY, {"TOTAL US": "VTI"}))
    assert (chosen.preview.unknown, held(db, portfolio)) == ((), {("Main", "VTI"): 4})
    later = intake.read(db, portfolio.id, File(b"symbol,quantity\nTOTAL US,5\n", "b.csv", TODAY))
    assert (later.unknown, later.changes[0].symbol) == ((), "VTI")
    with pytest.raises(InstrumentNotFoundError):
        intake.read(db, portfolio.id, File(text, "a.csv", TODAY, {"TOTAL US": "NOWHERE"}))


def test_a_damaged_file_changes_nothing(db: Database, portfolio: Portfolio) -> None:
    with pytest.raises(ImportFormatError, match=r"bad\.csv, row 2"):
        intake.record(db, portfolio.id, File(b"symbol,quantity\nVTI,many\n", "bad.csv", TODAY))
    assert held(db, portfolio) == {}
    with pytest.raises(PortfolioNotFoundError):
        intake.read(db, "pf_0", File(FILE, "h.csv", TODAY))


def test_files_of_brokers_are_taken_in_and_taken_back(db: Database, portfolio: Portfolio) -> None:
    for name in ("Portfolio_Positions_Feb-18-2026.csv", "portfolio.xml", "flex.csv", "transaction_export.csv"):
        taken = intake.record(db, portfolio.id, File(content(name), name, TODAY))
        assert taken.preview.records > 0, name
    assert integrity(db) == ()
    assert held(db, portfolio)[("Brokerage", "VTI")] == 120.5
    for made in intake.history(db, portfolio.id):
        intake.undo(db, made.id)
    assert held(db, portfolio) == {}
