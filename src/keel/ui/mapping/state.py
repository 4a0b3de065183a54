"""Choices not yet accepted: between reruns in the session, between sessions a draft. Accepted, they are a portfolio."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from keel import units
from keel.domain.framework.groups import alone
from keel.domain.framework.rules import Rules
from keel.domain.framework.tree import leaves
from keel.domain.mapping.matching import BucketSuggestions
from keel.domain.mapping.remedies import Remedy
from keel.domain.mapping.universe import Priced
from keel.domain.market.availability import describe
from keel.domain.market.choice import Basis
from keel.domain.portfolio.records import Pick, Portfolio
from keel.domain.portfolio.score_weights import USUAL, ScoreWeights
from keel.domain.study.question import Question
from keel.errors import KeelError
from keel.services import fill, mapping
from keel.services.fill import Asked
from keel.services.market import catalogue
from keel.services.shared.contents import understood
from keel.services.shared.memory import recall
from keel.services.work import drafts
from keel.services.work.drafts import Asking, Choosing
from keel.ui.frame import session
from keel.ui.frame.findings import listed, shortened
from keel.ui.mapping import draft as mapping_draft
from keel.ui.mapping.desk import Desk
from keel.ui.mapping.row import turn

if TYPE_CHECKING:
    from keel.domain.framework.records import Framework
    from keel.domain.market.instrument import Instrument
    from keel.store.connection import Database

OF, CHOICES, ACCEPTED, NOTICE = "mapping-of", "mapping-choices", "mapping-accepted", "mapping-notice"
DATASET, KEPT = "mapping-dataset", "mapping-kept"
WEIGHTS, FILTERS = "mapping-weights", "mapping-filters"


def portfolio(db: Database, framework: Framework, portfolio_id: str) -> Portfolio | None:
    """The accepted mapping of this framework version: the one in the link, else the latest, else None."""
    if portfolio_id:
        found = mapping.get_portfolio(db, portfolio_id)
        if (found.framework_id, found.framework_version) == (framework.id, framework.version):
            return found
    return mapping.latest_portfolio(db, framework.id, framework.version)


def resume(db: Database, framework: Framework, now: Portfolio | None) -> None:
    """Goes on with what was chosen for this version, in this session or another, and keeps what has changed."""
    state = st.session_state
    if state.get(OF) != _of(framework, now):
        _restore(db, framework, now)
    choosing = Choosing(state[CHOICES], state[ACCEPTED], state.get(DATASET, ""), state[WEIGHTS], state[FILTERS])
    if state.get(KEPT) != choosing:
        drafts.keep_picks(db, framework, choosing)
        state[KEPT] = choosing


def _restore(db: Database, framework: Framework, now: Portfolio | None) -> None:
    state, last, known = st.session_state, drafts.picks(db, framework), _universe(db)
    choices = {path: picks for path, picks in last.picks.items() if all(p.instrument_id in known for p in picks)}
    state[OF], state[CHOICES], state[ACCEPTED] = _of(framework, now), choices, last.accepted
    state[WEIGHTS], state[FILTERS] = last.weights, last.filters
    if last.dataset in _datasets(db, framework):
        state[DATASET] = last.dataset
    state[KEPT] = Choosing(choices, last.accepted, state.get(DATASET, ""), last.weights, last.filters)


def discard() -> None:
    """Forgets what was chosen and not accepted, and other weights; the choice of prices and the filters stay."""
    st.session_state[CHOICES], st.session_state[ACCEPTED], st.session_state[WEIGHTS] = {}, frozenset(), None


def weights(now: Portfolio | None) -> ScoreWeights:
    """What counts in the score: as set here, else as for the portfolio."""
    chosen: ScoreWeights | None = st.session_state[WEIGHTS]
    return chosen or (now.weights if now is not None else USUAL)


def ask(weights: ScoreWeights, filters: Rules) -> None:
    """Ranks and narrows products by these from now on."""
    st.session_state[WEIGHTS], st.session_state[FILTERS] = weights, filters


def currencies(db: Database) -> tuple[str, ...]:
    """The currencies there are products in."""
    return recall(db, "currencies", lambda: tuple(sorted({i.currency for i in _universe(db).values() if i.currency})))


def filters() -> Rules:
    """What narrows every bucket."""
    narrowed: Rules = st.session_state[FILTERS]
    return narrowed


def suggestions(db: Database, framework: Framework, now: Portfolio | None) -> tuple[BucketSuggestions, ...]:
    """The products for each leaf, from the prices, by the weights and within the filters chosen on the page."""
    dataset, weighed, narrowed = st.session_state.get(DATASET, ""), weights(now), filters()
    question = ("suggestions", framework.id, framework.version, dataset, weighed, narrowed, db.revision("instruments"))
    return recall(db, question, lambda: mapping.suggest(db, framework, narrowed, dataset=dataset, weights=weighed))


def _universe(db: Database) -> dict[str, Instrument]:
    """Every product and series by id, in the order of symbols."""
    return recall(db, "universe", lambda: {i.id: i for i in sorted(catalogue.universe(db), key=lambda i: i.symbol)})


def _datasets(db: Database, framework: Framework) -> dict[str, str]:
    """The price sets in words, with how many buckets each serves, best first."""

    def words() -> dict[str, str]:
        fits = mapping.datasets(db, framework)
        covers = "{}: prices for {} of {} buckets".format
        return {f.span.dataset: covers(describe(f.span).capitalize(), f.covers, f.leaves) for f in fits}

    return recall(db, ("datasets", framework.id, framework.version), words)


def question(db: Database, framework: Framework, now: Portfolio | None) -> Question:
    """What a backtest of these products will be asked: as last asked of the portfolio, on the prices chosen here."""
    newest = now or mapping.latest_portfolio(db, framework.id)
    last = drafts.question(db, newest) if newest is not None else None
    asked = last.question if last is not None else Question("")
    return replace(asked, dataset=st.session_state.get(DATASET, "") or asked.dataset)


def tested(db: Database, framework: Framework, now: Portfolio | None, desk: Desk) -> str:
    """What a backtest of the draft will rest on, or why there is none."""
    if not mapping_draft.filled(desk.draft):
        return ""
    asked = question(db, framework, now)
    picks = tuple(sorted(desk.draft.items()))
    try:
        on = recall(db, ("tested", framework, picks, asked), lambda: mapping.tested(db, framework, desk.draft, asked))
    except KeelError as error:
        return f"A backtest of these has no result: {error.message}"
    proxied = f", {on.proxied} of {on.products} through a proxy" if on.proxied else ""
    return f"Tested on {units.span(on.first, on.last)}, {on.frequency}, {on.prices}{proxied}"


def _priced(
    db: Database, framework: Framework, buckets: Sequence[BucketSuggestions], draft: mapping_draft.Draft
) -> Mapping[str, Priced]:
    """The prices of what was chosen by hand, which is not among a bucket's suggestions."""
    known = {s.instrument.id for bucket in buckets for s in bucket.suggestions}
    own = frozenset(pick.instrument_id for picks in draft.values() for pick in picks) - known
    dataset = next((bucket.dataset for bucket in buckets), "")
    basis = Basis(dataset, named=bool(st.session_state.get(DATASET)))
    key = ("priced", framework.id, framework.version, basis, own)
    return recall(db, key, lambda: mapping.priced(db, framework, own, basis))


