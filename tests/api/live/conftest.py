"""A new portfolio of the balanced framework, at its address."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture
def at(client: Any, balanced: dict[str, Any]) -> str:
    """The address of a new portfolio."""
    made = client.post("/portfolios", json={"framework_id": balanced["id"]}).json()
    return f"/portfolios/{made['id']}"
