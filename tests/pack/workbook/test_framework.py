"""A framework as a workbook: weights are numbers, words stay words."""

from __future__ import annotations

import io
from datetime import date

import openpyxl

from keel.domain.framework.records import Bucket, Framework
from keel.pack.workbook.framework import framework_workbook


def test_weights_are_numbers_and_words_are_words() -> None:
    framework = Framework("=Mix", (Bucket("A/Stocks", "=1+1", 0.6), Bucket("A/Bonds", "Bonds", 0.4)))
    data = framework_workbook(framework, date(2026, 1, 2))
    assert data == framework_workbook(framework, date(2026, 1, 2))
    book = openpyxl.load_workbook(io.BytesIO(data))
    tree = book["Buckets"]
    assert [cell.value for cell in tree[1]][:3] == ["path", "label", "target_weight"]
    stocks = tree[2]
    assert (stocks[2].value, stocks[2].data_type, stocks[1].data_type) == (0.6, "n", "s")
    assert {row[0].value: row[1].data_type for row in book["Framework"].rows}["name"] == "s"
