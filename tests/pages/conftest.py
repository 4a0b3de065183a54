"""Pages without a browser: the whole script with its shell, on a database of the test's own."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.components.v2.bidi_component.main import _make_trigger_id
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.runtime.scriptrunner.script_cache import ScriptCache
from streamlit.testing.v1 import AppTest, app_test, local_script_runner
from streamlit.util import calc_hash
from tests.engine import copied
from tests.patience import PATIENCE

from keel import journey, settings
from keel.domain.framework.records import Framework
from keel.services import design
from keel.store.connection import Database
from keel.ui.frame import login, root, shell, waiting

SHELL = Path(shell.__file__)  # not app.py: beside pages/ a page would run without its shell

Open = Callable[..., AppTest]
_numbers = count(1)
ANSWERED = 60.0  # s


@pytest.fixture(scope="session", autouse=True)
def once() -> Iterator[None]:
    """Streamlit compiles the scripts and looks for components in every installed package whenever a test lets a page
    run; here once a worker, as on a server."""
    scripts = ScriptCache()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        for runner in (app_test, local_script_runner):
            patch.setattr(runner, "ScriptCache", lambda: scripts)
        yield


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page waits for its answers, however busy the machine is; where the work is held ``hasty`` shows what waits."""
    monkeypatch.setattr(waiting, "AT_ONCE", ANSWERED)


@pytest.fixture
def hasty(patient: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that has no answer yet says so."""
    monkeypatch.setattr(waiting, "AT_ONCE", 0.0)


@pytest.fixture
def db(somebody: Database, monkeypatch: pytest.MonkeyPatch) -> Database:
    """The database of the one who uses this machine, who is another in each test."""
    monkeypatch.setattr(login, "LOCAL", somebody.owner)
    return somebody


@pytest.fixture
def alone(db: Database, open_page: Open, sample_file: Path) -> Iterator[Database]:
    """A file that is nobody else's, for a test that closes it; pages work on it."""
    own = copied(sample_file).of(db.owner)
    with root.using(own):
        yield own


@pytest.fixture
def open_page(db: Database) -> Iterator[Open]:
    """Opens a step as a link would, with the ids in the query; returns the page as drawn."""

    def opened(step_id: str, **ids: str | int) -> AppTest:
        page = AppTest.from_file(str(SHELL), default_timeout=PATIENCE)
        page.query_params.update({name: str(value) for name, value in ids.items()})
        if step_id != journey.START:
            page._page_hash = calc_hash(step_id)  # as a link does; AppTest's own way runs the start page before
        return page.run()

    with root.using(db):
        yield opened


@pytest.fixture
def balanced(db: Database) -> Framework:
    """A framework as its template has it."""
    return design.adopt_template(db, settings.load(), "balanced")


def words(page: AppTest) -> str:
    """Everything that is written on the page."""
    kinds = (page.title, page.header, page.subheader, page.markdown, page.caption, page.error)
    text = "\n".join(str(element.value) for kind in kinds for element in kind)
    return re.sub(r"\\([^\w\s])", r"\1", text)  # without Markdown's escapes


def send(page: AppTest, key: str, operation: dict[str, Any]) -> AppTest:
    """The page after a component of version 2 sent an operation."""
    return send_all(page, key, [{**operation, "number": next(_numbers)}])


def send_all(page: AppTest, key: str, operations: list[dict[str, Any]]) -> AppTest:
    """The page after a component of version 2 sent numbered operations; AppTest has no wrapper for these."""
    states = page._tree.get_widget_states()
    found = next(
        element.proto.id
        for element in page._tree
        if getattr(getattr(element, "proto", None), "id", "").endswith(f"-{key}")
    )
    kept = [state for state in states.widgets if state.id != found]
    del states.widgets[:]
    states.widgets.extend(kept)
    trigger = json.dumps([{"event": "ops", "value": operations}])
    states.widgets.append(WidgetState(id=_make_trigger_id(found, "events"), json_trigger_value=trigger))
    return page._run(states)
