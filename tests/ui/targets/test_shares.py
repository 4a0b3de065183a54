"""Typed shares of the products of a bucket."""

from __future__ import annotations

import math
from typing import Any

import pytest

from keel.errors import InputError
from keel.ui.targets.shares import read_shares


def typed(*rows: tuple[Any, Any]) -> list[dict[str, Any]]:
    return [{"Product": symbol, "Share, %": share} for symbol, share in rows]


def test_what_rounding_leaves_goes_to_the_largest() -> None:
    found = read_shares(typed(("VTI", 33.33), ("VXUS", 33.34), ("BND", 33.32)))
    assert sum(found.values()) == pytest.approx(1.0, abs=1e-12)
    assert found["VXUS"] == pytest.approx(0.3335)
    assert sum(read_shares(typed(("VTI", 60.0), ("BND", 30.0))).values()) == pytest.approx(0.9)


def test_an_empty_table_names_nothing() -> None:
    assert read_shares([]) == {}


@pytest.mark.parametrize("row", [("", 10.0), (None, 10.0), ("VTI", None), ("VTI", math.nan)])
def test_half_a_row_is_refused(row: tuple[Any, Any]) -> None:
    with pytest.raises(InputError, match="symbol and a share"):
        read_shares(typed(row))


def test_a_symbol_twice_is_refused() -> None:
    with pytest.raises(InputError, match="VTI comes twice"):
        read_shares(typed(("VTI", 50.0), ("vti", 50.0)))
