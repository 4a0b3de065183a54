"""A proposal as it is read: the changes of one thing in one line, with its reason, in a person's words."""

from __future__ import annotations

from tests.domain.profile.answered import answered

from keel import settings
from keel.domain.profile.record import assessed
from keel.services import design
from keel.services.guided import proposals
from keel.store.connection import Database
from keel.ui.proposal import shown


def test_changes_of_a_framework_stand_with_their_reasons(db: Database) -> None:
    mine = design.adopt_template(db, settings.load({}), "growth", "Mine")
    proposed = proposals.propose(db, settings.load({}), assessed("Ann", answered(2)), mine)
    lines = list(shown.changes(proposed))
    equity = next(line for line in lines if line.startswith("- **Equity**"))
    assert equity.startswith("- **Equity** target 80.0% → 60.0%; maximum none → 70.0%")
    assert "60% is the most that goes with" in equity
    assert "- **Limit** leverage none → at most 1.00×  \n  Nothing is bought with borrowed money." in lines
    said = "\n".join([*lines, *shown.others(proposed)])
    assert "_" not in said
    assert not any(word in said for word in ("method", "profile_", "description"))


def test_products_stand_with_their_bucket_and_what_stays_in_cash(db: Database) -> None:
    framework = proposals.propose(db, settings.load({}), assessed("Ann", answered(2))).proposal.framework
    lines = list(shown.products(framework, proposals.propose_picks(db, framework)))
    assert lines[0].startswith("- **Equity: ")
    assert "The best score" in lines[0]
