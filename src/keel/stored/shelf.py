"""What is stored renamed, copied, put away and brought back, from Python."""

from __future__ import annotations

from typing import TYPE_CHECKING

from keel.notebook import stored

if TYPE_CHECKING:
    from keel.store.archive import Archived, Noun


def rename(noun: Noun, id: str, name: str) -> None:
    """Gives a profile, framework, portfolio or run another name. Raises InputError, NotFoundError."""
    from keel.services.work import shelf

    with stored() as db:
        shelf.rename(db, noun, id, name)


def duplicate(noun: Noun, id: str) -> str:
    """The id of a copy of its newest version, under a name of its own. Raises NotFoundError."""
    from keel.services.work import shelf

    with stored() as db:
        return shelf.duplicate(db, noun, id)


def archive(noun: Noun, id: str) -> tuple[str, ...]:
    """The names of what uses it, which keeps working; it leaves the lists. Raises NotFoundError."""
    from keel.services.work import shelf

    with stored() as db:
        return shelf.put_away(db, noun, id)


def bring_back(noun: Noun, id: str) -> None:
    """Returns it from the archive to the lists. Raises NotFoundError."""
    from keel.services.work import shelf

    with stored() as db:
        shelf.bring_back(db, noun, id)


def archived() -> tuple[Archived, ...]:
    """Everything that is put away, the last first."""
    from keel.services.work import shelf

    with stored() as db:
        return shelf.archived(db)
