"""What a split is asked within, and what it says."""

from __future__ import annotations

from datetime import date

import pytest

from keel.domain.portfolio.split import (
    Method,
    Part,
    Split,
    read_bounds,
    read_method,
    split_json,
)
from keel.domain.reading.place import Place
from keel.errors import ImportFormatError, InputError

HERE = Place("it")


def test_bounds_are_pairs_of_shares_and_a_method_has_a_name() -> None:
    assert read_bounds({"VT": [0, "40%"]}, HERE) == {"VT": (0.0, 0.4)}
    assert read_method("hrp", HERE) is Method.hrp
    for wrong in ({"VT": [0.5]}, {"VT": [0.5, 0.2]}, {"VT": [0, 1.5]}):
        with pytest.raises(InputError, match="VT: is a least and a most share"):
            read_bounds(wrong, HERE)
    for odd in ("best", None, 3):
        with pytest.raises(ImportFormatError, match="must be one of equal"):
            read_method(odd, HERE)


def test_a_split_says_its_reasons() -> None:
    parts = (Part("A", 0.25, 0.2, 0.5), Part("B", 0.75, 0.1, 0.5))
    split = Split(
        "P/X", Method.risk_parity, parts, 0.12, date(2008, 1, 31), date(2016, 6, 30), 102, "monthly", ("So.",)
    )
    assert split.reasons == (
        "Equal risk: every product contributes the same risk.",
        "Measured on 102 monthly closes, Jan 2008 – Jun 2016; together they varied by 12.0% a year.",
        "So.",
    )
    document = split_json(split)
    assert document["parts"][0] == {"symbol": "A", "share": 0.25, "volatility": 0.2, "risk": 0.5}  # type: ignore[index]
    assert document["reasons"] == list(split.reasons)
