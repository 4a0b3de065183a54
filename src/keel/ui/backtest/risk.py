"""The tab on risk: what each bucket and product adds to the volatility of the targets."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import streamlit as st

from keel import units
from keel.errors import KeelError
from keel.services import history
from keel.services.shared.memory import recall
from keel.ui.charts.matrix import contribution
from keel.ui.frame import root, widgets

if TYPE_CHECKING:
    from pandas.io.formats.style import Styler

    from keel.backtest.metrics.risk import RiskReport
    from keel.domain.portfolio.risk import Risk
    from keel.services.study import Study

Form = Callable[[Any], str]  # a number as text
WEIGHT: Form = units.weight
PERCENT: Form = units.pct
FINE: Form = units.pct2
TENTH: Form = partial(units.number, digits=1)


def show(study: Study, slots: Mapping[str, int]) -> None:
    """Draws each bucket's part of the risk, the numbers behind it, and the covariance."""
    try:
        report = recall(root.database(), ("risk", study.run_id), lambda: history.risk(study))
    except KeelError as error:
        widgets.problem(error)
        return
    book, found = report.book, report.buckets
    colours = [slots.get(path, 6) for path in book.paths]
    st.subheader("Where the risk comes from", anchor=False)
    st.caption(
        f"Held at target, the whole varies by {units.pct(found.volatility)} a year. "
        "Each bar is a bucket's part of that; below 0 it takes risk away."
    )
    words = ", ".join(f"{label} {units.pct(float(x))}" for label, x in zip(book.labels, found.shares, strict=True))
    picture = contribution(book.labels, found.shares, colours)
    widgets.chart(picture, alt=f"Part of the risk: {words}", key="backtest-risk")
    st.table(_table(book.labels, found, "Bucket"), border="horizontal", alt="Risk by bucket")
    if len(book.symbols) > len(book.paths):
        names = [f"{symbol} · {book.labels[leaf]}" for symbol, leaf in zip(book.symbols, book.leaf, strict=True)]
        st.subheader("By product", anchor=False)
        st.table(_table(names, report.products, "Product"), border="horizontal", alt="Risk by product")
    st.caption("Volatility is the part's own. What the parts add sums to the volatility of the whole.")
    if len(book.paths) > 1:
        with st.expander("Covariance of the buckets", on_change="rerun", key="backtest-covariance") as box:
            if box.open:
                st.table(_covariance(report), border="horizontal", alt="Covariance of the buckets a year")
                st.caption(f"A year's, from {report.returns:,} returns, in squared percent: volatility is its root.")


def _table(names: Sequence[str], found: Risk, noun: str) -> Styler:
    import pandas as pd

    columns = {"Target": found.weights, "Volatility": found.volatilities}
    columns |= {"Adds": found.contributions, "Of the risk": found.shares}
    frame = pd.DataFrame(columns, index=pd.Index([widgets.plain(name) for name in names], name=noun))
    return frame.style.format({"Target": WEIGHT, "Volatility": PERCENT, "Adds": FINE, "Of the risk": PERCENT})


def _covariance(report: RiskReport) -> Styler:
    import pandas as pd

    labels = [widgets.plain(label) for label in report.book.labels]
    frame = pd.DataFrame(report.buckets.covariance * 1e4, index=pd.Index(labels, name="Bucket"), columns=labels)
    return frame.style.format(TENTH)
