"""The parts of the data page: one section a dataset, its coverage and its health; and the products."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

import streamlit as st

from keel import units
from keel.domain.issue import Finding, Severity
from keel.domain.market.health import REFRESH
from keel.domain.market.series import PRICE_KINDS
from keel.services.market import catalogue
from keel.services.market.catalogue import Dataset
from keel.ui.charts.coverage import coverage_bars
from keel.ui.data import imports, refresh
from keel.ui.frame import widgets

if TYPE_CHECKING:
    from keel.store.connection import Database

CAVEATS = {
    "monthly": "Indices, without a fund's fees.",
    "stocks_daily": "Treasury and bill returns are derived from the par curve; the single stocks are survivors.",
}
MOST_NAMED = 8
MOST_BARS = 80
BY_A_FILE = ("gaps", "not_positive")  # what better prices from a file mend
BADGES = {
    Severity.error: ":red-badge[:material/error: Unusable]",
    Severity.warning: ":orange-badge[:material/warning: Doubtful]",
    Severity.note: ":gray-badge[:material/edit_note: Note]",
}


def findings(db: Database, dataset: Dataset) -> tuple[Finding, ...]:
    """The health of a dataset."""
    return catalogue.findings(db, dataset.id)


def finding_title(db: Database, datasets: tuple[Dataset, ...], used: Collection[str]) -> str:
    """The page's finding in one sentence; what no portfolio rests on does not alarm."""
    if not datasets:
        return "No prices yet"
    bad = {f.subject for dataset in datasets for f in serious(findings(db, dataset), used)}
    what = f"Prices to {units.month(datasets[0].last)}" if len(datasets) == 1 else f"{len(datasets)} sets of prices"
    return f"{what}, {len(bad)} of your series to check" if bad else what


def serious(found: Sequence[Finding], used: Collection[str]) -> list[Finding]:
    """The errors and warnings of series that portfolios rest on.

    >>> one = Finding("jumps", Severity.warning, "SPY", "")
    >>> len(serious([one], {"SPY"})), len(serious([one], {"GLD"}))
    (1, 0)
    """
    return [f for f in found if f.severity is not Severity.note and f.subject in used]


def ordered(datasets: Sequence[Dataset]) -> list[Dataset]:
    """The datasets, one's own before the sample's."""
    return sorted(datasets, key=lambda dataset: dataset.series[0].owner == "sample")


def section(db: Database, dataset: Dataset, used: Collection[str]) -> None:
    """Draws one dataset: dates, origin, coverage, health."""
    found = findings(db, dataset)
    mine = serious(found, used)
    check = f", {len({f.subject for f in mine})} of yours to check" if mine else ""
    widgets.header(f"{dataset.label}: {len(dataset.series)} series to {units.month(dataset.last)}{check}")
    widgets.context(
        f"{dataset.frequency}, {PRICE_KINDS.get(dataset.price_kind, dataset.price_kind)}",
        units.span(dataset.first, dataset.last),
        f"From {dataset.source}",
        CAVEATS.get(dataset.id, ""),
    )
    lines = sorted(dataset.series, key=lambda s: (s.first, s.symbol))
    drawn = lines if len(lines) <= MOST_BARS else lines[-MOST_BARS:]
    figure = coverage_bars([s.symbol for s in drawn], [s.first for s in drawn], [s.last for s in drawn])
    with st.expander("Coverage by series", expanded=dataset.series[0].owner == "user" or dataset.id == "monthly"):
        if len(drawn) < len(lines):
            st.caption(f"The {MOST_BARS} of {units.number(len(lines), 0)} series that begin last.")
        alt = f"Dates held of {len(drawn)} series, {units.span(dataset.first, dataset.last)}"
        widgets.chart(figure, alt=alt, key=f"coverage-{dataset.id}")
    others = len(found) - len(mine)
    remarks = f", {others} {'remark' if others == 1 else 'remarks'}" if others else ""
    with st.expander(f"Health: {len(mine) or 'nothing'} to check{remarks}"):
        _health(mine, dataset.id)
        _health([f for f in found if f not in mine], dataset.id)
        if not found:
            st.markdown("Every series is complete, current and free of suspicious jumps.")


def _health(found: Sequence[Finding], dataset: str) -> None:
    alike: dict[tuple[Severity, str], list[Finding]] = {}
    for one in found:
        alike.setdefault((one.severity, one.code), []).append(one)
    for (severity, _), group in alike.items():
        st.markdown(f"{BADGES[severity]} {_each(group)}")
        st.caption(widgets.plain(f"{group[0].affects} {group[0].fix}".strip()))
        if group[0].fix == REFRESH:
            refresh.remedy([one.subject for one in group])
        elif group[0].code in BY_A_FILE:
            imports.remedy(f"{dataset}-{severity}-{group[0].code}")


def _each(group: Sequence[Finding]) -> str:
    """What is found, with the series it is true of: one sentence for all of them, else one for each."""
    rest = f" and {len(group) - MOST_NAMED} more" if len(group) > MOST_NAMED else ""
    names = widgets.plain(", ".join(one.subject for one in group[:MOST_NAMED]) + rest)
    said = {one.message.replace(one.subject, "") for one in group}
    if len(said) == 1:
        return f"**{names}**  \n{widgets.plain(group[0].message)}"
    own = [(one.subject, one.message.removeprefix(f"{one.subject} ")) for one in group[:MOST_NAMED]]
    lines = [f"- **{widgets.plain(subject)}** {widgets.plain(message)}" for subject, message in own]
    return "\n\n" + "\n".join([*lines, *([f"- {rest.removeprefix(' and ')}"] if rest else [])])


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
