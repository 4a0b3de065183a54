"""Wide and long rows become the same matrix; complaints count the file's rows."""

from __future__ import annotations

import numpy as np
import pytest

from keel.domain.reading.place import Place
from keel.errors import ImportFormatError
from keel.sources.files.matrix import Measures, long, require_symbols, wide

FILE = Place("p.csv")
DAYS = np.array(["2024-01-02", "2024-01-01"], dtype="datetime64[D]")


def test_wide_rows_are_sorted_by_date() -> None:
    prices = wide(DAYS, ("A",), np.array([[2.0], [1.0]]), [2, 3], FILE)
    assert (prices.dates.astype(str).tolist(), prices.closes.tolist()) == (["2024-01-01", "2024-01-02"], [[1.0], [2.0]])


def test_long_rows_become_columns_in_their_first_order() -> None:
    prices = long(DAYS[[0, 1, 0]], ("B", "B", "A"), Measures(np.array([4.0, 3.0, 2.0])), [2, 3, 4], FILE).prices
    assert prices.symbols == ("B", "A")
    np.testing.assert_array_equal(prices.closes, [[3.0, np.nan], [4.0, 2.0]])


def test_complaints_count_the_rows_of_the_file() -> None:
    with pytest.raises(ImportFormatError, match=r"p\.csv, row 9, column A: a price of zero or less: 0\."):
        wide(DAYS, ("A",), np.array([[2.0], [0.0]]), [7, 9], FILE)
    with pytest.raises(ImportFormatError, match=r"p\.csv, row 9, column date: the date 2024-01-02 is in row 7 already"):
        wide(DAYS[[0, 0]], ("A",), np.array([[2.0], [1.0]]), [7, 9], FILE)
    with pytest.raises(ImportFormatError, match=r"p\.csv, row 9, column B: an infinite price: inf\."):
        long(DAYS, ("A", "B"), Measures(np.array([2.0, np.inf])), [7, 9], FILE)
    with pytest.raises(ImportFormatError, match=r"p\.csv, row 9, column date: A has a price on 2024-01-02 already"):
        long(DAYS[[0, 0]], ("A", "A"), Measures(np.array([2.0, 1.0])), [7, 9], FILE)
    for rows in (np.empty((0, 1)), np.full((2, 1), np.nan)):
        with pytest.raises(ImportFormatError, match="but no prices"):
            wide(DAYS[: len(rows)], ("A",), rows, [7, 9], FILE)


@pytest.mark.parametrize(
    ("header", "words"),
    [
        (("day of", "A"), 'the first column is "day of", it must be date.'),
        (("date",), "there are no price columns beside the date."),
        (("date", "A", ""), "column 3 has no name."),
        (("date", "A", "A"), "the column is there twice."),
    ],
)
def test_a_header_that_cannot_be_used_is_refused(header: tuple[str, ...], words: str) -> None:
    with pytest.raises(ImportFormatError) as caught:
        require_symbols(header, Place("p.csv", 1))
    assert words in caught.value.message
    assert require_symbols(("", "A", "B"), FILE) == ("A", "B")


def test_closes_and_volumes_stand_beside_the_prices() -> None:
    given = Measures(np.array([4.0, 3.0]), np.array([5.0, 4.5]), np.array([100.0, np.nan]))
    file = long(DAYS, ("A", "A"), given, [2, 3], FILE)
    assert file.prices.closes.tolist() == [[3.0], [4.0]]
    assert file.raw is not None
    assert file.raw.tolist() == [[4.5], [5.0]]
    np.testing.assert_array_equal(file.volume, [[np.nan], [100.0]])
    with pytest.raises(ImportFormatError, match=r"row 3, column A: a price of zero or less: 0\."):
        long(DAYS, ("A", "A"), Measures(np.array([4.0, 3.0]), np.array([5.0, 0.0])), [2, 3], FILE)


def test_a_symbol_is_one_line_of_readable_length() -> None:
    with pytest.raises(ImportFormatError, match="the symbol holds a control character"):
        require_symbols(("date", "A\x1b[31m"), Place("p.csv", 1))
    with pytest.raises(ImportFormatError, match="a symbol has more than 1,000 characters"):
        require_symbols(("date", "A" * 1_001), Place("p.csv", 1))
