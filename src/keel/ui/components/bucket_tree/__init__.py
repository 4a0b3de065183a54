"""The bucket tree: an editable table with levels, in the page itself (no iframe, no build step).

Python owns the tree. The browser sends operations, each naming its bucket by path, and draws what comes back: a new
``revision`` draws anew even when the rows are the same, which takes back what was refused. Operations are numbered and
sent again with the next until the server is known to have them: none is lost where several come while a page is drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
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
) -> None:
    """Draws the tree; ``on_change`` takes the ``operations`` just sent, ``weights`` says of what the figures are parts.

    On a narrow screen ``placed``, how much is placed, stands at the tree's foot, where it is seen while typing.
    """
    component = st.components.v2.component("keel_bucket_tree", html=_HTML, css=_CSS, js=_SCRIPT)
    rows = [row.plain() for row in tree]
    data = {"rows": rows, "revision": revision, "weights": weights, "placed": placed, "made": _made(key).number}
    component(key=key, data=data, on_ops_change=on_change)


def operations(key: str) -> Iterator[dict[str, Any]]:
    """The operations the browser just sent, without those made before; one counts as made when the next is asked for.

    Streamlit may break off whoever makes one as soon as a newer message waits: it comes with that one again.
    """
    state, made = st.session_state.get(key), _made(key)
    for operation in (state.get("ops") if state is not None else None) or []:
        if operation["number"] > made.number:
            yield dict(operation)
            made.number = operation["number"]


@dataclass
class _Made:
    """The number of the last operation that was made: one object, as every look into the session may be broken off."""

    number: int = 0


def _made(key: str) -> _Made:
    made: _Made = st.session_state.setdefault(f"{key}-made", _Made())
    return made
