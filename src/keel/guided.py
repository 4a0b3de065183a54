"""Profiles of investors, and runs that lead from step to step, from Python."""

from __future__ import annotations

from collections.abc import Mapping

from keel.notebook import stored


def profiles() -> list[dict[str, object]]:
    """Every stored profile, as ``keel profile list --json`` prints it. Not while the server runs."""
    from keel.services.guided import profiles as service
    from keel.settings import load

    with stored() as db:
        return [service.document(load(), profile) for profile in service.listed(db)]


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
