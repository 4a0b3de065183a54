"""The file opens, holds values beside formulas, runs nobody's text, and is the same each time."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import openpyxl
from tests.pack.materials import FRAMEWORK, MADE, held, material

from keel.pack.material import Material
from keel.pack.workbook.sheets import sheets
from keel.pack.workbook.write import values, workbook


def opened(made: Material, *, computed: bool) -> Any:
    data = workbook(sheets(made), made.framework.name, MADE)
    return openpyxl.load_workbook(io.BytesIO(data), data_only=computed)


def test_each_formula_has_its_value_beside_it() -> None:
    formulas, shown = opened(held(), computed=False), opened(held(), computed=True)
    for sheet in sheets(held()):
        for place, value in values(sheet).items():
            assert formulas[sheet.name][place].value.startswith("=")
            assert shown[sheet.name][place].value == value


def test_a_text_that_looks_like_a_formula_stays_text() -> None:
    name = "=cmd|' /C calc'!A1"
    hostile = replace(FRAMEWORK, name=name, buckets=tuple(
        replace(b, label="+1+1\x07") if b.label == "Bonds" else b for b in FRAMEWORK.buckets
    ))  # fmt: skip
    page = opened(replace(material(), framework=hostile), computed=False)["Framework"]
    assert page["A1"].value == f"{name}, version 3"
    assert page["A1"].data_type == "s"
    assert page["A6"].value == "+1+1\\x07"
    assert page["A6"].data_type == "s"


def test_the_same_content_is_the_same_bytes() -> None:
    assert workbook(sheets(material()), "x", MADE) == workbook(sheets(material()), "x", MADE)
