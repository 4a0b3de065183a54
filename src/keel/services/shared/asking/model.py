"""A model asked for a framework or for products: what it is told, and how what it says is read."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from keel.domain.issue import Finding, errors
from keel.domain.mapping.matching import BucketSuggestions
from keel.domain.profile.record import InvestorProfile
from keel.domain.proposal.brief import FRAMEWORK, PICKS, brief, brief_of_offers, numbered, offers
from keel.domain.proposal.picks import ProposedPicks, read_picks
from keel.domain.proposal.putting import INSTRUCTIONS, Put, Situation, facts, read_put
from keel.domain.proposal.reading import read_proposal
from keel.domain.proposal.records import RULES, Proposal
from keel.domain.proposal.schema import framework_schema, picks_schema, questions_schema
from keel.domain.text import shown
from keel.domain.workflow.definition import Step
from keel.errors import GeneratorError, ImportFormatError, InputError
from keel.settings import Model
from keel.settings import model as model_of_the_settings
from keel.sources.llm.model import Asked, Tick, ask, unwatched

MODEL = "model"
MOST_COMPLAINTS = 5


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


def ask_for_framework(
    model: Model, profile: InvestorProfile, tick: Tick = unwatched
) -> tuple[Proposal, tuple[Finding, ...]]:
    """What the model proposes, without an error in it, and what is worth saying of it. Raises GeneratorError."""

    def read(said: object) -> tuple[Proposal, tuple[Finding, ...]]:
        return read_proposal(said, profile, model.name)

    asked = Asked(FRAMEWORK, brief(profile), framework_schema(), lambda said: _complaint(read, said))
    return read(ask(model, asked, tick))


def ask_for_picks(model: Model, buckets: Sequence[BucketSuggestions], tick: Tick = unwatched) -> ProposedPicks:
    """The products that the model chooses of those offered. Raises GeneratorError."""
    choices = numbered(buckets)

    def read(said: object) -> tuple[ProposedPicks, tuple[Finding, ...]]:
        return read_picks(said, choices, buckets, model.name)

    asked = Asked(PICKS, brief_of_offers(choices), picks_schema(offers(choices)), lambda said: _complaint(read, said))
    return read(ask(model, asked, tick))[0]


def ask_for_questions(
    model: Model, step: Step, puts: Sequence[Put], situation: Situation, tick: Tick = unwatched
) -> tuple[Put, ...]:
    """The questions of a step as the model puts them. Raises GeneratorError."""

    def read(said: object) -> tuple[tuple[Put, ...], tuple[Finding, ...]]:
        return read_put(said, step, puts, model.name)

    schema = questions_schema({p.id: p.choices for p in puts if p.id in step.put_by_generator})
    asked = Asked(INSTRUCTIONS, facts(step, puts, situation), schema, lambda said: _complaint(read, said))
    return read(ask(model, asked, tick))[0]


def instead(error: GeneratorError) -> str:
    """Why it is the rules that propose, in two sentences."""
    return f"{error.message} The rules propose instead."


def _complaint(read: Callable[[object], tuple[object, tuple[Finding, ...]]], said: object) -> str:
    """What is wrong with an answer, as the model is told it; empty for nothing."""
    try:
        return " ".join(f"{finding.message} {finding.fix}" for finding in errors(read(said)[1])[:MOST_COMPLAINTS])
    except ImportFormatError as error:
        return f"{error.message} {error.hint}"
