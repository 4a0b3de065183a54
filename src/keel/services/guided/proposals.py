"""Proposals: a generator proposes a framework or products, the checks of any import judge it, and nothing is stored."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from keel.domain.constraints.evaluation import Verdict, at_design
from keel.domain.framework.diff import Change, diff
from keel.domain.framework.records import Framework
from keel.domain.issue import Finding, errors
from keel.domain.mapping.matching import BucketSuggestions, rank_in
from keel.domain.mapping.universe import market_in
from keel.domain.portfolio.score_weights import USUAL
from keel.domain.profile.record import InvestorProfile
from keel.domain.proposal import generator, picks
from keel.domain.proposal.as_json import proposal_json
from keel.domain.proposal.brief import FRAMEWORK, PICKS, brief, brief_of_offers, numbered, offers
from keel.domain.proposal.judging import judged
from keel.domain.proposal.picks import ProposedPicks, picks_json, read_picks
from keel.domain.proposal.reading import read_proposal
from keel.domain.proposal.records import RULES, Proposal
from keel.domain.proposal.schema import framework_schema, picks_schema
from keel.domain.text import shown
from keel.errors import GeneratorError, ImportFormatError, InputError
from keel.services.shared.checked import checked
from keel.services.shared.contents import understood
from keel.services.shared.templates import templates
from keel.services.shared.universe import columns
from keel.settings import Model, Settings
from keel.settings import model as model_of_the_settings
from keel.sources.llm.model import Asked, ask
from keel.store.connection import Database

MODEL = "model"
MOST_COMPLAINTS = 5


@dataclass(frozen=True, slots=True)
class Proposed:
    """A proposal, everything found about it, how its targets meet its limits, and what it changes of ``beside``.

    ``fallback`` says why it is by rules though a model was asked, empty where it was not or answered.
    """

    proposal: Proposal
    findings: tuple[Finding, ...]
    limits: tuple[Verdict, ...]
    beside: Framework
    changes: tuple[Change, ...]
    fallback: str = ""


def generator_of(by: str) -> Model | None:
    """The model that is to propose, None for the rules. Raises InputError for neither, and where no model is set up."""
    if by in ("", RULES):
        return None
    if by != MODEL:
        raise InputError(f"{shown(by)} is no generator.", hint=f"Write {RULES} or {MODEL}.", subject="by")
    model = model_of_the_settings()
    if model is None:
        raise InputError("No model is set up.", hint="Set KEEL_MODEL, or let the rules propose.", subject="by")
    return model


def propose(
    db: Database,
    settings: Settings,
    profile: InvestorProfile,
    beside: Framework | None = None,
    model: Model | None = None,
) -> Proposed:
    """The framework proposed for a profile, compared with ``beside``, else with the first template of its risk.

    With a stored framework beside it, the proposal is an edit of it, under its id, version and name. Where ``model``
    does not answer usably, the rules propose, and ``fallback`` says why.
    """
    if model is not None:
        try:
            proposal, notes = _asked(model, profile)
            return _compared(db, settings, profile, proposal, beside, notes)
        except GeneratorError as error:
            by_rules = _compared(db, settings, profile, generator.propose(profile), beside)
            return replace(by_rules, fallback=_instead(error))
    return _compared(db, settings, profile, generator.propose(profile), beside)


def judge(
    db: Database, settings: Settings, profile: InvestorProfile, said: object, beside: Framework | None = None
) -> Proposed:
    """What another generator said, by ``proposal.schema``, read as an import and judged as our own proposals are.

    Raises ImportFormatError for what cannot be read at all.
    """
    proposal, notes = read_proposal(said, profile, "another generator")
    return _compared(db, settings, profile, proposal, beside, notes)


def propose_picks(db: Database, framework: Framework, model: Model | None = None) -> ProposedPicks:
    """Products for each bucket of a framework, stored or not, with a reason; by the rules where ``model`` cannot."""
    buckets = rank_in(market_in(framework, columns(db)), understood(framework), USUAL)
    if model is None or not numbered(buckets):
        return picks.best(buckets)
    try:
        return _asked_for_picks(model, buckets)
    except GeneratorError as error:
        by_rules = picks.best(buckets)
        return replace(by_rules, notes=(_instead(error), *by_rules.notes))


def _asked(model: Model, profile: InvestorProfile) -> tuple[Proposal, tuple[Finding, ...]]:
    """What the model proposes, without an error in it. Raises GeneratorError."""

    def read(said: object) -> tuple[Proposal, tuple[Finding, ...]]:
        return read_proposal(said, profile, model.name)

    return read(ask(model, Asked(FRAMEWORK, brief(profile), framework_schema(), lambda said: _complaint(read, said))))


def _asked_for_picks(model: Model, buckets: Sequence[BucketSuggestions]) -> ProposedPicks:
    """The products that the model chooses of those offered. Raises GeneratorError."""
    choices = numbered(buckets)

    def read(said: object) -> tuple[ProposedPicks, tuple[Finding, ...]]:
        return read_picks(said, choices, buckets, model.name)

    asked = Asked(PICKS, brief_of_offers(choices), picks_schema(offers(choices)), lambda said: _complaint(read, said))
    return read(ask(model, asked))[0]


def _complaint(read: Callable[[object], tuple[object, tuple[Finding, ...]]], said: object) -> str:
    """What is wrong with an answer, as the model is told it; empty for nothing."""
    try:
        return " ".join(f"{finding.message} {finding.fix}" for finding in errors(read(said)[1])[:MOST_COMPLAINTS])
    except ImportFormatError as error:
        return f"{error.message} {error.hint}"


def _instead(error: GeneratorError) -> str:
    return f"{error.message} The rules propose instead."


def document(proposed: Proposed, products: ProposedPicks | None = None) -> dict[str, object]:
    """A proposal as the command line prints it and REST answers it; with ``products`` where they were asked for."""
    said = proposal_json(proposed.proposal, proposed.findings, proposed.limits, proposed.changes)
    return said | {
        "fallback": proposed.fallback,
        "beside": proposed.beside.name,
        "products": products and picks_json(products),
    }


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
        band, now = profile.assessed.risk_band, proposal.framework
        beside = next(t.framework for t in templates(settings) if t.risk_band == band and t.framework.buckets)
        before = replace(beside, name=now.name, description=now.description, method=now.method)
    else:
        proposal, before = replace(proposal, framework=_edit(beside, proposal.framework)), beside
    framework = proposal.framework
    seen = {(finding.code, finding.subject): finding for finding in (*notes, *checked(db, framework))}
    findings = tuple(seen.values()) + tuple(f for f in judged(framework, profile) if (f.code, f.subject) not in seen)
    return Proposed(proposal, findings, at_design(understood(framework)), beside, diff(before, framework))
