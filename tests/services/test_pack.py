"""What is handed over of a stored run."""

from __future__ import annotations

from datetime import date

from keel.domain.policy.presets import PRESETS
from keel.domain.policy.records import RunSettings
from keel.domain.study.question import Question
from keel.services import example, pack, study
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
    signed = pack.signed(made, pack.brand("Harbour & Lane"), "  The   Okafors ")
    assert (signed.brand.firm, signed.client) == ("Harbour & Lane", "The Okafors")
    assert pack.paper(signed).startswith(b"%PDF-")
