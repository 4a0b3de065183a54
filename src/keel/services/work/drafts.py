"""Unsaved work: kept in the database as it changes, so that a reload, another tab or another device goes on with it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime

from keel.domain.exchange.framework_json import framework_json, read_edit, rules_json
from keel.domain.exchange.rules import read_rules
from keel.domain.framework.records import Framework
from keel.domain.framework.rules import Rules
from keel.domain.plan.ask import Ask, ask_json, parse_ask
from keel.domain.portfolio.records import Pick, Portfolio
from keel.domain.portfolio.score_weights import ScoreWeights, read_weights
from keel.domain.reading.place import Place
from keel.domain.study.question import Question, parse_question, question_json
from keel.errors import ImportFormatError, KeelError
from keel.store.connection import Database
from keel.store.work import drafts
from keel.store.work.drafts import Draft

FRAMEWORK, QUESTION, PICKS, ANSWERS, LAB, PLAN = "framework", "question", "picks", "answers", "lab", "plan"
HOLDINGS = "holdings"
PROFILE = "profile"  # the id of the one profile there is
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
    stamped = replace(found.framework, created_at=base.created_at, updated_at=base.updated_at)
    return replace(found, framework=stamped)


def edit_of_file(db: Database, framework_id: str) -> Edit | None:
    """A file's framework that has no stored version yet, as it was left, or None."""
    kept = drafts.find(db, FRAMEWORK, _version_id(framework_id, 0))
    return None if kept is None else _read(kept)


def edited_versions(db: Database, framework_id: str) -> tuple[int, ...]:
    """The versions of a framework that have unsaved changes, last changed first."""
    return tuple(kept.began_from for kept in drafts.list_under(db, FRAMEWORK, _version_id(framework_id, "")))


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


@dataclass(frozen=True, slots=True)
class Choosing:
    """Products being chosen for a framework version, by path; which of them were accepted; the prices they rest on.

    ``weights`` are those of the score, None as the portfolio has them; ``filters`` narrow what is suggested.
    """

    picks: Mapping[str, tuple[Pick, ...]] = field(default_factory=dict)
    accepted: frozenset[str] = frozenset()
    dataset: str = ""
    weights: ScoreWeights | None = None
    filters: Rules = field(default_factory=Rules)


def keep_picks(db: Database, framework: Framework, choosing: Choosing) -> None:
    """Keeps what is being chosen for this version of a framework; nothing chosen leaves no draft."""
    if choosing == Choosing():
        drafts.delete(db, PICKS, _version_id(framework.id, framework.version))
        return
    content = {
        "picks": {path: [asdict(pick) for pick in picks] for path, picks in choosing.picks.items()},
        "accepted": sorted(choosing.accepted),
        "dataset": choosing.dataset,
        "weights": choosing.weights and choosing.weights.of_parts(),
        "filters": rules_json(choosing.filters),
    }
    drafts.save(db, Draft(PICKS, _version_id(framework.id, framework.version), content, framework.version))


def picks(db: Database, framework: Framework) -> Choosing:
    """What is being chosen for this version of a framework; one without goes on with prices and filters of before.

    Those are what products were last judged by in any version.
    """
    kept = drafts.find(db, PICKS, _version_id(framework.id, framework.version))
    if kept is not None:
        return _choosing(kept)
    before = drafts.list_under(db, PICKS, _version_id(framework.id, ""))
    if not before:
        return Choosing()
    last = _choosing(before[0])
    return Choosing(dataset=last.dataset, filters=last.filters)


def _choosing(kept: Draft) -> Choosing:
    try:
        picks = {path: tuple(Pick(**pick) for pick in chosen) for path, chosen in kept.content["picks"].items()}
        return Choosing(picks, frozenset(kept.content["accepted"]), str(kept.content["dataset"]), *_asked(kept))
    except (AttributeError, ImportFormatError, KeyError, TypeError):
        return Choosing()


