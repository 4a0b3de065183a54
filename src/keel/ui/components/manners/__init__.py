"""What every page keeps to: focus goes into a box that opens, Enter commits a date, back leads to the page before.

What was asked for comes into view and takes the focus: a container whose key begins with ``arrives-``, once a key.

Printed, a page is a document: no menu, nothing to press, dark on white.

Streamlit opens a popover below its button and gives it what is left of the window, 45 px at worst, and leaves the focus
on the button; it takes a typed date only when the focus leaves it, and makes every setting an entry of the history. The
room of a menu stays when a page without one follows; a theme that is switched leaves charts in the colours of the
other; a dialog loses the focus, and with it Escape, while it makes a file; headings stand 9 px beside a table's first
column of words, and in a dialog are smaller than what they head. A piece of script without looks stands once in the
shell.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

_SCRIPT = Path(__file__).with_name("manners.js").read_text(encoding="utf-8")
KEY = "manners"


def manners(*, presenting: bool) -> None:
    """Places the script in the page; one that is presented has no room for a menu."""
    component = st.components.v2.component("keel_manners", html="<span></span>", js=_SCRIPT)
    component(key=KEY, data={"presenting": presenting}, on_dark_change=_drawn_anew)


def dark() -> bool | None:
    """Whether the theme is dark since it was switched on the open page; None where it was not."""
    state = st.session_state.get(KEY)
    return state.get("dark") if state is not None else None


def _drawn_anew() -> None:
    """Lets the page run once more, so that its charts take the colours of the theme."""
