"""Proposals: a generator proposes a framework or products, the checks of any import judge it, and nothing is stored.

The rules answer at once; a model is asked by a job.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from keel.domain.constraints.evaluation import Verdict, at_design
from keel.domain.framework.diff import Change, diff
from keel.domain.framework.records import Framework
from keel.domain.issue import Finding
from keel.domain.mapping.matching import rank_in
from keel.domain.mapping.universe import market_in
from keel.domain.portfolio.score_weights import USUAL
from keel.domain.profile.as_json import read_answers, read_wishes, wishes_json
from keel.domain.profile.record import InvestorProfile, assessed
from keel.domain.proposal import generator, picks
from keel.domain.proposal.as_json import proposal_json
from keel.domain.proposal.brief import numbered
from keel.domain.proposal.judging import judged
from keel.domain.proposal.picks import ProposedPicks, picks_json
from keel.domain.proposal.reading import read_proposal
from keel.domain.proposal.records import Proposal
from keel.domain.reading.place import Place
from keel.errors import GeneratorError
from keel.services.shared import jobs
from keel.services.shared.asking.model import MODEL, ask_for_framework, ask_for_picks, generator_of, instead
from keel.services.shared.checked import checked
from keel.services.shared.contents import understood
from keel.services.shared.job import Job, Kind, Request
from keel.services.shared.templates import templates
from keel.services.shared.universe import columns
from keel.settings import Model, Settings, load
from keel.sources.llm.model import Tick, unwatched
from keel.store import frameworks
from keel.store.connection import Database
from keel.store.guided import profiles


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


def propose(
    db: Database,
    settings: Settings,
    profile: InvestorProfile,
    beside: Framework | None = None,
    model: Model | None = None,
    tick: Tick = unwatched,
) -> Proposed:
    """The framework proposed for a profile, compared with ``beside``, else with the first template of its risk.

    With a stored framework beside it, the proposal is an edit of it, under its id, version and name. Where ``model``
    does not answer usably, the rules propose, and ``fallback`` says why; what ``tick`` raises ends the question.
    """
    if model is not None:
        try:
            proposal, notes = ask_for_framework(model, profile, tick)
            return _compared(db, settings, profile, proposal, beside, notes)
        except GeneratorError as error:
            by_rules = _compared(db, settings, profile, generator.propose(profile), beside)
            return replace(by_rules, fallback=instead(error))
    return _compared(db, settings, profile, generator.propose(profile), beside)


def judge(
    db: Database, settings: Settings, profile: InvestorProfile, said: object, beside: Framework | None = None
) -> Proposed:
    """What another generator said, by ``proposal.schema``, read as an import and judged as our own proposals are.

    Raises ImportFormatError for what cannot be read at all.
    """
    proposal, notes = read_proposal(said, profile, "another generator")
    return _compared(db, settings, profile, proposal, beside, notes)


def propose_picks(
    db: Database, framework: Framework, model: Model | None = None, tick: Tick = unwatched
) -> ProposedPicks:
    """Products for each bucket of a framework, stored or not, with a reason; by the rules where ``model`` cannot."""
    buckets = rank_in(market_in(framework, columns(db)), understood(framework), USUAL)
    if model is None or not numbered(buckets):
        return picks.best(buckets)
    try:
        return ask_for_picks(model, buckets, tick)
    except GeneratorError as error:
        by_rules = picks.best(buckets)
        return replace(by_rules, notes=(instead(error), *by_rules.notes))


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a model is asked: for whom, beside which stored framework, and whether for products too."""

    profile: InvestorProfile
    beside: Framework | None = None
    products: bool = False


@dataclass(frozen=True, slots=True)
class Answered:
    """What was proposed, with products where they were wanted."""

    proposed: Proposed
    picks: ProposedPicks | None


def by_rules(db: Database, wanted: Wanted) -> Answered:
    """What the rules propose, at once."""
    proposed = propose(db, load(), wanted.profile, wanted.beside)
    return Answered(proposed, propose_picks(db, proposed.proposal.framework) if wanted.products else None)


def find_asked(db: Database, wanted: Wanted) -> Job[Answered] | None:
    """The job that asks the model for this, or has its answer; None where nobody has asked."""
    return jobs.find(db, ASK, _request(wanted))


def ask_model(db: Database, wanted: Wanted) -> Job[Answered]:
    """The model asked, as background work: under way, or asked anew. Raises InputError where no model is set up."""
    generator_of(MODEL)
    return jobs.anew(db, ASK, _request(wanted))


def _request(wanted: Wanted) -> dict[str, object]:
    """A stored profile goes by its version; of another only what the answers and wishes are."""
    profile, beside = wanted.profile, wanted.beside
    stored = {"profile_id": profile.id, "profile_version": profile.version}
    given = {"answers": dict(profile.answers), "wishes": wishes_json(profile.wishes)}
    whose = stored if profile.version else given
    framework = {"framework_id": beside.id, "framework_version": beside.version} if beside else {}
    return {**whose, **framework, "products": wanted.products}


def _wanted(db: Database, request: Request) -> Wanted:
    framework, place = request.get("framework_id"), Place("profile")
    beside = frameworks.get(db, framework, request["framework_version"]) if framework else None
    if "profile_id" in request:
        profile = profiles.get(db, request["profile_id"], request["profile_version"])
    else:
        profile = assessed("", read_answers(request["answers"], place), read_wishes(request["wishes"], place))
    return Wanted(profile, beside, request["products"])


def _run_ask(db: Database, request: Request, job: Job[Answered]) -> Answered:
    wanted, model = _wanted(db, request), generator_of(MODEL)
    proposed = propose(db, load(), wanted.profile, wanted.beside, model, job.require_wanted)
    questions = 1 + wanted.products
    job.passed(1, questions)
    if not wanted.products:
        return Answered(proposed, None)
    picks = propose_picks(db, proposed.proposal.framework, model, job.require_wanted)
    job.passed(2, questions)
    return Answered(proposed, picks)


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


def _result(answered: Answered) -> Mapping[str, object]:
    return document(answered.proposed, answered.picks)


ASK: Kind[Answered] = Kind("proposal", "the question", _run_ask, _result, opening="Asking the model")
JOBS: dict[str, Kind[Any]] = {ASK.name: ASK}
