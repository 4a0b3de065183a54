"""How the best product of each bucket, or those it names, would meet the limits together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from keel.domain.constraints.evaluation import Verdict, evaluate_all
from keel.domain.constraints.exposures import of_picks
from keel.domain.constraints.types import Stage
from keel.domain.framework.records import Framework
from keel.domain.framework.tree import leaves
from keel.domain.mapping.matching import BucketSuggestions
from keel.domain.market.instrument import Instrument


def verdicts(
    framework: Framework, buckets: Sequence[BucketSuggestions], universe: Iterable[Instrument] = ()
) -> tuple[Verdict, ...]:
    """The verdicts on the first suggestion of each bucket that has prices, or on the products of a ``universe`` that a
    bucket names instead; other buckets stay in cash.
    """
    best = {b.path: [(b.suggestions[0].instrument, 1.0)] for b in buckets if b.suggestions and b.suggestions[0].usable}
    own = {leaf.path: leaf.holdings for leaf in leaves(framework) if leaf.holdings}
    wanted = {holding.symbol for held in own.values() for holding in held}
    known = {product.symbol: product for product in universe if product.symbol in wanted}
    named = {path: [(known[h.symbol], h.share) for h in held if h.symbol in known] for path, held in own.items()}
    return evaluate_all(framework, of_picks(framework, best | named), Stage.mapping)