def desk(db: Database, framework: Framework, now: Portfolio | None, buckets: Sequence[BucketSuggestions]) -> Desk:
    """What the rows work on."""
    state = st.session_state
    universe = _universe(db)
    start = mapping_draft.first(buckets, now, mapping.carried(db, framework), _held(framework, universe))
    known = {bucket.path for bucket in buckets}
    chosen = {path: picks for path, picks in state[CHOICES].items() if path in known}
    untouched = frozenset(known - set(chosen)) if now is not None else frozenset()
    return Desk(
        universe=universe,
        draft=start | chosen,
        priced=_priced(db, framework, buckets, start | chosen),
        accepted=state[ACCEPTED] | untouched,
        saved=frozenset(path for path in known if mapping_draft.held(start | chosen, now, path)),
        choose=_choose,
        accept=_accept,
        datasets=_datasets(db, framework),
        alone=alone(
            understood(framework), {path: [p.symbol for p in picks] for path, picks in (start | chosen).items()}
        ),
        unknown=_unknown(framework, universe),
        fill=lambda path, method, bounds: fill.ask_fill(
            db, framework, Asked(method, tuple(bounds), bounds, path, dataset=state.get(DATASET, ""))
        ),
        remedy=lambda remedy: _remedy(db, framework, now, remedy),
    )


