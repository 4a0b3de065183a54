"""Frameworks in workbooks: written and read again without loss, and read from a plain table."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from typing import Any

import openpyxl
import pytest

from keel.domain.exchange.framework_json import framework_json
from keel.domain.framework.records import Framework
from keel.errors import ImportFormatError
from keel.pack.workbook.framework import framework_workbook
from keel.services.shared.templates import templates
from keel.settings import load
from keel.sources.sheets.framework import read_framework_file

DAY = date(2026, 1, 2)


def book(*rows: tuple[object, ...], title: str = "Sheet", beside: tuple[tuple[object, ...], ...] = ()) -> bytes:
    made = openpyxl.Workbook()
    sheet: Any = made.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    if beside:
        other = made.create_sheet("Framework")
        for row in beside:
            other.append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    "framework", [t.framework for t in templates(load()) if t.framework.buckets], ids=lambda f: f.name
)
def test_what_is_written_is_read_back_whole(framework: Framework) -> None:
    read, notes = read_framework_file(framework_workbook(framework, DAY), "any.xlsx")
    assert framework_json(read) == framework_json(replace(framework, id="", version=0))
    assert notes == ()


def test_the_same_framework_is_the_same_file() -> None:
    framework = next(t.framework for t in templates(load()) if t.framework.buckets)
    assert framework_workbook(framework, DAY) == framework_workbook(framework, DAY)


def test_a_table_of_ones_own_is_a_tree() -> None:
    data = book(("path", "target_weight", "holdings"), ("Equity", 0.6, "VTI"), ("Bonds", "40%", "BND:1"))
    framework, notes = read_framework_file(data, "Ours.xlsx")
    assert (framework.name, notes) == ("Ours", ())
    assert [(b.path, b.target_weight, b.holdings[0].symbol) for b in framework.buckets] == [
        ("Equity", 0.6, "VTI"),
        ("Bonds", 0.4, "BND"),
    ]


def test_what_is_wrong_is_named_with_its_place() -> None:
    with pytest.raises(ImportFormatError, match=r"row 3.*target_weight"):
        read_framework_file(book(("path", "target_weight"), ("Equity", 0.6), ("Bonds", "much")), "x.xlsx")
    with pytest.raises(ImportFormatError, match="no column path"):
        read_framework_file(book(("name", "weight"), ("Equity", 0.6)), "x.xlsx")
    broken = book(("path", "target_weight"), ("Equity", 1), title="Buckets", beside=(("rebalancing", "{broken"),))
    with pytest.raises(ImportFormatError, match="Framework"):
        read_framework_file(broken, "x.xlsx")
