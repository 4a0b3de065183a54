"""The dialog in which blends are made and deleted: named benchmarks of several products."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from keel.domain.reading.place import Place
from keel.domain.study.blend import LONGEST_NAME, LOOKS, describe_blend, look_words, parse_blend
from keel.errors import KeelError
from keel.services.market import benchmarks
from keel.ui.frame import dialogs, widgets
from keel.ui.question.state import key

if TYPE_CHECKING:
    from keel.store.connection import Database
    from keel.ui.question.form import Form

MOST = 8  # parts that can be told here; a file or REST takes more


@st.dialog("Blends", on_dismiss=dialogs.close)
def show(db: Database, form: Form) -> None:
    """Draws the blends there are, and what a new one is made of; a saved one becomes the benchmark."""
    st.caption("A blend holds products in fixed weights, without costs, to stand beside your policies.")
    _known(db)
    name = st.text_input("Name", placeholder="such as 60/40", max_chars=LONGEST_NAME, key="blend-name")
    symbols = st.multiselect("Made of", list(form.series), max_selections=MOST, key="blend-parts")
    shares = _shares(symbols)
    look = st.selectbox("Weights", list(LOOKS), list(LOOKS).index("annual"), format_func=_look, key="blend-look")
    total = sum(shares.values())
    if symbols:
        st.caption(f"{total:g}% of 100%")
    if widgets.action("Save and use", key="blend-save", disabled=not symbols):
        _save(db, form, {"name": name, "parts": {s: x / 100 for s, x in shares.items()}, "look": look})


def _known(db: Database) -> None:
    for named in benchmarks.listed(db):
        name = widgets.plain(named.blend.name)
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{name}** {widgets.plain(describe_blend(named.blend))}")
            at = f"blend-delete-{named.id}"
            st.button(f"Delete {name}", key=at, type="tertiary", on_click=_delete, args=(db, named.id))


def _delete(db: Database, id: str) -> None:
    benchmarks.delete(db, id)


def _shares(symbols: list[str]) -> dict[str, float]:
    """The share of each part in percent, even ones to begin with."""
    with st.container(horizontal=True):
        return {symbol: _share(symbol, round(100 / len(symbols), 2)) for symbol in symbols}


def _share(symbol: str, even: float) -> float:
    at, label = f"blend-{symbol}", f"{widgets.plain(symbol)}, %"
    return st.number_input(label, 0.0, 100.0, even, step=5.0, format="%.6g", width=120, key=at)


def _look(name: str) -> str:
    return look_words(LOOKS[name]).capitalize()


def _save(db: Database, form: Form, given: dict[str, object]) -> None:
    try:
        named = benchmarks.save(db, parse_blend(given, Place("The blend")))
    except KeelError as error:
        widgets.problem(error)
        return
    st.session_state[key(form.prefix, "benchmark")] = named.blend
    dialogs.close()
    st.rerun()
