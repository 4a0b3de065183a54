"""Every formula comes to what Keel says, computed by other means from the cells it names."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest
from tests.pack.materials import FRAMEWORK, held, material, planned

from keel.backtest.metrics import table as metrics
from keel.domain.market.choice import Source
from keel.domain.market.instrument import Instrument, InstrumentType
from keel.pack.workbook.cells import Formula, Number, Sheet, column
from keel.pack.workbook.sheets import sheets

CELL = re.compile(r"(?:(\w+)!)?\$?([A-Z]+)\$?(\d+)(?::([A-Z]+)(\d+))?")


def computed(formula: str, of: str, books: dict[str, Sheet]) -> float:
    """The formula computed in Python, from the cells as they were given."""

    def cell(name: str, letters: str, row: int) -> float:
        lines = books[name].lines
        place = next(x for x in range(60) if column(x) == letters)
        found = lines[row - 1].cells[place]
        if isinstance(found, Formula):
            return computed(found.formula, name, books)
        assert isinstance(found, Number), (name, letters, row)
        value = found.value
        return float(value.toordinal()) if isinstance(value, date) else float(value or 0.0)

    def number(match: re.Match[str]) -> str:
        name, first, row, last, end = match.groups()
        rows = range(int(row), int(end or row) + 1)
        assert last in (None, first)
        return ", ".join(repr(cell(name or of, first, r)) for r in rows)

    text = CELL.sub(number, formula).replace("^", "**")
    return float(eval(text, {"SUM": lambda *parts: sum(parts), "ABS": abs}))


def test_formulas_come_to_what_they_say() -> None:
    books = {sheet.name: sheet for sheet in sheets(replace(held(), plan=planned()))}
    formulas = [
        (sheet.name, cell) for sheet in books.values() for line in sheet.lines for cell in line.cells
        if isinstance(cell, Formula)
    ]  # fmt: skip
    assert len(formulas) > 25
    for name, cell in formulas:
        assert computed(cell.formula, name, books) == pytest.approx(cell.value, abs=1e-12), (name, cell.formula)


def test_sheets_are_those_that_have_something_to_say() -> None:
    assert [s.name for s in sheets(material())] == ["Framework", "Products", "Backtest", "Wealth", "Notes"]
    assert [s.name for s in sheets(replace(held(), plan=planned()))][2:5] == ["Holdings", "Drift", "Plan"]


def test_figures_are_those_of_the_study() -> None:
    made = material()
    lines = next(sheet for sheet in sheets(made) if sheet.name == "Backtest").lines
    assert lines[1].cells == ("Metric", "5/25 band", "Never")
    rows = {line.cells[0]: line.cells[1] for line in lines[2:]}
    assert rows["Return a year"] == Number(made.results[0].metrics["cagr"], "0.00%")
    assert {metrics.row(key).label for key in ("volatility", "max_drawdown")} <= set(rows)


def test_what_products_cost_is_a_sum_only_when_all_of_it_is_known() -> None:
    products = sheets(material())[1]
    assert len(products.lines[-1].cells) == 5
    sources = tuple(
        Source(Instrument(s, s, f"Fund {s}", InstrumentType.etf, expense_ratio=0.001)) for s in ("AAA", "BBB", "CCC")
    )
    last = sheets(replace(material(), sources=sources))[1].lines[-1].cells[-1]
    assert isinstance(last, Formula)
    assert last.value == pytest.approx(0.001)
    assert FRAMEWORK.buckets[0].label in str(sheets(material())[0].lines)
