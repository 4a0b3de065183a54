"""CSV text that comes back as it was, and that no spreadsheet takes for anything else."""

from __future__ import annotations

import csv
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keel.domain.exchange.csv_text import csv_text
from keel.domain.exchange.formula_guard import unguarded

FORMULA = re.compile(r"[\s'\"]*[=+\-@]")
HOSTILE = st.text(st.sampled_from("a1 =+-@;,'\"\t\r\n|"), max_size=12)


def table(text: str, separator: str = ",") -> list[list[str]]:
    return [*csv.reader(io.StringIO(text, newline=""), delimiter=separator)]


@pytest.mark.parametrize("cell", ["a,b", "a;b", "a\rb", "a\nb", 'a"b', " a", "a\t"])
def test_text_that_a_reader_could_split_stands_in_quotes(cell: str) -> None:
    assert csv_text(["x", cell], []).startswith('x,"')
    assert table(csv_text(["x", cell], [])) == [["x", cell]]


def test_numbers_stay_numbers_and_nothing_is_empty() -> None:
    assert csv_text(["a", "b", "c"], [[-0.1, 3, None]]) == "a,b,c\n-0.1,3,\n"


@given(st.lists(HOSTILE, min_size=2, max_size=4), HOSTILE)
def test_every_cell_comes_back(cells: list[str], name: str) -> None:
    text = csv_text(["x", *cells], [[1, *cells]], {"policies": name})
    header, row = table(text.split("\n", 1)[1])
    assert [unguarded(cell) for cell in header[1:]] == cells
    assert [unguarded(cell) for cell in row[1:]] == cells


@given(st.lists(HOSTILE, min_size=2, max_size=4), HOSTILE)
def test_no_cell_is_a_formula_whether_split_at_commas_or_semicolons(cells: list[str], name: str) -> None:
    text = csv_text(["x", *cells], [["y", *cells]], {"policies": name, "notes": f"a,=1 {name}"})
    for separator in ",;":
        for row in table(text, separator):
            assert not [cell for cell in row if FORMULA.match(cell) and not cell.startswith("'")], (separator, row)


def test_what_it_rests_on_stands_at_the_top_a_line_each() -> None:
    text = csv_text(["a"], [], {"notice": "Not\nadvice.", "cost": "10 bps"})
    assert text == "# Not advice.\n# cost: 10 bps\na\n"
