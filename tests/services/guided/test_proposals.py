"""Proposals: judged with the products there are, compared with what they would change, and never stored."""

from __future__ import annotations

import pytest
from tests.domain.profile.answered import answered
from tests.domain.proposal.said import pair

from keel import settings
from keel.domain.issue import errors
from keel.domain.profile.record import InvestorProfile, Wishes, assessed
from keel.errors import ImportFormatError
from keel.services import design, mapping
from keel.services.guided import proposals
from keel.store.connection import Database

SETTINGS = settings.load({})


def ann(wishes: Wishes | None = None) -> InvestorProfile:
    return assessed("Ann", answered(2), wishes)


def test_a_new_framework_is_compared_with_the_first_template_of_its_risk_and_not_stored(db: Database) -> None:
    before = design.list_frameworks(db)
    proposed = proposals.propose(db, SETTINGS, ann())
    assert proposed.beside.name == "Balanced"
    assert "Framework: method template → generated" in [str(change) for change in proposed.changes]
    assert errors(proposed.findings) == ()
    assert design.list_frameworks(db) == before


def test_beside_a_stored_framework_it_is_an_edit_of_it(db: Database) -> None:
    mine = design.adopt_template(db, SETTINGS, "growth", "Mine")
    proposed = proposals.propose(db, SETTINGS, ann(), mine)
    framework = proposed.proposal.framework
    assert (framework.id, framework.version, framework.name) == (mine.id, 1, "Mine")
    assert "Equity: target 80.0% → 60.0%" in [str(change) for change in proposed.changes]
    accepted = design.revise(db, framework.id, framework.version, framework)
    assert (accepted.version, accepted.method) == (2, "generated")


def test_products_are_proposed_with_what_speaks_for_them_and_can_be_accepted(db: Database) -> None:
    saved = design.save_new(db, proposals.propose(db, SETTINGS, ann()).proposal.framework, ())
    picks = proposals.propose_picks(db, saved)
    assert {path: [pick.symbol for pick in chosen] for path, chosen in picks.picks.items()}.keys() <= {
        "AssetClass/Equity", "AssetClass/Bonds", "AssetClass/Alternatives",
    }  # fmt: skip
    assert all(reason.words.startswith("The best score: ") for reason in picks.reasons)
    assert mapping.accept(db, saved.id, saved.version, picks.picks).picks


def test_what_another_generator_said_is_judged_and_named(db: Database) -> None:
    proposed = proposals.judge(db, SETTINGS, ann(), pair(0.65))
    said = proposals.document(proposed)
    assert (said["source"], said["valid"], said["products"]) == ("another generator", False, None)
    assert [f.code for f in errors(proposed.findings)] == ["more_equity_than_borne"]
    with pytest.raises(ImportFormatError, match="the proposal, field rebalancing"):
        proposals.judge(db, SETTINGS, ann(), pair(rebalancing="now"))
