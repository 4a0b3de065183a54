"""``keel profile``: what an investor can bear, kept in versions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from keel.commands import inputs
from keel.commands.output import Reply, json_option, reply, table

if TYPE_CHECKING:
    from keel.domain.profile.record import InvestorProfile


@click.group("profile")
def profile_group() -> None:
    """Keep profiles of investors: their answers, the risk band these lead to, and the templates that fit."""


@profile_group.command("list")
@click.option("--archived", is_flag=True, help="Those that are archived.")
@json_option
def list_profiles(archived: bool, as_json: bool) -> Reply:
    """List the profiles, last saved first."""
    from keel.commands.database import opened
    from keel.services.guided import profiles
    from keel.settings import load

    with opened() as db:
        known = profiles.listed(db, archived=archived)
    rows = [[p.name, p.id, f"version {p.version}", f"{p.assessed.risk_band} risk"] for p in known]
    documents = [profiles.document(load(), profile) for profile in known]
    return reply(documents, table(rows, left=4) if rows else "There are none yet.", as_json)


@profile_group.command("show")
@click.argument("id", metavar="ID")
@click.option("--version", type=click.IntRange(min=1), help="That version, not the newest.")
@json_option
def show_profile(id: str, version: int | None, as_json: bool) -> Reply:
    """Print a profile: its answers, what they come to, and the templates that fit."""
    from keel.commands.database import opened
    from keel.services.guided import profiles

    with opened() as db:
        found = profiles.get(db, id, version)
    return _said(found, as_json)


@profile_group.command("save")
@click.argument("profile", metavar="PROFILE")
@click.option("--id", default="", metavar="ID", help="The profile this is the next version of.")
@json_option
def save_profile(profile: str, id: str, as_json: bool) -> Reply:
    """Keep a profile from JSON or a file of it: {"name": "Ann", "answers": {"horizon": "later", …}, "wishes": {…}}."""
    from keel.commands.database import opened
    from keel.domain.profile.as_json import read_profile
    from keel.domain.reading.place import Place
    from keel.domain.reading.values import read_object
    from keel.services.guided import profiles

    value, name = inputs.json_argument(profile, "PROFILE")
    place = Place(name)
    given = read_profile(read_object(value, place), place)
    with opened() as db:
        saved = profiles.save(db, given, id)
    return _said(saved, as_json)


@profile_group.command("rename")
@click.argument("id", metavar="ID")
@click.argument("name", metavar="NAME")
@json_option
def rename_profile(id: str, name: str, as_json: bool) -> Reply:
    """Give a profile another name, as its next version."""
    from keel.commands.database import opened
    from keel.services.guided import profiles
    from keel.services.work import shelf

    with opened() as db:
        shelf.rename(db, "profile", id, name)
        renamed = profiles.get(db, id)
    return _said(renamed, as_json)


@profile_group.command("copy")
@click.argument("id", metavar="ID")
@json_option
def copy_profile(id: str, as_json: bool) -> Reply:
    """Copy the newest version of a profile, under a name of its own."""
    from keel.commands.database import opened
    from keel.services.guided import profiles
    from keel.services.work import shelf

    with opened() as db:
        copy = profiles.get(db, shelf.duplicate(db, "profile", id))
    return _said(copy, as_json)


@profile_group.command("archive")
@click.argument("id", metavar="ID")
@json_option
def archive_profile(id: str, as_json: bool) -> Reply:
    """Take a profile out of the lists; it stays readable, and frameworks made for it keep naming it."""
    from keel.commands.database import opened
    from keel.services.work import shelf

    with opened() as db:
        names = shelf.put_away(db, "profile", id)
    used = f" Used by {', '.join(names)}." if names else ""
    return reply({"archived": True, "used_by": list(names)}, f"Archived {id}.{used}", as_json)


@profile_group.command("restore")
@click.argument("id", metavar="ID")
@json_option
def restore_profile(id: str, as_json: bool) -> Reply:
    """Bring an archived profile back into the lists."""
    from keel.commands.database import opened
    from keel.services.guided import profiles
    from keel.services.work import shelf

    with opened() as db:
        shelf.bring_back(db, "profile", id)
        back = profiles.get(db, id)
    return _said(back, as_json)


@profile_group.command("questions")
@json_option
def list_questions(as_json: bool) -> Reply:
    """List the questions with the ids of their answers, from careful to bold."""
    from keel.domain.profile.as_json import questions_json
    from keel.domain.profile.questions import QUESTIONS

    lines = [
        f"{question.id}: {question.words}\n" + table([["  " + a.id, a.words] for a in question.answers], left=2)
        for question in QUESTIONS
    ]
    return reply(questions_json(), "\n".join(lines), as_json)


def _said(profile: InvestorProfile, as_json: bool) -> Reply:
    from keel.domain.profile.words import in_words
    from keel.services.guided import profiles
    from keel.settings import load

    fits = [template.name for template in profiles.fitting(load(), profile.assessed.risk_band)]
    lines = [f"{profile.name} ({profile.id}), version {profile.version}", *in_words(profile)]
    return reply(profiles.document(load(), profile), "\n".join([*lines, f"Fits: {', '.join(fits)}"]), as_json)
