"""Unsaved work: kept in the database as it changes, so that a reload, another tab or another device goes on with it."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime

from keel.domain.exchange.framework_json import framework_json, read_edit
from keel.domain.framework.records import Framework
from keel.domain.portfolio.records import Portfolio
from keel.domain.reading.place import Place
from keel.domain.study.question import Question, parse_question, question_json
from keel.errors import ImportFormatError, KeelError
from keel.store.connection import Database
from keel.store.work import drafts
from keel.store.work.drafts import Draft

FRAMEWORK, QUESTION = "framework", "question"
UNREADABLE = Place("the unsaved changes")


@dataclass(frozen=True, slots=True)
class Edit:
    """A framework as somebody left it, not saved, and when."""

    framework: Framework
    at: datetime | None


def keep_edit(db: Database, base: Framework, now: Framework) -> datetime | None:
    """When the changes to ``base``, a version of a framework, were kept; None when there are none any more."""
    if now == base:
        drop_edit(db, base)
        return None
    content = json.loads(framework_json(now))
    return drafts.save(db, Draft(FRAMEWORK, _version_id(base.id, base.version), content, base.version))


def edit(db: Database, base: Framework) -> Edit | None:
    """The unsaved changes to this version of a framework, or None."""
    kept = drafts.find(db, FRAMEWORK, _version_id(base.id, base.version))
    found = None if kept is None else _read(kept)
    if found is None:
        return None
    stamped = replace(found.framework, created_at=base.created_at, updated_at=base.updated_at, owner=base.owner)
    return replace(found, framework=stamped)


def edit_of_file(db: Database, framework_id: str) -> Edit | None:
    """A file's framework that has no stored version yet, as it was left, or None."""
    kept = drafts.find(db, FRAMEWORK, _version_id(framework_id, 0))
    return None if kept is None else _read(kept)


def edited_versions(db: Database, framework_id: str) -> tuple[int, ...]:
    """The versions of a framework that have unsaved changes, last changed first."""
    return tuple(kept.began_from for kept in drafts.list_under(db, FRAMEWORK, f"{framework_id}@"))


def drop_edit(db: Database, base: Framework) -> None:
    """Throws the unsaved changes to this version of a framework away."""
    drafts.delete(db, FRAMEWORK, _version_id(base.id, base.version))


@dataclass(frozen=True, slots=True)
class Asking:
    """The question as a page was left, the run its link named, and whether that run answers it."""

    question: Question
    run_id: str
    answered: bool


def keep_question(db: Database, asking: Asking) -> None:
    """Keeps what was last asked of a portfolio, any version of it."""
    content = {
        "question": question_json(asking.question),
        "run": asking.run_id,
        "answered": asking.answered,
    }
    began = asking.question.portfolio_version or 0
    drafts.save(db, Draft(QUESTION, asking.question.portfolio_id, content, began))


def question(db: Database, portfolio: Portfolio) -> Asking | None:
    """What was last asked of this portfolio, asked of this version of it, or None."""
    kept = drafts.find(db, QUESTION, portfolio.id)
    if kept is None:
        return None
    try:
        asked = parse_question(portfolio.id, kept.content["question"])
        return Asking(
            replace(asked, portfolio_version=portfolio.version),
            str(kept.content["run"]),
            bool(kept.content["answered"]),
        )
    except (KeelError, KeyError, TypeError):
        return None


def drop_question(db: Database, portfolio_id: str) -> None:
    """Throws away what was last asked of a portfolio."""
    drafts.delete(db, QUESTION, portfolio_id)


def _version_id(framework_id: str, version: int) -> str:
    """The id of a version's draft: each version has its own, so that an older one's is not lost to a newer's."""
    return f"{framework_id}@{version}"


def _read(kept: Draft) -> Edit | None:
    """What was kept; None for what this edition of Keel cannot read, which is left where it is."""
    try:
        framework, _ = read_edit(json.dumps(kept.content).encode(), UNREADABLE)
    except ImportFormatError:
        return None
    return Edit(framework, kept.updated_at)
