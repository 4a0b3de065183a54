"""A desk with nothing on it but what a test puts there."""

from __future__ import annotations

from typing import Any

from keel.ui.mapping.desk import Desk


def desk(**given: Any) -> Desk:
    """A desk of these parts; its choices do nothing."""
    empty: dict[str, Any] = {key: {} for key in ("universe", "draft", "datasets", "unknown", "alone", "priced")}
    nothing = dict.fromkeys(("choose", "accept", "remedy", "fill"), lambda *_: None)
    return Desk(**{"accepted": frozenset(), "saved": frozenset()} | empty | nothing | given)
