"""``keel policy``: rebalancing policies under a name, and the framework that one is assigned to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from keel.commands import inputs
from keel.commands.output import Reply, json_option, reply, table

if TYPE_CHECKING:
    from keel.domain.policy.records import Policy
    from keel.store.connection import Database


@click.group("policy")
def policy_group() -> None:
    """Keep rebalancing policies under a name, and give a stored framework one of them."""


@policy_group.command("save")
@click.argument("name", metavar="NAME")
@click.argument("policy", metavar="POLICY")
@json_option
def save_policy(name: str, policy: str, as_json: bool) -> Reply:
    """Keep a policy (a preset, JSON or a JSON file), in place of the one of that name."""
    from keel.commands.database import opened
    from keel.domain.policy.words import describe
    from keel.services import policies

    judged = inputs.policy(policy)
    with opened() as db:
        named = policies.keep(db, name, judged)
    return reply(policies.document(named), f"{named.name}: {describe(named.policy)}", as_json)


@policy_group.command("list")
@json_option
def list_policies(as_json: bool) -> Reply:
    """List the policies there are."""
    from keel.commands.database import opened
    from keel.domain.policy.words import describe
    from keel.services import policies

    with opened() as db:
        known = policies.listed(db)
    rows = [[named.name, describe(named.policy)] for named in known]
    text = table(rows, left=2) if rows else "There are none yet."
    return reply([policies.document(named) for named in known], text, as_json)


@policy_group.command("delete")
@click.argument("name", metavar="NAME")
@json_option
def delete_policy(name: str, as_json: bool) -> Reply:
    """Delete the policy of that name or id; frameworks and runs keep theirs."""
    from keel.commands.database import opened
    from keel.services import policies

    with opened() as db:
        named = policies.find(db, name)
        policies.delete(db, named.id)
    return reply(policies.document(named), f"{named.name} is deleted.", as_json)


@policy_group.command("assign")
@click.argument("name", metavar="NAME")
@click.argument("framework_id", metavar="FRAMEWORK")
@json_option
def assign_policy(name: str, framework_id: str, as_json: bool) -> Reply:
    """Give a stored framework, by its id, a kept policy or a preset: its next version."""
    from keel.commands.database import opened
    from keel.domain.policy.as_json import policy_json
    from keel.services import design

    with opened() as db:
        policy = _called(db, name)
        made = design.assign_policy(db, framework_id, policy)
    data = {"framework_id": made.id, "framework_version": made.version, "policy": policy_json(policy)}
    return reply(data, f"{made.name} has it from version {made.version} on.", as_json)


def _called(db: Database, name: str) -> Policy:
    """The preset or the kept policy of a name."""
    from keel.domain.policy.presets import PRESETS
    from keel.services import policies

    return PRESETS[name] if name in PRESETS else policies.find(db, name).policy
