"""The shares of a split filled in by a method: which one, how far the work is, and what the shares rest on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import streamlit as st

from keel import units
from keel.domain.portfolio.split import ABOUT, LABELS, Bounds, Method
from keel.errors import KeelError
from keel.services import fill as service
from keel.ui.frame import waiting, widgets

if TYPE_CHECKING:
    from keel.domain.portfolio.split import Split
    from keel.services.shared.job import Job

    Ask = Callable[[str, Method, Bounds], Job[Split]]
else:
    Ask = Callable
Use = Callable[[Mapping[str, float]], None]


def fill(path: str, symbols: Mapping[str, str], ask: Ask, use: Use) -> None:
    """Draws the choice of a method and its button; the shares, by id, go to ``use`` as soon as they are there.

    ``symbols`` are those of the split, by id.
    """
    row = st.container(horizontal=True, vertical_alignment="bottom")
    with row:
        chosen = st.selectbox("Fill by", list(Method), format_func=LABELS.__getitem__, key=f"fill-by-{path}", width=200)
        every = _percent("Each at most, %", 100.0, f"fill-most-{path}")
    with st.expander("Bounds of each product"):
        bounds = {symbol: _bounds(path, symbol, every) for symbol in symbols.values()}
    method = chosen or Method.equal
    able = service.available(method)
    about = ABOUT[method] if able else "This needs skfolio: pip install 'keel[optimise]'."
    asking = (path, method, tuple(bounds.items()), *symbols)
    if row.button("Fill in", key=f"fill-{path}", help=about, disabled=not able):
        st.session_state[f"fill-of-{path}"], st.session_state[f"fill-used-{path}"] = asking, ""
    if st.session_state.get(f"fill-of-{path}") == asking:
        try:
            job = ask(path, method, bounds)
        except KeelError as error:
            widgets.problem(error)
            return
        _answer(path, symbols, job, use)


def _bounds(path: str, symbol: str, every: float) -> tuple[float, float]:
    """The least and the most share of a product, as typed; ``every`` is what none may have more of, in percent."""
    name = widgets.plain(symbol)
    with st.container(horizontal=True):
        low = _percent(f"{name} at least, %", 0.0, f"fill-low-{path}-{symbol}")
        high = _percent(f"{name} at most, %", 100.0, f"fill-high-{path}-{symbol}")
    return low / 100, min(high, every) / 100


def _percent(label: str, value: float, key: str) -> float:
    return widgets.number(label, value, 0.0, 100.0, 5.0, key=key, width=120)


def _answer(path: str, symbols: Mapping[str, str], job: Job[Split], use: Use) -> None:
    """Draws how far the work is, then what came of it; its shares are used once, and may be changed after."""
    if waiting.unanswered(job, f"fill-{path}") or job.answer is None:
        return
    ids = {symbol: id for id, symbol in symbols.items()}
    if st.session_state.get(f"fill-used-{path}") != job.row.id:
        use({ids[part.symbol]: part.share for part in job.answer.parts})
        st.session_state[f"fill-used-{path}"] = job.row.id
    for unmet in job.answer.findings:
        st.markdown(f":orange-badge[:material/warning: Limit] {widgets.plain(f'{unmet.message} {unmet.fix}')}")
    _reasons(job.answer)


def _reasons(split: Split) -> None:
    """What the shares rest on, and what each product risks."""
    risks = ", ".join(f"{widgets.plain(p.symbol)} {units.pct(p.risk, 0)}" for p in split.parts)
    st.caption("  \n".join([*map(widgets.plain, split.reasons[:2]), f"Of the risk: {risks}."]))
    if split.reasons[2:]:
        with st.expander("What it rests on"):
            st.markdown("\n".join(f"- {widgets.plain(reason)}" for reason in split.reasons[2:]))
