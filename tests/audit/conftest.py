"""The stand-in for the auditor, which answers in a fraction of a second."""

from __future__ import annotations

from pathlib import Path

import pytest

from keel.audit import auditor


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """A plain ledger replays instead of vectorbt."""
    monkeypatch.setattr(auditor, "SCRIPT", Path(__file__).with_name("ledger.py"))
