"""The document of Keel from Python runs from its first example to its last, and names all there is."""

from __future__ import annotations

import re
from typing import Any

import pytest
from tests.conftest import ROOT

import keel

TEXT = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")


@pytest.mark.usefixtures("here")
def test_the_examples_run() -> None:
    said: dict[str, Any] = {}
    for block in re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL):
        exec(compile(block, "docs/python.md", "exec"), said)
    assert said["wealth"].iloc[0] == 1.0
    assert said["orders"].count("\n") > 1
    assert said["calendar"].startswith(b"BEGIN:VCALENDAR")
    assert [alert["read_at"] is None for alert in said["read"]] == [False] * len(said["begun"])
    assert [one.id for one in keel.archived()] == [said["framework"].id]


def test_every_name_is_in_the_document_and_none_that_is_not_there() -> None:
    table = TEXT.split("## All of it")[1]
    named = re.findall(r"`(\w+)`", table)
    assert sorted(named) == sorted(keel.__all__)
