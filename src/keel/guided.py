"""Profiles of investors, proposals, and runs that lead from step to step, from Python."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from keel.notebook import stored

if TYPE_CHECKING:
    from keel.domain.framework.records import Framework
    from keel.services.guided.workflows import Told
    from keel.store.connection import Database


def profiles(*, archived: bool = False) -> list[dict[str, object]]:
    """The stored profiles, or those that are archived, as ``keel profile list --json`` prints them.

    Not while the server runs.
    """
    from keel.services.guided import profiles as service
    from keel.settings import load

    with stored() as db:
        return [service.document(load(), profile) for profile in service.listed(db, archived=archived)]


def get_profile(id: str, version: int | None = None) -> dict[str, object]:
    """A stored profile, as ``keel profile show --json`` prints it. Raises ProfileNotFoundError."""
    from keel.services.guided import profiles as service
    from keel.settings import load

    with stored() as db:
        return service.document(load(), service.get(db, id, version))


def save_profile(profile: Mapping[str, object], id: str = "") -> dict[str, object]:
    """The stored profile of ``{name, answers, wishes?}``: a new one, or the next version of the one with that id.

    Raises ImportFormatError, InputError, ProfileNotFoundError.
    """
    from keel.domain.profile.as_json import read_profile
    from keel.domain.reading.place import Place
    from keel.services.guided import profiles as service
    from keel.settings import load

    given = read_profile(profile, Place("the profile"))
    with stored() as db:
        return service.document(load(), service.save(db, given, id))


def archive_profile(id: str) -> list[str]:
    """The names of the frameworks made for the profile, which leaves the lists. Raises ProfileNotFoundError."""
    from keel.services.work import shelf

    with stored() as db:
        return list(shelf.put_away(db, "profile", id))


def restore_profile(id: str) -> dict[str, object]:
    """The profile, back in the lists. Raises ProfileNotFoundError."""
    from keel.services.work import shelf

    with stored() as db:
        shelf.bring_back(db, "profile", id)
    return get_profile(id)


def propose(
    profile: str | Mapping[str, object],
    beside: Framework | None = None,
    said: Mapping[str, object] | None = None,
    *,
    by: str = "rules",
    products: bool = False,
) -> dict[str, object]:
    """The framework proposed for a stored profile by its id, or for one given, as ``keel propose --json`` prints it.

    ``beside`` is the framework it would change; ``said`` what another generator proposed, to be judged; ``by``
    is ``rules`` or ``model``. Nothing is stored. Raises ImportFormatError, ProfileNotFoundError.
    """
    from keel.domain.profile.as_json import read_profile
    from keel.domain.reading.place import Place
    from keel.services.guided import profiles as kept
    from keel.services.guided import proposals as service
    from keel.services.shared.asking.model import generator_of
    from keel.settings import load

    model = generator_of(by)
    with stored() as db:
        investor = kept.get(db, profile) if isinstance(profile, str) else read_profile(profile, Place("the profile"))
        if said is None:
            proposed = service.propose(db, load(), investor, beside, model)
        else:
            proposed = service.judge(db, load(), investor, dict(said), beside)
        picks = service.propose_picks(db, proposed.proposal.framework, model) if products else None
        return service.document(proposed, picks)


def run_workflow(
    id: str,
    given: Mapping[str, Mapping[str, Any]] | None = None,
    skip: Sequence[str] = (),
    entry: str = "",
    *,
    take: bool = False,
) -> dict[str, Any]:
    """A new run of a workflow gone on with as far as it is told, as ``keel workflow run --json`` prints it.

    ``given`` is what steps are told, by step and question; ``take``: where an answer is missing the suggested one is
    taken. A step that cannot be done is ``failed`` and says why.
    Raises WorkflowNotFoundError, InputError.
    """
    from keel.services.guided import workflows

    with _recovered() as db:
        return workflows.document(workflows.begin(db, id, _told(given, skip, take), entry))


def resume_workflow(
    run_id: str,
    given: Mapping[str, Mapping[str, Any]] | None = None,
    skip: Sequence[str] = (),
    *,
    take: bool = False,
) -> dict[str, Any]:
    """The run gone on with, as ``keel workflow resume --json`` prints it. Raises WorkflowNotFoundError, InputError."""
    from keel.services.guided import workflows

    with _recovered() as db:
        return workflows.document(workflows.go_on(db, run_id, _told(given, skip, take)))


def repeat_step(
    run_id: str,
    step: str,
    given: Mapping[str, Mapping[str, Any]] | None = None,
    skip: Sequence[str] = (),
    *,
    take: bool = False,
) -> dict[str, Any]:
    """The run with a settled step and all that build on it open again, gone on with as far as it is told.

    What they made before stays stored. Raises WorkflowNotFoundError, InputError.
    """
    from keel.services.guided import workflows

    with _recovered() as db:
        return workflows.document(workflows.repeat(db, run_id, step, _told(given, skip, take)))


def put_questions(run_id: str, by: str = "rules") -> dict[str, object]:
    """The questions of the next step as ``rules`` or a ``model`` puts them, as ``keel workflow ask --json`` prints.

    Raises WorkflowNotFoundError, InputError.
    """
    from keel.services.guided import workflows
    from keel.services.shared.asking.questions import asked_json

    with _recovered() as db:
        return asked_json(workflows.put_questions(db, run_id, by))


def cancel_workflow(run_id: str) -> dict[str, Any]:
    """The run, given up; what its steps stored stays. Raises WorkflowNotFoundError."""
    from keel.services.guided import workflows

    with _recovered() as db:
        return workflows.document(workflows.cancel(db, run_id))


def workflows() -> list[dict[str, Any]]:
    """The workflows there are, as ``keel workflow list --json`` prints them."""
    from keel.domain.workflow.as_json import workflow_json
    from keel.services.guided import workflows as service
    from keel.settings import load

    return [workflow_json(workflow) for workflow in service.definitions(load())]


def proposal_schema() -> dict[str, Any]:
    """What a generator may say, as JSON Schema."""
    from keel.domain.proposal.schema import framework_schema

    return framework_schema()


def workflow_runs() -> list[dict[str, Any]]:
    """Every run of a workflow, last changed first."""
    from keel.services.guided import workflows

    with _recovered() as db:
        return [workflows.document(run) for run in workflows.listed(db)]


@contextmanager
def _recovered() -> Iterator[Database]:
    """The database; nothing in it is under way, for this process has begun nothing yet."""
    from keel.services.guided import workflows

    with stored() as db:
        workflows.recover(db)
        yield db


def _told(given: Mapping[str, Mapping[str, Any]] | None, skip: Sequence[str], take: bool) -> Told:
    from datetime import UTC, datetime

    from keel.services.guided.workflows import Told

    return Told(datetime.now(UTC).date(), given or {}, skip, take=take)
