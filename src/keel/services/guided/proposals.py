"""Proposals: a generator proposes a framework or products, the checks of any import judge it, and nothing is stored."""

from __future__ import annotations

from dataclasses import dataclass, replace

from keel.domain.constraints.evaluation import Verdict, at_design
from keel.domain.framework.diff import Change, diff
from keel.domain.framework.records import Framework
from keel.domain.issue import Finding
from keel.domain.mapping.matching import rank_in
from keel.domain.mapping.universe import market_in
from keel.domain.portfolio.score_weights import USUAL
from keel.domain.profile.record import InvestorProfile
from keel.domain.proposal import generator, picks
from keel.domain.proposal.as_json import proposal_json
from keel.domain.proposal.judging import judged
from keel.domain.proposal.picks import ProposedPicks, picks_json
from keel.domain.proposal.reading import read_proposal
from keel.domain.proposal.records import Proposal
from keel.services.shared.checked import checked
from keel.services.shared.contents import understood
from keel.services.shared.templates import templates
from keel.services.shared.universe import columns
from keel.settings import Settings
from keel.store.connection import Database


@dataclass(frozen=True, slots=True)
class Proposed:
    """A proposal, everything found about it, how its targets meet its limits, and what it changes of ``beside``."""

    proposal: Proposal
    findings: tuple[Finding, ...]
    limits: tuple[Verdict, ...]
    beside: Framework
    changes: tuple[Change, ...]


def propose(db: Database, settings: Settings, profile: InvestorProfile, beside: Framework | None = None) -> Proposed:
    """The framework proposed for a profile, compared with ``beside``, else with the first template of its risk.

    With a stored framework beside it, the proposal is an edit of it, under its id, version and name.
    """
    return _compared(db, settings, profile, generator.propose(profile), beside)


def judge(
    db: Database, settings: Settings, profile: InvestorProfile, said: object, beside: Framework | None = None
) -> Proposed:
    """What another generator said, by ``proposal.schema``, read as an import and judged as our own proposals are.

    Raises ImportFormatError for what cannot be read at all.
    """
    proposal, notes = read_proposal(said, profile, "another generator")
    return _compared(db, settings, profile, proposal, beside, notes)


def propose_picks(db: Database, framework: Framework) -> ProposedPicks:
    """A product for each bucket of a framework, stored or not, with a reason."""
    return picks.best(rank_in(market_in(framework, columns(db)), understood(framework), USUAL))


def document(proposed: Proposed, products: ProposedPicks | None = None) -> dict[str, object]:
    """A proposal as the command line prints it and REST answers it; with ``products`` where they were asked for."""
    said = proposal_json(proposed.proposal, proposed.findings, proposed.limits, proposed.changes)
    return said | {"beside": proposed.beside.name, "products": products and picks_json(products)}


def _edit(before: Framework, now: Framework) -> Framework:
    """The proposal as an edit of a stored framework, whose id, version, name and currency stay."""
    return replace(
        now,
        id=before.id,
        version=before.version,
        name=before.name,
        base_ccy=before.base_ccy,
        created_at=before.created_at,
        updated_at=before.updated_at,
    )


def _compared(
    db: Database,
    settings: Settings,
    profile: InvestorProfile,
    proposal: Proposal,
    beside: Framework | None,
    notes: tuple[Finding, ...] = (),
) -> Proposed:
    """The proposal judged, and beside what it would change; ``notes`` are what reading it found."""
    if beside is None:
        band = profile.assessed.risk_band
        beside = next(t.framework for t in templates(settings) if t.risk_band == band and t.framework.buckets)
    else:
        proposal = replace(proposal, framework=_edit(beside, proposal.framework))
    framework = proposal.framework
    seen = {(finding.code, finding.subject): finding for finding in (*notes, *checked(db, framework))}
    findings = tuple(seen.values()) + tuple(f for f in judged(framework, profile) if (f.code, f.subject) not in seen)
    return Proposed(proposal, findings, at_design(understood(framework)), beside, diff(beside, framework))
