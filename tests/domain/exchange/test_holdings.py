"""The products of a bucket, read from a file."""

from __future__ import annotations

import pytest

from keel.domain.exchange.holdings import read_holdings
from keel.domain.framework.records import Holding
from keel.domain.reading.place import Place
from keel.errors import ImportFormatError

HERE = Place("mix.json", column="holdings")


def test_products_have_shares_and_a_single_one_is_all() -> None:
    both = [{"symbol": "VTI", "share": "60%"}, {"symbol": "BND", "share": 0.4}]
    assert read_holdings(both, HERE) == ((Holding("VTI", 0.6), Holding("BND", 0.4)), ())
    assert read_holdings([{"symbol": "VTI"}], HERE) == ((Holding("VTI", 1.0),), ())
    assert read_holdings([], HERE) == ((), ())


def test_what_means_nothing_is_noted_with_its_place() -> None:
    _, (note,) = read_holdings([{"symbol": "VTI", "colour": "red"}], HERE)
    assert (note.code, note.subject) == ("unknown_field", "holdings[0].colour")


@pytest.mark.parametrize(
    ("value", "field"),
    [
        ({"VTI": 1}, "holdings"),
        (["VTI"], "holdings[0]"),
        ([{"symbol": " "}], "holdings[0].symbol"),
        ([{"symbol": "VTI"}, {"symbol": "BND"}], "holdings[0].share"),
    ],
)
def test_what_cannot_be_read_names_its_field(value: object, field: str) -> None:
    with pytest.raises(ImportFormatError) as caught:
        read_holdings(value, HERE)
    assert caught.value.column == field


def test_a_bucket_has_a_limit() -> None:
    with pytest.raises(ImportFormatError, match="it has more than 1,000 products"):
        read_holdings([{"symbol": "VTI", "share": 0}] * 1_001, Place("mix.json"))
