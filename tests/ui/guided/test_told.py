"""What the link tells a step, and where a run leads."""

from __future__ import annotations

from datetime import UTC, datetime

from keel import settings
from keel.domain.workflow import run as runs
from keel.services.guided import workflows
from keel.store.connection import Database
from keel.ui.frame.session import Ids
from keel.ui.guided import told

AT = datetime(2026, 1, 5, tzinfo=UTC)
CREATION = workflows.definition(settings.load({}), "portfolio_creation")


def test_a_step_is_told_the_ids_it_asks_for_and_a_name_of_its_own(db: Database) -> None:
    run = runs.begin(CREATION, "framework")
    ids = Ids(framework="fw_1", version=2, profile="profile_1")
    assert told.given(db, run, ids)["framework"] == {"framework_id": "fw_1", "framework_version": 2}
    assert "profile" not in told.given(db, run, ids)
    made = {"framework_id": "fw_1", "framework_version": 2, "framework_name": "Mine"}
    run = runs.finish(runs.start(run, "framework", {}, AT), "framework", made, AT)
    assert told.given(db, run, ids)["portfolio"] == {"name": "Mine"}
    assert told.onward(run, Ids()) == Ids(framework="fw_1", version=2, guide=run.id)
    run = runs.finish(runs.start(run, "products", {}, AT), "products", {"portfolio_id": "pf_1"}, AT)
    again = runs.reopen(run, "framework")
    assert told.made_before(again) == ("Mine",)
    here = Ids(framework="fw_1", version=2, portfolio="pf_1", run="run_1")
    assert told.back(again, here, CREATION.step("framework")) == Ids(framework="fw_1", version=2, run="run_1")
    run = runs.reopen(run, "products")
    assert (told.page_of(run), told.later(run, CREATION.step("products"))) == ("mapping", ("profile", "framework"))
