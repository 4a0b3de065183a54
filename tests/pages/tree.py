"""The tree on the allocation page, written into."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest
from tests.pages.conftest import send

from keel.ui.allocation.state import TREE

EQUITY = "AssetClass/Equity"


def write(page: AppTest, path: str, field: str, text: str) -> AppTest:
    return send(page, TREE, {"type": "write", "path": path, "field": field, "text": text})