def _held(framework: Framework, universe: dict[str, Instrument]) -> dict[str, list[tuple[Instrument, float]]]:
    """The holdings that the framework itself names, as instruments; none for a bucket that names an unknown one."""
    by_symbol = {i.symbol: i for i in universe.values()}
    unknown = _unknown(framework, universe)
    return {
        leaf.path: [] if leaf.path in unknown else [(by_symbol[h.symbol], h.share) for h in leaf.holdings]
        for leaf in leaves(framework)
        if leaf.holdings
    }


def _unknown(framework: Framework, universe: dict[str, Instrument]) -> dict[str, str]:
    """A sentence for each bucket that names a product which is not known here: nothing is put in its place."""
    known = {i.symbol for i in universe.values()}
    lacking = {leaf.path: [h.symbol for h in leaf.holdings if h.symbol not in known] for leaf in leaves(framework)}
    words = "{} came with the framework and {} not known here. Nothing takes the place by itself: choose a product."
    return {
        path: words.format(listed(shortened(s)), "is" if len(s) == 1 else "are") for path, s in lacking.items() if s
    }


def _choose(path: str, picks: tuple[Pick, ...]) -> None:
    turn(path, True)  # what a choice does is seen where it was made
    st.session_state[CHOICES] = {**st.session_state[CHOICES], path: picks}
    st.session_state[ACCEPTED] = st.session_state[ACCEPTED] - {path}


def _accept(path: str) -> None:
    st.session_state[ACCEPTED] = st.session_state[ACCEPTED] | {path}


def _remedy(db: Database, framework: Framework, now: Portfolio | None, remedy: Remedy) -> None:
    """Chooses other prices, or asks less in a new framework version. Choices made so far stay."""
    state = st.session_state
    if remedy.dataset:
        state[DATASET] = remedy.dataset
        return
    widened = mapping.widen(db, framework, remedy)
    if now is not None:
        held = {pick.path: tuple(p for p in now.picks if p.path == pick.path) for pick in now.picks}
        state[CHOICES] = held | state[CHOICES]
    state[OF], state[KEPT] = _of(widened, None), None
    state[NOTICE] = f"Saved as version {widened.version}: {remedy.label[:1].lower()}{remedy.label[1:]}."
    session.put(session.forward(version=widened.version, portfolio="", run=""))


def unsaved(desk: Desk, now: Portfolio | None) -> bool:
    """True when choices were made that are not in the portfolio."""
    reweighed = now is not None and weights(now) != now.weights
    touched = bool(st.session_state[CHOICES] or st.session_state[ACCEPTED])
    return reweighed or (touched and not mapping_draft.same(desk.draft, now))


def notice() -> str:
    """What the last remedy did, said once."""
    return str(st.session_state.pop(NOTICE, ""))


def _of(framework: Framework, now: Portfolio | None) -> tuple[str, str, int]:
    """What choices are made for."""
    return (framework.id, now.id, now.version) if now is not None else (framework.id, "", 0)


def keep(db: Database, framework: Framework, now: Portfolio | None, draft: mapping_draft.Draft) -> Portfolio:
    """The portfolio of the draft: the one there is when nothing changed, else its next version, else a new one."""
    weighed = weights(now)
    if now is not None and mapping_draft.same(draft, now) and weighed == now.weights:
        portfolio = now
    else:
        before = now or mapping.latest_portfolio(db, framework.id)
        newest = mapping.get_portfolio(db, before.id) if before is not None else None
        picks = {path: picks for path, picks in draft.items() if picks}
        name = newest.name if newest is not None else framework.name
        portfolio = mapping.accept(db, framework.id, framework.version, picks, name=name, began=newest, weights=weighed)
    dataset = st.session_state.get(DATASET, "")
    last = drafts.question(db, portfolio)
    if dataset and last is not None and last.question.dataset != dataset:
        drafts.keep_question(db, Asking(replace(last.question, dataset=dataset), "", answered=False))
    drafts.keep_picks(db, framework, Choosing(dataset=dataset, filters=filters()))
    discard()
    return portfolio
