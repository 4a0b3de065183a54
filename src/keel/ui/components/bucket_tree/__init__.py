"""The bucket tree: an editable table with levels, in the page itself (no iframe, no build step).

Python owns the tree. The browser sends one operation at a time, which names its bucket by path, and draws what comes
back: a new ``revision`` draws anew even when the rows are the same, which takes back what was refused.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from keel.ui.allocation.tree_rows import Row

_CSS, _SCRIPT = (Path(__file__).with_name(name).read_text(encoding="utf-8") for name in ("tree.css", "tree.js"))
_HTML = (
    '<div class="frame"><div class="scroll"></div><div class="placed" aria-hidden="true"></div>'
    '<div class="said" role="status"></div></div>'
)


def bucket_tree(
    tree: Sequence[Row], revision: int, *, key: str, weights: str, placed: str, on_change: Callable[[], None]
) -> dict[str, Any] | None:
    """The operation just sent, which ``on_change`` reads too; ``weights`` says of what the figures are parts.

    On a narrow screen ``placed``, how much is placed, stands at the tree's foot, where it is seen while typing.
    """
    component = st.components.v2.component("keel_bucket_tree", html=_HTML, css=_CSS, js=_SCRIPT)
    data = {"rows": [row.plain() for row in tree], "revision": revision, "weights": weights, "placed": placed}
    component(key=key, data=data, on_op_change=on_change)
    return operation(key)


def operation(key: str) -> dict[str, Any] | None:
    """The operation the browser just sent, or None."""
    state = st.session_state.get(key)
    found = state.get("op") if state is not None else None
    return dict(found) if found else None
