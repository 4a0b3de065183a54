"""The parts of the data page: one section a dataset, its coverage and its health; and the products."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from keel import units
from keel.domain.issue import Finding, Severity
from keel.domain.market.series import PRICE_KINDS
from keel.services.market import catalogue
from keel.services.market.catalogue import Dataset
from keel.ui.charts.coverage import coverage_bars
from keel.ui.frame import widgets
from keel.ui.frame.root import DATABASE

if TYPE_CHECKING:
    from keel.store.connection import Database

CAVEATS = {
    "monthly": "Indices, without a fund's fees.",
    "stocks_daily": "Treasury and bill returns are derived from the par curve; the single stocks are survivors.",
}
BADGES = {
    Severity.error: ":red-badge[:material/error: Unusable]",
    Severity.warning: ":orange-badge[:material/warning: Doubtful]",
    Severity.note: ":gray-badge[:material/edit_note: Note]",
}


def _stamp(dataset: Dataset) -> tuple[str, str]:
    return dataset.id, str(dataset.updated_at)


@st.cache_resource(show_spinner=False, max_entries=16, hash_funcs={DATABASE: id, Dataset: _stamp})
def findings(db: Database, dataset: Dataset) -> tuple[Finding, ...]:
    """The health of a dataset, computed once for what is stored."""
    return catalogue.findings(db, dataset.id)


def finding_title(db: Database, datasets: tuple[Dataset, ...]) -> str:
    """The page's finding in one sentence."""
    if not datasets:
        return "No prices yet"
    bad = any(f.severity is Severity.error for dataset in datasets for f in findings(db, dataset))
    if len(datasets) == 1:
        return f"Prices to {units.month(datasets[0].last)}{', some of them unusable' if bad else ''}"
    return f"{len(datasets)} sets of prices{', one with series that cannot be used' if bad else ''}"


def state(found: tuple[Finding, ...]) -> str:
    """What is wrong with a dataset, counted by series.

    >>> state(())
    'no problems'
    """
    unusable = {f.subject for f in found if f.severity is Severity.error}
    doubtful = {f.subject for f in found if f.severity is Severity.warning} - unusable
    words = [f"{len(unusable)} unusable"] * bool(unusable) + [f"{len(doubtful)} to check"] * bool(doubtful)
    return ", ".join(words) or "no problems"


def section(db: Database, dataset: Dataset) -> None:
    """Draws one dataset: dates, origin, coverage, health."""
    found = findings(db, dataset)
    widgets.header(f"{dataset.label}: {len(dataset.series)} series to {units.month(dataset.last)}, {state(found)}")
    widgets.context(
        f"{dataset.frequency}, {PRICE_KINDS.get(dataset.price_kind, dataset.price_kind)}",
        units.span(dataset.first, dataset.last),
        f"From {dataset.source}",
        CAVEATS.get(dataset.id, ""),
    )
    ordered = sorted(dataset.series, key=lambda s: (s.first, s.symbol))
    figure = coverage_bars([s.symbol for s in ordered], [s.first for s in ordered], [s.last for s in ordered])
    with st.expander("Coverage by series", expanded=dataset.id == "monthly"):
        alt = f"Dates held of {len(ordered)} series, {units.span(dataset.first, dataset.last)}"
        widgets.chart(figure, alt=alt, key=f"coverage-{dataset.id}")
    serious = [f for f in found if f.severity is not Severity.note]
    label = f"Health: {len(serious)} to check, {len(found) - len(serious)} notes" if found else "Health: nothing found"
    with st.expander(label):
        _health(found)


def _health(found: tuple[Finding, ...]) -> None:
    if not found:
        st.markdown("Every series is complete, current and free of suspicious jumps.")
    alike: dict[tuple[Severity, str], list[Finding]] = {}
    for one in found:
        alike.setdefault((one.severity, one.code), []).append(one)
    for (severity, _), group in alike.items():
        first = group[0]
        names = ", ".join(one.subject for one in group[:8]) + (f" and {len(group) - 8} more" if len(group) > 8 else "")
        whose = "" if len({one.message for one in group}) == 1 else f"{first.subject}: "
        st.markdown(f"{BADGES[severity]} **{widgets.plain(names)}**  \n{widgets.plain(whose + first.message)}")
        st.caption(widgets.plain(f"{first.affects} {first.fix}".strip()))


def products(db: Database) -> None:
    """Draws the universe as a searchable table."""
    import pandas as pd

    universe = catalogue.universe(db)
    widgets.header(f"{len(universe)} products")
    st.caption("A fact that is not known stays blank; a rule on it counts as unknown, never as passed.")
    frame = pd.DataFrame(
        {
            "Symbol": [i.symbol for i in universe],
            "Name": [i.name for i in universe],
            "Type": [i.type.value for i in universe],
            "Class": [i.asset_class for i in universe],
            "Region": [i.region for i in universe],
            "Expense ratio, %": [None if i.expense_ratio is None else 100 * i.expense_ratio for i in universe],
            "Size, $ m": [None if i.aum_usd is None else i.aum_usd / 1e6 for i in universe],
            "Since": [i.inception for i in universe],
            "Proxy": [i.proxy for i in universe],
        }
    )
    st.dataframe(
        frame,
        hide_index=True,
        height=420,
        placeholder=units.MISSING,
        column_config={
            "Symbol": st.column_config.TextColumn(pinned=True),
            "Expense ratio, %": st.column_config.NumberColumn(format="%.2f"),
            "Size, $ m": st.column_config.NumberColumn(format="localized"),
        },
        alt="Products with their facts",
    )