def _asked(kept: Draft) -> tuple[ScoreWeights | None, Rules]:
    """What a draft says of weights and filters; older ones say nothing."""
    weights, filters = kept.content.get("weights"), kept.content.get("filters", {})
    return None if weights is None else read_weights(weights, UNREADABLE), read_rules(filters, UNREADABLE)[0]


def keep_answers(db: Database, answers: Mapping[str, str]) -> None:
    """Keeps the profile's answers in words, by question; none leave no draft."""
    if answers:
        drafts.save(db, Draft(ANSWERS, PROFILE, dict(answers)))
    else:
        drafts.delete(db, ANSWERS, PROFILE)


def answers(db: Database) -> Mapping[str, str]:
    """The profile's answers as they were left, by question."""
    kept = drafts.find(db, ANSWERS, PROFILE)
    return {} if kept is None else {id: words for id, words in kept.content.items() if isinstance(words, str)}


def keep_lab(db: Database, portfolio_id: str, run_id: str, chosen: Mapping[str, str]) -> None:
    """Keeps what is chosen in the lab of a portfolio beside one of its runs, as it stands in a link."""
    drafts.save(db, Draft(LAB, f"{portfolio_id}@{run_id}", dict(chosen)))


def lab(db: Database, portfolio_id: str, run_id: str) -> Mapping[str, str]:
    """What was chosen in the lab of a portfolio beside that run, as it stands in a link."""
    kept = drafts.find(db, LAB, f"{portfolio_id}@{run_id}")
    return {} if kept is None else {name: words for name, words in kept.content.items() if isinstance(words, str)}


def _version_id(framework_id: str, version: int | str) -> str:
    """The id of a version's draft: each version has its own, so that an older one's is not lost to a newer's.

    An empty ``version`` is how the ids of all begin.
    """
    return f"{framework_id}@{version}"


def _read(kept: Draft) -> Edit | None:
    """What was kept; None for what this edition of Keel cannot read, which is left where it is."""
    try:
        framework, _ = read_edit(json.dumps(kept.content).encode(), UNREADABLE)
    except ImportFormatError:
        return None
    return Edit(framework, kept.updated_at)


def keep_ask(db: Database, portfolio_id: str, ask: Ask) -> None:
    """Keeps what is asked of the next plan of a portfolio, edits of its orders included; the usual leaves no draft."""
    if ask == Ask():
        drop_ask(db, portfolio_id)
        return
    drafts.save(db, Draft(PLAN, portfolio_id, ask_json(ask)))


def ask(db: Database, portfolio_id: str) -> Ask:
    """What is asked of the next plan of a portfolio as it was left."""
    kept = drafts.find(db, PLAN, portfolio_id)
    try:
        return Ask() if kept is None else parse_ask(kept.content, UNREADABLE)
    except KeelError:
        return Ask()


def drop_ask(db: Database, portfolio_id: str) -> None:
    """Throws away what was asked of the next plan of a portfolio."""
    drafts.delete(db, PLAN, portfolio_id)


Row = Mapping[str, object]  # of a table: text, numbers and switches by column


@dataclass(frozen=True, slots=True)
class Typing:
    """The rows of a table of holdings as they were left, and those that were held when they were typed."""

    rows: tuple[Row, ...]
    over: tuple[Row, ...]


def keep_typing(db: Database, portfolio_id: str, typing: Typing) -> None:
    """Keeps what is typed of a portfolio's holdings."""
    drafts.save(db, Draft(HOLDINGS, portfolio_id, asdict(typing)))


def typing(db: Database, portfolio_id: str) -> Typing | None:
    """What is typed of a portfolio's holdings and not saved, or None."""
    kept = drafts.find(db, HOLDINGS, portfolio_id)
    if kept is None:
        return None
    try:
        return Typing(*(tuple(map(dict, kept.content[name])) for name in ("rows", "over")))
    except (KeyError, TypeError, ValueError):
        return None


def drop_typing(db: Database, portfolio_id: str) -> None:
    """Throws away what is typed of a portfolio's holdings."""
    drafts.delete(db, HOLDINGS, portfolio_id)
