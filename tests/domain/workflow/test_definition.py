"""A workflow knows its steps."""

from __future__ import annotations

import pytest
from tests.domain.workflow.graphs import DIAMOND


def test_a_step_is_found_by_its_id() -> None:
    assert DIAMOND.step("b").after == ("a",)
    with pytest.raises(KeyError):
        DIAMOND.step("z")
