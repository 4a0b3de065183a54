"""What all rows of the mapping page work on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from keel.domain.mapping.matching import BucketSuggestions, Suggestion
from keel.domain.mapping.remedies import Remedy
from keel.domain.mapping.universe import Priced
from keel.domain.market.instrument import Instrument
from keel.domain.portfolio.records import Pick
from keel.ui.mapping.draft import Draft
from keel.ui.mapping.filling import Ask

OF_PICKS = ("short_history", "too_large_alone")  # gaps that a bucket with a product has too
Choose = Callable[[str, tuple[Pick, ...]], None]


@dataclass(frozen=True, slots=True)
class Desk:
    """What the rows share: all products by id, the draft, what is accepted and stored, and what a choice calls.

    ``alone`` has a sentence for each bucket in which one product stands for a group, ``priced`` the prices of what was
    chosen by hand, by id.
    """

    universe: Mapping[str, Instrument]
    draft: Draft
    accepted: frozenset[str]
    saved: frozenset[str]
    choose: Choose
    accept: Callable[[str], None]
    remedy: Callable[[Remedy], None]
    datasets: Mapping[str, str]
    unknown: Mapping[str, str]
    alone: Mapping[str, str]
    priced: Mapping[str, Priced]
    fill: Ask

    def prices(self, bucket: BucketSuggestions, pick: Pick) -> Suggestion | Priced | None:
        """What prices a pick has, suggested or chosen by hand; None for one that is not known any more."""
        suggested = (s for s in bucket.suggestions if s.instrument.id == pick.instrument_id)
        return next(suggested, None) or self.priced.get(pick.instrument_id)

    def notes(self, bucket: BucketSuggestions) -> tuple[str, ...]:
        """What is to be said of the picks there are: what a bucket without a product lacks is none of it."""
        gaps = [gap.message for gap in bucket.gaps if gap.code in OF_PICKS and self.draft.get(bucket.path)]
        return (*gaps, *filter(None, [self.alone.get(bucket.path)]))
