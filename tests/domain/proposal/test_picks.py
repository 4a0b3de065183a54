"""Products for buckets: the best score, or what a generator takes of what is offered, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from keel.domain.issue import errors
from keel.domain.mapping.matching import BucketSuggestions, Suggestion
from keel.domain.market.instrument import Instrument, InstrumentType
from keel.domain.proposal.picks import best, picks_json, read_picks
from keel.errors import ImportFormatError


def fund(symbol: str, *, usable: bool = True) -> Suggestion:
    parts = {"cost": 0.9, "liquidity": 0.2, "history": None, "fit": 1.0, "size": 0.4}
    instrument = Instrument(f"us-{symbol}", symbol, symbol, InstrumentType.etf, expense_ratio=0.0007)
    return Suggestion(instrument, 0.7, parts, (), (), usable, "")


def bucket(path: str, *funds: Suggestion) -> BucketSuggestions:
    return BucketSuggestions(path, path.rpartition("/")[2], 0.5, 3, {}, {}, funds, (), ())


BUCKETS = (bucket("A/Stocks", fund("OLD", usable=False), fund("VT"), fund("SPY")), bucket("A/Gold"))
CHOICES = {"bucket_1": BUCKETS[0]}


def said(*products: tuple[str, float], bucket: str = "bucket_1") -> dict[str, Any]:
    chosen = [{"symbol": symbol, "share": share} for symbol, share in products]
    return {"picks": [{"bucket": bucket, "products": chosen, "reason": "Broad."}]}


def test_the_best_usable_product_with_what_speaks_for_it() -> None:
    assert picks_json(best(BUCKETS)) == {
        "source": "rules",
        "picks": [
            {
                "path": "A/Stocks",
                "products": [{"symbol": "VT", "share": 1.0}],
                "reason": "The best score: close to what the bucket asks, cheap. It costs 0.07% a year.",
            }
        ],
        "notes": ["Gold stays in cash: no product with prices fits."],
    }


def test_what_is_offered_may_be_taken_in_shares_that_sum_to_1() -> None:
    proposed, findings = read_picks(said(("VT", 0.6), ("SPY", 0.4)), CHOICES, BUCKETS, "a model")
    assert findings == ()
    assert [(pick.symbol, pick.share) for pick in proposed.picks["A/Stocks"]] == [("VT", 0.6), ("SPY", 0.4)]
    for wrong, code in ((said(("VT", 0.6)), "shares"), (said(("VT", 0.5), ("VT", 0.5)), "named_twice")):
        assert [f.code for f in errors(read_picks(wrong, CHOICES, BUCKETS, "a model")[1])] == [code]


@pytest.mark.parametrize(
    "wrong",
    [
        said(("OLD", 1.0)),
        said(("BUY-ME", 1.0)),
        said(("VT", 1.0), bucket="bucket_2"),
        {"picks": [{}] * 9},
        [],
        {"picks": 1},
    ],
)
def test_what_is_not_offered_is_refused(wrong: Any) -> None:
    with pytest.raises(ImportFormatError, match="the proposal"):
        read_picks(wrong, CHOICES, BUCKETS, "a model")
