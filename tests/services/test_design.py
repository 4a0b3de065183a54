"""Design, from template and file to versions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.domain.trees import flat, six
from tests.engine import blank

from keel.domain.exchange.framework_json import framework_json
from keel.domain.framework.records import Framework
from keel.domain.framework.rules import Rules
from keel.domain.issue import Finding
from keel.errors import (
    EditConflictError,
    FrameworkNotFoundError,
    ImportFormatError,
    InputError,
    InvalidFrameworkError,
    TemplateNotFoundError,
)
from keel.services import design
from keel.settings import Settings
from keel.store.connection import Database

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = Settings(ROOT / "data", ROOT / "none.duckdb", ROOT / "pages", ROOT / "app.py")


@pytest.fixture
def empty() -> Iterator[Database]:
    """A migrated database without anything in it."""
    database = blank()
    yield database
    database.close()


def saved(db: Database) -> str:
    return from_file(db, framework_json(six()).encode(), "six.json")[0].id


def from_file(db: Database, data: bytes, name: str) -> tuple[Framework, tuple[Finding, ...]]:
    """A framework read from a file and saved, with the warnings."""
    framework, issues = design.read_file(data, name)
    return design.save_new(db, framework, issues), issues


def test_a_template_becomes_version_1(empty: Database) -> None:
    made = design.adopt_template(empty, SETTINGS, "balanced", "Mine")
    assert (made.name, made.version, made.method, made.risk_band) == ("Mine", 1, "template", "medium")
    assert [b.target_weight for b in made.buckets] == [0.6, 0.35, 0.05]
    assert design.get_framework(empty, made.id) == made
    with pytest.raises(TemplateNotFoundError):
        design.adopt_template(empty, SETTINGS, "nonsense")


def test_every_template_can_be_adopted_the_empty_one_too(empty: Database) -> None:
    for template in design.templates(SETTINGS):
        design.adopt_template(empty, SETTINGS, template.id)
    assert len(design.list_frameworks(empty)) == 8


def test_an_empty_framework_needs_only_a_name(empty: Database) -> None:
    made = design.create_empty(empty, " My  mix ")
    assert (made.name, made.version, made.buckets) == ("My mix", 1, ())
    with pytest.raises(InputError, match="needs a name"):
        design.create_empty(empty, "  ")


def test_a_file_is_imported_as_a_new_framework_with_its_warnings(empty: Database) -> None:
    old = replace(six(), id="fw_old", version=7)
    made, issues = from_file(empty, framework_json(old).encode(), "six.json")
    assert (made.version, made.id != "fw_old", issues) == (1, True, ())
    made, issues = from_file(empty, b"path,target_weight\nA/B,60%\nA/C,39.95%\n", "mix.csv")
    assert (made.name, made.method, [i.code for i in issues]) == ("mix", "imported", ["scaled"])


def test_an_invalid_file_is_not_stored_and_all_its_issues_come_back(empty: Database) -> None:
    with pytest.raises(InvalidFrameworkError, match=r"make 99\.0%") as caught:
        from_file(empty, b"path,target_weight\nA/B,60%\nA/C,39%\n", "mix.csv")
    assert [i.code for i in caught.value.issues] == ["sum"]
    with pytest.raises(ImportFormatError):
        from_file(empty, b"", "mix.csv")
    assert design.list_frameworks(empty) == ()


def test_an_edit_writes_the_next_version_and_keeps_the_old(empty: Database) -> None:
    key = saved(empty)
    edited = replace(six(), name="Edited")
    assert design.revise(empty, key, 1, edited).version == 2
    assert [v.name for v in design.versions(empty, key)] == ["Global 6", "Edited"]
    assert design.get_framework(empty, key, 1).name == "Global 6"
    assert [str(c) for c in design.diff(empty, key, 1, 2)] == ["Framework: name Global 6 → Edited"]


def test_a_stale_edit_is_refused_and_names_the_newer_version(empty: Database) -> None:
    key = saved(empty)
    design.revise(empty, key, 1, replace(six(), name="Theirs"))
    with pytest.raises(EditConflictError, match="version 2 is newer") as caught:
        design.revise(empty, key, 1, replace(six(), name="Ours"))
    assert caught.value.current == 2


def test_a_framework_with_errors_is_not_saved(empty: Database) -> None:
    key = saved(empty)
    with pytest.raises(InvalidFrameworkError) as caught:
        design.revise(empty, key, 1, flat(0.6, 0.3))
    assert caught.value.issues[0].fixes
    assert design.get_framework(empty, key).version == 1


def test_what_needs_products_is_checked_against_the_universe(db: Database) -> None:
    assert design.check(db, six()) == ()
    for template in design.templates(SETTINGS):
        assert [i.code for i in design.check(db, template.framework)] in ([], ["empty"])
    strict = replace(six().buckets[0], rules=Rules(include_tags=("region:mars",), min_history_years=90))
    made = replace(six(), buckets=(strict, *six().buckets[1:]))
    codes = [i.code for i in design.check(db, made)]
    assert (codes.count("no_product"), codes.count("unknown_tag")) == (3, 1)


def test_without_a_universe_only_the_framework_itself_is_checked(empty: Database) -> None:
    assert design.check(empty, flat(0.6, 0.3))[0].code == "sum"


def test_an_old_version_is_saved_again_as_the_newest(empty: Database) -> None:
    key = saved(empty)
    design.revise(empty, key, 1, replace(six(), name="Edited"))
    restored = design.restore(empty, key, 1, 2)
    assert (restored.version, restored.name, design.diff(empty, key, 1, 3)) == (3, "Global 6", ())
    with pytest.raises(EditConflictError, match="version 3 is newer"):
        design.restore(empty, key, 1, 2)
    with pytest.raises(FrameworkNotFoundError, match="no version 9"):
        design.restore(empty, key, 9)
    assert [v.version for v in design.versions(empty, key)] == [1, 2, 3]


def test_a_template_used_again_gets_a_number(db: Database) -> None:
    names = [design.adopt_template(db, SETTINGS, "balanced").name for _ in range(3)]
    assert names == ["Balanced", "Balanced 2", "Balanced 3"]
    assert design.adopt_template(db, SETTINGS, "balanced", "Balanced").name == "Balanced"


def test_a_file_with_wrong_weights_becomes_a_draft_and_nothing_is_stored_until_it_is_right(db: Database) -> None:
    short, issues = design.read_file(b"path,target_weight\nA/Stocks,0.6\nA/Bonds,0.39\n", "short.csv")
    assert design.mendable(issues)
    draft = design.unsaved(short)
    assert (draft.version, draft.name, [b.target_weight for b in draft.buckets]) == (0, "short", [0.6, 0.39])
    with pytest.raises(InvalidFrameworkError, match=r"99\.0%"):
        design.revise(db, draft.id, 0, draft)
    assert design.list_frameworks(db) == ()
    right = replace(draft, buckets=(draft.buckets[0], replace(draft.buckets[1], target_weight=0.4)))
    saved = design.revise(db, draft.id, 0, right)
    assert (saved.id, saved.version) == (draft.id, 1)
    with pytest.raises(EditConflictError, match="version 1 is newer"):
        design.revise(db, draft.id, 0, right)


def test_a_file_whose_tree_is_broken_is_not_mendable_and_not_stored(db: Database) -> None:
    broken, issues = design.read_file(b"path,target_weight\nA/Stocks,0.6\nA/Stocks,0.4\n", "twice.csv")
    assert not design.mendable(issues)
    with pytest.raises(InvalidFrameworkError):
        design.save_new(db, broken, issues)
    assert design.list_frameworks(db) == ()


def test_an_edit_of_what_is_not_stored_says_so(empty: Database) -> None:
    with pytest.raises(FrameworkNotFoundError):
        design.revise(empty, "fw_none", 3, six())
