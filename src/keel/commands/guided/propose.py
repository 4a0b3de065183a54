"""``keel propose``: a framework for a profile, with a reason for each part of it."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from keel.commands import inputs
from keel.commands.output import Reply, busy, json_option, reply, require_writable, table, verdict_lines, written

if TYPE_CHECKING:
    from keel.domain.framework.records import Framework
    from keel.domain.profile.record import InvestorProfile
    from keel.domain.proposal.picks import ProposedPicks
    from keel.services.guided.proposals import Proposed
    from keel.store.connection import Database

ENDINGS = (".json", ".csv")
WIDTH = 100


@click.command("propose")
@click.argument("profile", metavar="PROFILE")
@click.option("--beside", "beside_path", metavar="FRAMEWORK", help="The framework to change; without it a new one.")
@click.option("--said", "said_path", metavar="FILE", help="What another generator proposed, to be judged.")
@click.option("--by", default="rules", metavar="WHO", help="rules, or model: the one of KEEL_MODEL.")
@click.option("--products", is_flag=True, help="Propose a product for each bucket too.")
@click.option("--out", "out_path", metavar="FILE", help="Write the framework to this file.")
@json_option
def propose(
    profile: str,
    beside_path: str | None,
    said_path: str | None,
    by: str,
    products: bool,
    out_path: str | None,
    as_json: bool,
) -> Reply:
    """Propose a framework for PROFILE: the id of a stored one, JSON, or a JSON file.

    Nothing is stored; --out writes the framework to a file that the other commands take.
    """
    from keel.commands.database import opened
    from keel.domain.exchange.framework_json import framework_json
    from keel.services.guided import proposals
    from keel.services.shared.asking.model import generator_of
    from keel.settings import load

    if out_path:
        require_writable("--out", out_path, (".json",), [path for path in (profile, beside_path, said_path) if path])
    model = generator_of(by)
    beside = inputs.framework(beside_path)[0] if beside_path else None
    with opened() as db, busy("Proposing"):
        investor = _profile(db, profile)
        proposed = (
            _said(db, said_path, investor, beside)
            if said_path
            else proposals.propose(db, load(), investor, beside, model)
        )
        picks = proposals.propose_picks(db, proposed.proposal.framework, model) if products else None
    if out_path:
        with written(out_path) as part:
            part.write_text(framework_json(proposed.proposal.framework), encoding="utf-8")
    return reply(proposals.document(proposed, picks), text(proposed, picks), as_json)


def _profile(db: Database, given: str) -> InvestorProfile:
    """The stored profile of that id, or the one that is written as JSON."""
    from keel.domain.profile.as_json import read_profile
    from keel.domain.reading.place import Place
    from keel.domain.reading.values import read_object
    from keel.services.guided import profiles

    if not given.lstrip().startswith("{") and not given.endswith(ENDINGS):
        return profiles.get(db, given)
    value, name = inputs.json_argument(given, "PROFILE")
    return read_profile(read_object(value, Place(name)), Place(name))


def _said(db: Database, path: str, investor: InvestorProfile, beside: Framework | None) -> Proposed:
    from keel.services.guided import proposals
    from keel.settings import load

    value, name = inputs.json_argument(path, "--said")
    with inputs.about(name):
        return proposals.judge(db, load(), investor, value, beside)


def text(proposed: Proposed, picks: ProposedPicks | None) -> str:
    """The buckets with their reasons, the limits, what is not met, and the products."""
    from keel import units
    from keel.domain.framework.tree import ordered
    from keel.domain.policy.words import describe

    framework, reasons = proposed.proposal.framework, {r.about: r.words for r in proposed.proposal.reasons}
    rows = [[b.path, units.weight(b.target_weight)] for b in ordered(framework)]
    lines = [*_wrapped([proposed.fallback]), framework.name, "", table(rows), "", describe(framework.rebalancing), ""]
    lines += _wrapped(f"{about}: {words}" for about, words in reasons.items())
    lines += _wrapped(f"not met: {note}" for note in proposed.proposal.notes)
    lines += _wrapped(f"{finding.severity}: {finding.message}" for finding in proposed.findings)
    lines += verdict_lines(proposed.limits)
    if picks is not None:
        lines += ["", *(f"{path}: {', '.join(pick.symbol for pick in chosen)}" for path, chosen in picks.picks.items())]
        lines += picks.notes
    return "\n".join(lines)


def _wrapped(sentences: Iterable[str]) -> list[str]:
    return [line for sentence in sentences for line in textwrap.wrap(sentence, WIDTH, subsequent_indent="  ")]
