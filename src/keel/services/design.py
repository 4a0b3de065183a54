"""Design: frameworks from templates and files, their versions, edits, copies and exports."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from keel.domain.constraints.evaluation import Verdict, each_at_design
from keel.domain.exchange.framework_csv import framework_csv
from keel.domain.exchange.framework_json import framework_json
from keel.domain.exchange.templates import Template, find_template, instantiate
from keel.domain.framework import targets
from keel.domain.framework.diff import Change
from keel.domain.framework.diff import diff as difference
from keel.domain.framework.records import Framework
from keel.domain.framework.tree import leaves
from keel.domain.framework.validation import check as issues_of
from keel.domain.framework.validation import first_error
from keel.domain.issue import Finding, errors
from keel.domain.policy.records import Policy
from keel.domain.profile.record import InvestorProfile
from keel.domain.proposal import generator
from keel.domain.proposal.records import RULES, Proposal
from keel.domain.reading.place import Place
from keel.domain.reading.values import read_number, read_text
from keel.domain.text import free, tidy
from keel.errors import GeneratorError, InputError, InvalidFrameworkError
from keel.pack.workbook.framework import framework_workbook
from keel.services.shared import templates as shared
from keel.services.shared.asking.model import ask_for_framework, generator_of, instead
from keel.services.shared.checked import checked
from keel.services.shared.contents import understood
from keel.services.shared.job import Slow
from keel.settings import Model, Settings, load
from keel.sources.sheets.framework import read_framework_file
from keel.store import frameworks
from keel.store.connection import Database
from keel.store.guided import profiles
from keel.store.values import new_id, now

__all__ = [
    "FrameworkSummary",
    "adopt_template",
    "check",
    "create_empty",
    "delete_class",
    "delete_holding",
    "diff",
    "free_name",
    "get_framework",
    "limits",
    "list_frameworks",
    "mendable",
    "read_file",
    "restore",
    "revise",
    "save_new",
    "set_classes",
    "set_holdings",
    "templates",
    "unsaved",
    "versions",
]

WEIGHT_ERRORS = frozenset(
    {
        "sum",
        "minimums_too_high",
        "maximums_too_low",
        "weight_out_of_range",
        "min_above_target",
        "target_above_max",
    }
)


@dataclass(frozen=True, slots=True)
class FrameworkSummary:
    """A line of the list of frameworks, at the newest version; ``bucket_count`` counts the leaves."""

    id: str
    name: str
    version: int
    updated_at: datetime | None
    bucket_count: int
    risk_band: str


def templates(settings: Settings) -> tuple[Template, ...]:
    """The templates in their order."""
    return shared.templates(settings)


def adopt_template(
    db: Database, settings: Settings, template_id: str, name: str = "", profile_id: str = ""
) -> Framework:
    """Version 1 of a new framework made from a template, under a name of its own, for an investor's profile if named.

    Raises TemplateNotFoundError.
    """
    return _save_new(db, _instantiated(db, settings, template_id, name, profile_id))


def _instantiated(db: Database, settings: Settings, template_id: str, name: str, profile_id: str) -> Framework:
    made = replace(instantiate(find_template(templates(settings), template_id), name), profile_id=profile_id)
    return made if name else replace(made, name=free_name(db, made.name))


def create_empty(db: Database, name: str) -> Framework:
    """Version 1 of a new framework without buckets."""
    return _save_new(db, Framework(name=_title(name)))


def free_name(db: Database, name: str) -> str:
    """The name, numbered when another framework has it: ``Balanced 2``."""
    return free(name, {framework.name for framework in frameworks.list_latest(db)})


def read_file(data: bytes, filename: str) -> tuple[Framework, tuple[Finding, ...]]:
    """The framework in a file, valid or not, and every issue. Raises ImportFormatError for what cannot be read."""
    framework, notes = read_framework_file(data, filename)
    return framework, (*notes, *issues_of(framework))


def as_text(framework: Framework, kind: str) -> str:
    """The framework as the text of a file: all of it as ``json``, its tree as ``csv``."""
    return framework_json(framework) if kind == "json" else framework_csv(framework)


def as_workbook(framework: Framework) -> bytes:
    """All of the framework as an XLSX file, dated today."""
    return framework_workbook(framework, now().date())


def save_new(db: Database, framework: Framework, issues: tuple[Finding, ...]) -> Framework:
    """Version 1 of a new framework, read with these issues. Raises InvalidFrameworkError with every one."""
    _require_no_errors(framework, issues)
    return _save_new(db, framework)


def mendable(issues: tuple[Finding, ...]) -> bool:
    """True when every error is about weights, which the editor can put right."""
    return all(issue.code in WEIGHT_ERRORS for issue in errors(issues))


def unsaved(framework: Framework) -> Framework:
    """The framework under an id of its own as version 0, which is not stored: ``revise`` saves its version 1."""
    return replace(framework, id=new_id("fw"), version=0, created_at=None, updated_at=None)


def check(db: Database, framework: Framework) -> tuple[Finding, ...]:
    """Every issue of a framework, stored or not, with those that need products: unknown tags, gaps, short histories."""
    return checked(db, framework)


def limits(framework: Framework) -> tuple[Verdict | None, ...]:
    """How the targets alone meet each limit of a framework, in their order; None where they say nothing."""
    return each_at_design(understood(framework)) if framework.constraints else ()


def get_framework(db: Database, framework_id: str, version: int | None = None) -> Framework:
    """A framework at a version, the newest without one. Raises FrameworkNotFoundError."""
    return frameworks.get(db, framework_id, version)


def list_frameworks(db: Database) -> tuple[FrameworkSummary, ...]:
    """Every framework that is not archived, last edited first."""
    return tuple(
        FrameworkSummary(f.id, f.name, f.version, f.updated_at, len(leaves(f)), f.risk_band)
        for f in frameworks.list_latest(db)
    )


def revise(
    db: Database,
    framework_id: str,
    expected_version: int,
    framework: Framework,
    notes: tuple[Finding, ...] = (),
) -> Framework:
    """The framework saved as the version after ``expected_version``, 0 for one that is not stored yet.

    ``notes`` are what reading it found. Raises InvalidFrameworkError with every issue, and EditConflictError when a
    newer version was saved meanwhile.
    """
    _require_no_errors(framework, (*notes, *issues_of(framework)))
    return frameworks.save_version(db, replace(framework, id=framework_id), expected_version)


def assign_policy(db: Database, framework_id: str, policy: Policy, expected_version: int | None = None) -> Framework:
    """The next version, with that rebalancing policy; the newest where it has that policy already.

    Raises as ``revise``, NotFoundError.
    """
    began = frameworks.get(db, framework_id, expected_version)
    if began.rebalancing == policy:
        return began
    return revise(db, framework_id, began.version, replace(began, rebalancing=policy))


def set_classes(
    db: Database, framework_id: str, given: Mapping[str, float], expected_version: int | None = None
) -> Framework:
    """The next version, with the targets of some buckets by path and what lies below them in proportion.

    ``expected_version`` is the one that was edited, else the newest. Raises as ``revise``, NotFoundError.
    """
    began = frameworks.get(db, framework_id, expected_version)
    return revise(db, framework_id, began.version, targets.set_classes(began, given))


def set_holdings(
    db: Database,
    framework_id: str,
    given: Mapping[str, Mapping[str, float]],
    expected_version: int | None = None,
) -> Framework:
    """The next version, with all products of some buckets and their shares: path → symbol → share.

    ``expected_version`` is the one that was edited, else the newest. Raises as ``revise``, InputError, NotFoundError.
    """
    began = edited = frameworks.get(db, framework_id, expected_version)
    for path, shares in given.items():
        edited = targets.set_holdings(edited, path, shares)
    return revise(db, framework_id, began.version, edited)


def delete_class(db: Database, framework_id: str, path: str, expected_version: int | None = None) -> Framework:
    """The next version, without a bucket, all below it and their products; its siblings share its weight.

    Raises as ``revise``, InputError, NotFoundError.
    """
    began = frameworks.get(db, framework_id, expected_version)
    return revise(db, framework_id, began.version, targets.without_class(began, path))


def delete_holding(
    db: Database, framework_id: str, path: str, symbol: str, expected_version: int | None = None
) -> Framework:
    """The next version, without a product of a bucket; its other products share its part.

    Raises as ``revise``, InputError, NotFoundError.
    """
    began = frameworks.get(db, framework_id, expected_version)
    return revise(db, framework_id, began.version, targets.without_holding(began, path, symbol))


def versions(db: Database, framework_id: str) -> tuple[Framework, ...]:
    """Every version, oldest first. Raises FrameworkNotFoundError."""
    return frameworks.versions(db, framework_id)


def diff(db: Database, framework_id: str, a: int, b: int) -> tuple[Change, ...]:
    """What changed from version ``a`` to version ``b``. Raises FrameworkNotFoundError."""
    return difference(frameworks.get(db, framework_id, a), frameworks.get(db, framework_id, b))


def restore(db: Database, framework_id: str, version: int, expected_version: int | None = None) -> Framework:
    """An old version saved again as the newest, after ``expected_version`` (None: whichever is the newest now).

    Raises FrameworkNotFoundError, EditConflictError when a newer version was saved meanwhile.
    """
    old = frameworks.get(db, framework_id, version)
    began = frameworks.get(db, framework_id).version if expected_version is None else expected_version
    return frameworks.save_version(db, old, began)


def _save_new(db: Database, framework: Framework) -> Framework:
    fresh = replace(framework, id="", version=0, created_at=None, updated_at=None)
    return frameworks.save_version(db, fresh, 0)


def _title(name: str) -> str:
    title = tidy(name)
    if not title:
        raise InputError("A framework needs a name.", hint="Write one.", subject="name")
    return title


def _require_no_errors(framework: Framework, issues: tuple[Finding, ...]) -> None:
    """An empty framework may be stored: it has a warning until it has buckets."""
    wrong = errors(issues)
    if wrong:
        message = f"{framework.name} cannot be saved: {first_error(issues)}"
        raise InvalidFrameworkError(message, issues=issues, hint=wrong[0].fix, subject=wrong[0].subject)


STEP = Place("framework")


Write = Callable[[], Mapping[str, Any]]


def _step(db: Database, told: Mapping[str, Any], _today: date) -> Write | Slow[Write]:
    """The step of a workflow: a stored framework, one made from a template, or one proposed for the profile."""
    if told.get("framework_id") is not None:
        version = told.get("framework_version")
        which = None if version is None else int(read_number(version, STEP.field("framework_version"), "1"))
        stored = get_framework(db, read_text(told["framework_id"], STEP.field("framework_id")), which)
        return lambda: _outcome(stored)
    asked = told.get("proposal")
    if asked in (None, False):
        chosen = _chosen(db, told)
        return lambda: _outcome(_save_new(db, chosen))
    by = RULES if asked is True else read_text(asked, STEP.field("proposal"))
    profile, name = _investor(db, told), read_text(told.get("name") or "", STEP.field("name"))
    model = generator_of(by)
    if model is None:
        return _made(db, generator.propose(profile, name), name)
    return Slow(lambda tick: _by_model(db, model, profile, name, tick))


def _chosen(db: Database, told: Mapping[str, Any]) -> Framework:
    """The framework of a template, for the profile if there is one."""
    template, name = (read_text(told.get(field) or "", STEP.field(field)) for field in ("template", "name"))
    return _instantiated(db, load(), template, name, told.get("profile_id", ""))


def _investor(db: Database, told: Mapping[str, Any]) -> InvestorProfile:
    """The profile to propose for. Raises InputError without one."""
    if not told.get("profile_id"):
        hint = "Save a profile first, or choose a template."
        raise InputError("A framework can be proposed for a profile only.", hint=hint, subject="proposal")
    return profiles.get(db, told["profile_id"], told["profile_version"])


def _by_model(db: Database, model: Model, profile: InvestorProfile, name: str, tick: Callable[[], None]) -> Write:
    """The framework that the model proposes, by the rules where it does not answer usably, which is said."""
    try:
        proposal, fallback = ask_for_framework(model, profile, tick)[0], ""
    except GeneratorError as error:
        proposal, fallback = generator.propose(profile, name), instead(error)
    write = _made(db, proposal, name)
    return lambda: {**write(), "fallback": fallback}


def _made(db: Database, proposal: Proposal, name: str) -> Write:
    framework = proposal.framework
    made = replace(framework, name=name or free_name(db, framework.name))
    return lambda: {**_outcome(_save_new(db, made)), "proposed_by": proposal.source}


def _outcome(framework: Framework) -> Mapping[str, Any]:
    return {"framework_id": framework.id, "framework_version": framework.version, "framework_name": framework.name}


STEPS = {"framework": _step}
