"""Every issue of a framework, judged with the products there are."""

from __future__ import annotations

from keel.domain.framework.records import Framework
from keel.domain.framework.tree import leaf_rules, leaves
from keel.domain.framework.validation import check as issues_of
from keel.domain.issue import Finding
from keel.domain.mapping import named
from keel.domain.mapping.universe import market_in
from keel.services.shared.contents import understood
from keel.services.shared.universe import columns
from keel.store import instruments
from keel.store.connection import Database


def checked(db: Database, framework: Framework) -> tuple[Finding, ...]:
    """Every issue of a framework, stored or not, with those that need products: unknown tags, gaps, short histories."""
    universe, given, framework = instruments.universe(db), framework, understood(framework)
    if not universe:
        return issues_of(framework)
    market = market_in(framework, columns(db))
    held = {h.symbol for leaf in leaves(framework) for h in leaf.holdings}
    years = {i.symbol: found for i in universe if i.symbol in held and (found := market.years(i)) is not None}
    eligible = {path: int(market.passing(rules).sum()) for path, rules in leaf_rules(framework).items()}
    judged = issues_of(framework, known_tags=frozenset(market.columns.tags), eligible=eligible, history_years=years)
    return (*judged, *named.issues(given, market))
