"""How the best product of each bucket would meet the limits together."""

from __future__ import annotations

from collections.abc import Sequence

from keel.domain.constraints.evaluation import Verdict, evaluate_all
from keel.domain.constraints.exposures import of_picks
from keel.domain.constraints.types import Stage
from keel.domain.framework.records import Framework
from keel.domain.mapping.matching import BucketSuggestions


def verdicts(framework: Framework, buckets: Sequence[BucketSuggestions]) -> tuple[Verdict, ...]:
    """The verdicts on the first suggestion of each bucket that has prices; other buckets stay in cash."""
    best = {b.path: [(b.suggestions[0].instrument, 1.0)] for b in buckets if b.suggestions and b.suggestions[0].usable}
    return evaluate_all(framework, of_picks(framework, best), Stage.mapping)
