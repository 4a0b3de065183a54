"""The prices of a pick, suggested or chosen by hand."""

from __future__ import annotations

from tests.ui.mapping.desks import desk

from keel.domain.framework.records import Bucket, Framework
from keel.domain.mapping.matching import rank
from keel.domain.mapping.universe import Priced
from keel.domain.market.instrument import Instrument, InstrumentType
from keel.domain.portfolio.records import Pick


def test_a_suggestion_comes_before_what_was_chosen_by_hand_and_a_lost_product_has_none() -> None:
    (bucket,) = rank(Framework("F", (Bucket("A/B", "B", 1.0),)), [Instrument("1", "VT", "", InstrumentType.etf)], [])
    by_hand = Priced(True, "Own prices.", ())
    on = desk(priced={"2": by_hand})
    assert on.prices(bucket, Pick("A/B", "1", "VT", 1.0)) is bucket.suggestions[0]
    assert on.prices(bucket, Pick("A/B", "2", "SPY", 1.0)) is by_hand
    assert on.prices(bucket, Pick("A/B", "3", "GONE", 1.0)) is None
