"""Two users on the pages: what is Ann's is in nothing that Bob sees, whatever page he opens, with whatever link."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash
from tests.architecture.source import FILES
from tests.belongings import MARK, User, belongings
from tests.engine import attached
from tests.pages.conftest import SHELL, words

from keel import journey
from keel.api.app import create_api
from keel.domain.access.token import Scope
from keel.services.access import tokens
from keel.services.example import open_client
from keel.services.shared import jobs
from keel.store.connection import Database
from keel.ui.frame import login, root
from keel.ui.frame.session import Ids

# What a link names, in the order in which a page looks it up; the others name nothing that is stored.
NAMED = {
    "framework": "framework_id",
    "portfolio": "portfolio_id",
    "run": "run_id",
    "profile": "profile_id",
    "guide": "/workflow-runs run_id",
}
HOW_IT_LOOKS = {"8_drift.py", "live.py", "view.py", "draft.py"}  # which period, which axes: these read no id
BESIDE = {"view": "backtest"}  # else the drift page asks for no run
NAMELESS = {"version", "risk", "present", "share"}  # a shared link is for whoever has it
BOX = re.compile(r"\.expander\((?:[^()]|\([^()]*\))*?\bkey=\"([\w-]+)\"")
BOXES = {key for path in FILES for key in BOX.findall(path.read_text(encoding="utf-8"))}
WORKING = [step for step in journey.STEPS if step.needs]

Look = Callable[[journey.Step, Mapping[str, str]], str]


@pytest.fixture(scope="module")
def db(sample_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """One database for all tests here."""
    path = tmp_path_factory.mktemp("two") / "keel.duckdb"
    shutil.copy(sample_file, path)
    database = attached(path)
    yield database
    jobs.close(database)  # the lab has begun one
    database.close()


@pytest.fixture(scope="module")
def ids(db: Database) -> dict[str, str]:
    """One of everything that is Ann's."""
    theirs = db.of("ann")
    secret = tokens.create(theirs, f"{MARK} laptop", Scope.write).secret
    with TestClient(create_api(db, guarded=True)) as client:
        return belongings(User(client, secret), theirs)


@pytest.fixture(scope="module")
def own(db: Database) -> dict[str, str]:
    """What Bob has: a client with holdings."""
    client = open_client(db.of("bob"))
    return {"framework": client.framework_id, "portfolio": client.id}


@pytest.fixture
def look(db: Database, ids: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Look]:
    """Opens a step as Bob, every list of it unfolded; returns its words, once nothing of Ann's was anywhere in it."""
    monkeypatch.setattr(login, "owner", lambda: "bob")

    def looked(step: journey.Step, link: Mapping[str, str]) -> str:
        page = AppTest.from_file(str(SHELL), default_timeout=60)
        page.query_params.update(link)
        for box in BOXES:
            page.session_state[box] = True
        if step.id != journey.START:
            page._page_hash = calc_hash(step.id)
        page.run()
        drawn = "".join(str(getattr(element, "proto", "")) for element in page._tree)
        assert not page.exception, step.id
        assert MARK not in drawn.upper(), step.id
        parts = {id.partition("_")[2]: id for id in ids.values()}  # text has a backslash before its lines
        assert not [id for part, id in parts.items() if part in drawn and id not in link.values()], step.id
        return words(page)

    with root.using(db):
        yield looked


def told(said: str, id: str) -> str:
    """What is said without an id, as it stands in Markdown."""
    return said.replace(id.replace("_", "\\_"), "ID")


def test_each_part_of_a_link_names_something_or_nothing() -> None:
    assert {field.name for field in fields(Ids)} == {*NAMED, *NAMELESS}
    read = {path.name for path in FILES if "st.query_params" in path.read_text(encoding="utf-8")}
    assert read == {"session.py", *HOW_IT_LOOKS}


def test_a_link_to_what_is_anothers_is_one_to_what_there_is_not(
    look: Look, ids: dict[str, str], own: dict[str, str]
) -> None:
    for begins in ("framework", "portfolio", "run"):  # what is before it in the link is Bob's
        later = list(NAMED)[list(NAMED).index(begins) :]
        theirs = own | BESIDE | {name: ids[NAMED[name]] for name in later}
        nothing = own | BESIDE | {name: f"{ids[NAMED[name]].partition('_')[0]}_{'0' * 16}" for name in later}
        for step in WORKING:
            if begins == "run" and step.id not in ("backtest", "policy_lab", "drift"):
                continue
            said, unknown = look(step, theirs), look(step, nothing)
            for name in later:
                said, unknown = told(said, theirs[name]), told(unknown, nothing[name])
            assert said == unknown, step.id
            assert "There is no" in said or (begins, step.id) == ("portfolio", "allocation"), (begins, step.id)


def test_nothing_of_anothers_is_on_any_page(look: Look, ids: dict[str, str], own: dict[str, str]) -> None:
    for step in journey.STEPS:
        look(step, own | {name: ids[NAMED[name]] for name in ("profile", "guide")})


def test_what_is_looked_for_would_be_seen_by_whose_it_is(
    db: Database, look: Look, ids: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(login, "owner", lambda: "ann")
    for step in ("start", "data"):
        with pytest.raises(AssertionError, match=step):
            look(journey.find(step), {})


def test_everything_that_is_somebodys_is_among_what_is_looked_for(db: Database, ids: dict[str, str]) -> None:
    asked = "select table_name from information_schema.columns where column_name = 'owner'"
    with db.cursor() as cursor:
        owned = [name for (name,) in cursor.execute(f"{asked} and table_catalog = current_catalog()").fetchall()]
        lacking = [name for name in owned if not cursor.execute(f"select 1 from {name} where owner = 'ann'").fetchall()]
    assert set(lacking) == {"drafts", "instrument_names", "replaced_facts"}
