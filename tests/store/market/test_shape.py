"""Cells as prices in the words of the database: names of a file are never part of a question as they stand."""

from __future__ import annotations

from dataclasses import replace

import duckdb
import pytest

from keel.domain.reading.day import DayForm
from keel.domain.reading.place import Place
from keel.store.market.shape import Shape, number, price_columns, quoted, readable

WIDE = Shape(Place("p.csv"), ",", 1, ("A'; drop table x; --", "B"), "2020-01-31", ("date", "A'; drop table x; --", "B"))


def test_a_number_of_a_cell_is_none_for_text() -> None:
    assert [number(text) for text in ("1.5", "1_0", "x", "nan", None)] == [1.5, None, None, None, None]


def test_names_are_quoted() -> None:
    assert quoted("O'B") == "'O''B'"
    assert duckdb.sql(f"select {quoted(WIDE.symbols[0])}").fetchall() == [(WIDE.symbols[0],)]


@pytest.mark.parametrize(
    ("form", "example", "day"),
    [
        (DayForm.year_first, "2020-01-31", "2020-01-31"),
        (DayForm.year_first, "2020.01.31", "2020-01-31"),
        (DayForm.year_first, "20200131", "2020-01-31"),
        (DayForm.day_first, "31/01/2020", "2020-01-31"),
        (DayForm.month_first, "1-31-2020", "2020-01-31"),
        (DayForm.serial, "43861", "2020-01-31"),
    ],
)
def test_days_of_every_form_are_read(tmp_path, form: DayForm, example: str, day: str) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "p.csv"
    path.write_text(f"date,A,B\n{example},1,2\n")
    shape = replace(WIDE, first_date=example, form=form)
    with duckdb.connect() as cursor:
        rows = cursor.execute(
            f"select symbol, day::varchar, adjusted_close, is_bad from ({price_columns(shape)}) order by 3",
            {"given": str(path)},
        ).fetchall()
        assert readable(cursor, {"given": str(path)}, replace(WIDE, first_date=example)).form is form
    assert rows == [(WIDE.symbols[0], day, 1.0, False), ("B", day, 2.0, False)]
