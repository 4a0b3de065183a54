"""The parts of the data page: one section a dataset, its coverage and its health; and the products."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

import streamlit as st

from keel import units
from keel.domain.issue import Finding, Severity
from keel.domain.market.series import PRICE_KINDS
from keel.services.market import catalogue
from keel.services.market.catalogue import Dataset
from keel.ui.charts.coverage import coverage_bars
from keel.ui.data import imports, refresh
from keel.ui.frame import session, widgets

if TYPE_CHECKING:
    from keel.store.connection import Database

CAVEATS = {
    "monthly": "Indices, without a fund's fees.",
    "stocks_daily": "Treasury and bill returns are derived from the par curve; the single stocks are survivors.",
}
MOST_NAMED = 8
MOST_BARS = 80
BY_REFRESH = ("stale", "gaps", "jumps", "short_history")  # what public prices may mend
BY_A_FILE = ("gaps", "not_positive", "stale", "short_history")  # what better prices from a file mend
BY_ANOTHER = ("stale", "gaps", "not_positive", "short_history", "dividends_excluded")
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
    kinds = (dataset.frequency, PRICE_KINDS.get(dataset.price_kind, dataset.price_kind))
    widgets.context(
        ", ".join(filter(None, kinds)).capitalize(),
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
        _health(db, mine, dataset.id)
        _health(db, [f for f in found if f not in mine], f"{dataset.id}-others")
        if not found:
            st.markdown("Every series is complete, current and free of suspicious jumps.")


def _health(db: Database, found: Sequence[Finding], dataset: str) -> None:
    alike: dict[tuple[Severity, str], list[Finding]] = {}
    for one in found:
        alike.setdefault((one.severity, one.code), []).append(one)
    for (severity, _), group in alike.items():
        st.markdown(f"{BADGES[severity]} {_each(group)}")
        st.caption(widgets.plain(f"{group[0].affects} {group[0].fix}".strip()))
        if severity is not Severity.note:
            _remedies(db, group, f"{dataset}-{severity}-{group[0].code}")


def _remedies(db: Database, group: Sequence[Finding], key: str) -> None:
    """Draws what can be done about findings of one kind: fetch, import, or choose another product where one is held."""
    code, symbols = group[0].code, [one.subject for one in group]
    public = catalogue.fetchable(db, symbols)
    with st.container(horizontal=True):
        if code in BY_REFRESH and public:
            refresh.remedy(public, key)
        if code in BY_A_FILE:
            imports.remedy(key)
        holder = catalogue.holder(db, symbols) if code in BY_ANOTHER else None
        if holder is not None:
            to = session.Ids(framework=holder.framework_id, version=holder.framework_version, portfolio=holder.id)
            widgets.link("mapping", "Choose another product", to)


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
