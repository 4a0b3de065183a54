"""Products for buckets: the best score, or what a generator takes of what is offered, and nothing else."""

from __future__ import annotations

from keel.domain.mapping.matching import BucketSuggestions, Suggestion
from keel.domain.market.instrument import Instrument, InstrumentType
from keel.domain.proposal.picks import best, picks_json
from keel.domain.reading.place import Place

HERE = Place("the proposal")


def fund(symbol: str, *, usable: bool = True) -> Suggestion:
    parts = {"cost": 0.9, "liquidity": 0.2, "history": None, "fit": 1.0, "size": 0.4}
    instrument = Instrument(f"us-{symbol}", symbol, symbol, InstrumentType.etf, expense_ratio=0.0007)
    return Suggestion(instrument, 0.7, parts, (), (), usable, "")


def bucket(path: str, *funds: Suggestion) -> BucketSuggestions:
    return BucketSuggestions(path, path.rpartition("/")[2], 0.5, 3, {}, {}, funds, (), ())


BUCKETS = (bucket("A/Stocks", fund("OLD", usable=False), fund("VT"), fund("SPY")), bucket("A/Gold"))


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
