"""Commas in numbers: decimal where the whole file says so, refused where they may be anything."""

from __future__ import annotations

import pytest

from keel.domain.reading.place import Place
from keel.errors import ImportFormatError
from keel.sources.files.decimals import Decimals

HERE = Place("p.csv", 3, "A")


def seen(*cells: str) -> Decimals:
    decimals = Decimals(True)
    for cell in cells:
        decimals.see(cell, HERE)
    decimals.require_clear(HERE)
    return decimals


@pytest.mark.parametrize("cells", [("1,5", "20"), ("1,250", "1,5"), ("101,250", "99,125"), ("1.5", "20"), ()])
def test_numbers_of_one_kind_are_clear(cells: tuple[str, ...]) -> None:
    assert seen(*cells).comma


def test_a_comma_and_a_point_do_not_go_together() -> None:
    for cells in (("1,5", "1.5"), ("1.5", "1,5")):
        with pytest.raises(ImportFormatError, match="column A: some numbers have a decimal comma, others a point"):
            seen(*cells)


def test_a_comma_before_three_digits_may_mean_thousands() -> None:
    with pytest.raises(ImportFormatError, match="1,234 may be a thousand and more here"):
        seen("1,234", "999")
