"""The prices of a pick, suggested or chosen by hand."""

from __future__ import annotations

from keel.domain.framework.records import Bucket, Framework
from keel.domain.mapping.matching import rank
from keel.domain.mapping.universe import Priced
from keel.domain.market.instrument import Instrument, InstrumentType
from keel.domain.portfolio.records import Pick
from keel.ui.mapping.desk import Desk


def test_a_suggestion_comes_before_what_was_chosen_by_hand_and_a_lost_product_has_none() -> None:
    (bucket,) = rank(Framework("F", (Bucket("A/B", "B", 1.0),)), [Instrument("1", "VT", "", InstrumentType.etf)], [])
    by_hand = Priced(True, "Own prices.", ())
    desk = Desk(
        universe={},
        draft={},
        accepted=frozenset(),
        saved=frozenset(),
        choose=lambda path, picks: None,
        accept=lambda path: None,
        remedy=lambda remedy: None,
        datasets={},
        unknown={},
        alone={},
        priced={"2": by_hand},
        fill=lambda path, method, symbols: None,
    )
    assert desk.prices(bucket, Pick("A/B", "1", "VT", 1.0)) is bucket.suggestions[0]
    assert desk.prices(bucket, Pick("A/B", "2", "SPY", 1.0)) is by_hand
    assert desk.prices(bucket, Pick("A/B", "3", "GONE", 1.0)) is None
