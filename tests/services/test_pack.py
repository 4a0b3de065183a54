"""What is handed over of a stored run."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from keel.domain.brand import Brand, Logo
from keel.domain.plan.ask import Ask
from keel.domain.policy.presets import PRESETS
from keel.domain.policy.records import RunSettings
from keel.domain.portfolio.position import Position
from keel.domain.study.question import Question
from keel.errors import InputError
from keel.services import design, example, pack, study
from keel.services.holdings.table import put
from keel.services.live import plan
from keel.store import frameworks, portfolios
from keel.store.connection import Database

MADE = date(2026, 11, 21)


def test_a_pack_holds_the_versions_the_run_used_and_its_limits(db: Database) -> None:
    portfolio = example.open_example(db)
    done = study.run_backtest(db, Question(portfolio.id, {"Yearly": PRESETS["annual"]}, RunSettings()))
    made = pack.material(db, done, MADE)
    assert (made.framework.id, made.framework.version) == (portfolio.framework_id, portfolio.framework_version)
    assert (made.portfolio.version, made.run_id) == (portfolio.version, done.run_id)
    assert made.sources[0].instrument.symbol == "VTI"
    assert all(verdict.status == "pass" for verdict in made.limits)
    signed = pack.signed(made, pack.Change("Harbour & Lane"), "  The   Okafors ")
    assert (signed.brand.firm, signed.client) == ("Harbour & Lane", "The Okafors")
    assert pack.paper(signed).startswith(b"%PDF-")


def test_who_hands_over_is_kept_and_changed_part_by_part(db: Database) -> None:
    assert pack.brand(db) == Brand()
    logo = b'<svg xmlns="http://www.w3.org/2000/svg"><rect width="9" height="9"/></svg>'
    pack.save_brand(db, pack.Change("Harbour & Lane", logo=logo))
    after = pack.save_brand(db, pack.Change(line="12 Quay Street"))
    assert (after.firm, after.line, after.logo) == ("Harbour & Lane", "12 Quay Street", Logo(logo, "svg"))
    assert pack.brand(db) == after
    with pytest.raises(InputError):
        pack.save_brand(db, pack.Change(logo=b"no picture"))
    with pytest.raises(InputError, match="There is no paper a5"):
        pack.save_brand(db, pack.Change(paper="a5"))
    assert pack.save_brand(db, pack.Change(logo=b"")).logo is None


def test_the_paper_that_is_kept_is_that_of_every_pack(db: Database) -> None:
    assert pack.sheet_for(pack.brand(db), "USD") == "letter"
    assert pack.sheet_for(pack.brand(db), "EUR") == "a4"
    pack.save_brand(db, pack.Change(paper="a4"))
    assert pack.save_brand(db, pack.Change("Harbour & Lane")).paper == "a4"
    assert pack.sheet_for(pack.brand(db), "USD") == "a4"
    assert pack.sheet_for(pack.save_brand(db, pack.Change(paper="")), "USD") == "letter"


def test_what_is_held_stands_in_the_pack_and_says_by_which_version(db: Database) -> None:
    portfolio = example.open_example(db)
    done = study.run_backtest(db, Question(portfolio.id, {"Yearly": PRESETS["annual"]}))
    assert pack.material(db, done, MADE).drift is None
    put(db, portfolio.id, (Position("VTI", 60.0, 10.0), Position("BNDX", 40.0, 10.0)), MADE)
    drift = pack.material(db, done, MADE).drift
    assert drift is not None
    assert (drift.value, drift.totals.largest) == (1_000.0, "US equity")
    assert pack.material(db, done, MADE).plan is None
    kept = plan.plan(db, portfolio.id, Ask(), plan.Asked(MADE))
    assert pack.material(db, done, MADE).plan == kept
    assert pack.paper(pack.material(db, done, MADE)).startswith(b"%PDF-")
    assert not any("Judged by version" in note for note in drift.notes)
    framework = design.get_framework(db, portfolio.framework_id)
    newer = frameworks.save_version(db, replace(framework, name="Later"))
    portfolios.save(db, replace(portfolio, framework_version=newer.version))
    later = pack.material(db, study.get_run(db, done.run_id), MADE).drift
    assert later is not None
    assert "Judged by version 2 of the framework, its newest." in later.notes
