"""The prices of a pick, suggested or chosen by hand."""

from __future__ import annotations

from dataclasses import replace

from tests.ui.mapping.desks import desk

from keel.domain.framework.records import Bucket, Framework
from keel.domain.issue import Finding, Severity
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


def test_a_bucket_with_a_product_of_its_own_is_not_said_to_stay_in_cash() -> None:
    none = Finding("nothing_eligible", Severity.warning, "", "Cash.")
    short = Finding("short_history", Severity.warning, "", "Short.")
    (bucket,) = rank(Framework("F", (Bucket("A/B", "B", 1.0),)), [], [])
    lacking = replace(bucket, gaps=(none, short))
    on = desk(draft={"A/B": (Pick("A/B", "1", "VT", 1.0),)}, alone={"A/B": "Alone."})
    assert on.notes(lacking) == ("Short.", "Alone.")
    assert desk().notes(lacking) == ()  # its row says that it stays in cash
