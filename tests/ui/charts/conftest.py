"""Figures that plotly checks value by value, as it does where nobody waits for them."""

from __future__ import annotations

import pytest

from keel.ui.charts import strip, tokens


@pytest.fixture(autouse=True)
def checked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every figure that a test here draws is one that plotly takes."""
    monkeypatch.setattr(tokens, "CHECKED", True)
    strip.allocation_strip.cache_clear()
