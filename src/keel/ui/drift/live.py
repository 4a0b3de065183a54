"""What is held against its targets: the finding, bullets and tables, what may come, limits."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from keel import units, vocabulary
from keel.domain.drift.forecast import HORIZONS
from keel.domain.drift.measure import OUT_OF_BAND, BucketDrift
from keel.domain.drift.words import ahead_words, basis_words, chance, finding
from keel.domain.policy.words import describe
from keel.domain.study.trust import doubtful
from keel.errors import InputError
from keel.services import report
from keel.services.live import standing
from keel.services.market import health
from keel.services.work import drafts
from keel.ui.charts.drift import drift_bullets
from keel.ui.drift.view import STATUS
from keel.ui.frame import session, trust, widgets
from keel.ui.frame.verdicts import verdicts
from keel.ui.handover import presenting

if TYPE_CHECKING:
    from datetime import date

    from pandas.io.formats.style import Styler

    from keel.domain.drift.report import DriftReport
    from keel.services.report import Judged
    from keel.store.connection import Database

MOST_BULLETS = 40
TILE = 138  # px; six beside each other on a wide page, two by two on a narrow one
AMOUNTS = ("Quantity", "Price", "Value", "Weight", "Target")
NOTHING = units.MISSING


def judged(db: Database, portfolio_id: str, today: date) -> Judged | None:
    """What is held against its targets; None where it cannot be judged, which is drawn with the way to mend it."""
    try:
        return report.judged(db, portfolio_id, report.Asked(today))
    except InputError as error:
        widgets.title("What is held has no value")
        st.markdown(widgets.plain(f"{error.message} {error.hint}"))
        with st.container(horizontal=True):
            if widgets.action("Go to what is held", key="to-holdings", icon=":material/account_balance:"):
                session.go("holdings")
            widgets.link("data", "Import prices")
        return None


def unsaved(db: Database, portfolio_id: str) -> None:
    """Says that typed holdings are not saved, and so not in what is shown."""
    if drafts.typing(db, portfolio_id) is not None:
        with st.container(horizontal=True, vertical_alignment="center"):
            words = ":orange-badge[:material/edit: Draft] Unsaved changes of what is held are not in it."
            st.markdown(words, width="content")
            add_holdings("Open them")


def whose(seen: Judged) -> str:
    """Whose holdings are judged, where the portfolio has a name of its own, and by which version of what."""
    own = f"{seen.name} · " if seen.name != seen.framework.name else ""
    return f"{own}{seen.framework.name} · version {seen.framework.version}"


def head(db: Database, seen: Judged) -> None:
    """Draws the finding, what it was measured on, what is doubtful, and the numbers in short."""
    found, framework = seen.report, seen.framework
    widgets.title(finding(found))
    priced = f", prices of {units.day(found.priced_at)}" if found.priced_at not in (None, found.as_of) else ""
    against = f"judged against {found.judged_against}" if found.judged_against else describe(framework.rebalancing)
    widgets.context(
        whose(seen),
        f"{units.money(found.value, framework.base_ccy)} on {units.day(found.as_of)}{priced}",
        against,
    )
    trust.row(doubtful(health.of_products(db, standing.sources(db, found))), "drift-live")
    widgets.doubts(found.findings)
    _tiles(seen)
    for note in found.notes:
        st.caption(widgets.plain(note))


def _tiles(seen: Judged) -> None:
    found, year = seen.report, seen.ahead.any[-1]
    with st.container(horizontal=True):
        st.metric("Total drift", units.pct(found.totals.total_drift), width=TILE, help=vocabulary.tip("total drift"))
        st.metric("To trade", _money(_traded(found), seen), width=TILE, help="What the policy would buy now.")
        st.metric(
            "Breach in a year",
            "already" if found.rebalance_needed else chance(year),
            width=TILE,
            help=vocabulary.tip("chance of a breach"),
        )
        never = None if found.last_rebalance else "No plan was marked as executed."
        st.metric("Last rebalance", units.day(found.last_rebalance), width=TILE, help=never)
        st.metric("Last look", units.day(found.last_check), width=TILE, help=vocabulary.tip("look"))
        st.metric("Next look", units.day(found.next_check), width=TILE, help=vocabulary.tip("look"))


def _traded(found: DriftReport) -> float:
    """What would be bought; sales pay for it, or idle cash."""
    return sum(max(0.0, row.value_to_trade or 0.0) for row in found.buckets if row.leaf and row.path)


def _money(amount: float | None, seen: Judged) -> str:
    """The amount, on one line also where a column is narrow."""
    return units.money(amount, seen.framework.base_ccy).replace(units.MINUS, units.MINUS + "\u2060")


def buckets(seen: Judged) -> None:
    """Draws every bucket as a bullet, which has its drift, beside its row in the table, with what lies outside."""
    rows = [row for row in seen.report.buckets if row.leaf]
    inside = [row for row in rows if row.path][:MOST_BULLETS]
    left, right = st.columns([5, 6], gap="large")
    with left:
        said = ", ".join(f"{row.label} {units.pp(row.drift)}" for row in inside)
        fig = drift_bullets(
            [row.label for row in inside],
            *(np.array([getattr(row, name) for row in inside]) for name in ("target", "actual", "below", "above")),
        )
        widgets.chart(fig, alt=f"Weight against target and band: {said}", key="live-bullets")
    with right:
        st.table(_table(rows, seen), border="horizontal", alt="Drift and trade of each bucket")
    tops = [row for row in seen.report.buckets if not row.leaf]
    if tops:
        with st.expander("By class"):
            st.table(_table(tops, seen), border="horizontal", alt="Drift of each class")


def _table(rows: Sequence[BucketDrift], seen: Judged) -> Styler:
    columns = {
        "Weight": [row.actual for row in rows],
        "Target": [row.target for row in rows],
        "To trade": [row.value_to_trade for row in rows],
        "Status": [STATUS[row.status] for row in rows],
    }
    forms = {
        "Weight": units.pct,
        "Target": units.pct,
        "To trade": lambda amount: _money(amount, seen),
    }
    return _styled([row.label for row in rows], "Bucket", columns, forms)


def ahead(seen: Judged) -> None:
    """Draws the price moves that would breach a band, and the chances that it comes to that."""
    widgets.header("What would move it out of band")
    st.caption(
        "The rise or fall of a bucket against all others that breaks its band, and how likely a breach is within a"
        " month, a quarter and a year.",
        help=vocabulary.tip("chance of a breach"),
    )
    rows = [row for row in seen.report.buckets if row.leaf and row.path]
    chances = [seen.ahead.by_path.get(row.path, (None,) * len(HORIZONS)) for row in rows]
    columns: dict[str, list[Any]] = {"Rises": [r.rise for r in rows], "Falls": [r.fall for r in rows]}
    for n, name in enumerate(_SPANS):
        columns[name] = [_IS_OUT if row.status in OUT_OF_BAND else of[n] for row, of in zip(rows, chances, strict=True)]
    forms = {name: _chance if name in _SPANS else _move for name in columns}
    st.table(
        _styled([row.label for row in rows], "Bucket", columns, forms),
        border="horizontal",
        alt="Price moves that would breach, and the chance of a breach",
    )
    for words in (ahead_words(seen.ahead), basis_words(seen.ahead), *seen.ahead.notes):
        if words:
            st.caption(widgets.plain(words))


_SPANS = ("Month", "Quarter", "Year")  # 21, 63 and 252 sessions
_IS_OUT = 2.0  # no chance, but sorts and stands where the chances do


def _chance(of: float) -> str:
    return "out" if of == _IS_OUT else chance(of)


def _move(of: float | None) -> str:
    return NOTHING if of is None or of != of else f"{'+' if of > 0 else ''}{units.pct(of)}"


def holdings(seen: Judged) -> None:
    """Draws each holding against its target, drawn only when opened."""
    with st.expander(f"Products held ({len(seen.report.holdings)})", on_change="rerun", key="live-holdings") as box:
        if box.open:
            _held(seen, (*AMOUNTS, "To trade", "Status"))


def held(seen: Judged) -> None:
    """Draws how much of each product is held, as a table that a phone has room for."""
    _held(seen, AMOUNTS)


def _held(seen: Judged, shown: Sequence[str]) -> None:
    """Draws each holding against its target as a table with those columns."""
    rows = seen.report.holdings
    columns = {
        "Quantity": [row.quantity for row in rows],
        "Price": [row.price for row in rows],
        "Value": [row.value for row in rows],
        "Weight": [row.actual for row in rows],
        "Target": [row.target for row in rows],
        "To trade": [row.value_to_trade for row in rows],
        "Status": [STATUS[row.status] for row in rows],
    }
    forms = {
        "Quantity": lambda n: units.number(n, 4).rstrip("0").rstrip("."),
        "Price": lambda amount: units.money(amount, seen.framework.base_ccy, 2),
        "Value": lambda amount: _money(amount, seen),
        "Weight": units.pct,
        "Target": units.pct,
        "To trade": lambda amount: _money(amount, seen),
    }
    drawn = {name: columns[name] for name in shown}
    own = {name: form for name, form in forms.items() if name in drawn}
    styled = _styled([row.symbol for row in rows], "Product", drawn, own)
    st.table(styled, border="horizontal", alt="Each holding against its target")


def present(db: Database, seen: Judged) -> None:
    """Draws the page as a client is shown it."""
    presenting.firm(db)
    head(db, seen)
    buckets(seen)
    ahead(seen)
    limits(seen)
    presenting.leave("drift")


def download(seen: Judged) -> None:
    """Draws the way to take the report along as the same document that REST answers."""
    st.download_button(
        "Download report",
        data=lambda: json.dumps(report.document(seen), indent=1),
        file_name="keel-drift.json",
        mime="application/json",
        on_click="ignore",
        icon=":material/download:",
        key="live-download",
    )


def add_holdings(words: str = "Add holdings") -> None:
    """Draws the way to what is held."""
    widgets.link("holdings", words)


def remember(backtest: bool) -> None:
    """Writes into the link whether the backtest is shown."""
    params = {name: value for name, value in st.query_params.to_dict().items() if name != "view"}
    params |= {"view": "backtest"} if backtest else {}
    if params != st.query_params.to_dict():
        st.query_params.from_dict(params)


def accounts(seen: Judged) -> None:
    """Draws each account's part of the whole, where there are several."""
    parts = [account.whole for account in seen.report.accounts]
    if len(parts) < 2:
        return
    with st.expander(f"Accounts ({len(parts)})"):
        columns = {"Value": [part.value for part in parts], "Weight": [part.weight for part in parts]}
        forms = {"Value": lambda amount: _money(amount, seen), "Weight": units.pct}
        st.table(_styled([part.name for part in parts], "Account", columns, forms), border="horizontal")


def limits(seen: Judged) -> None:
    """Draws how what is held meets the limits; nothing without limits."""
    if seen.verdicts:
        widgets.header("Limits")
        verdicts(seen.verdicts)


def _styled(labels: Sequence[str], name: str, columns: dict[str, Any], forms: dict[str, Any]) -> Styler:
    import pandas as pd

    index = pd.Index([widgets.plain(label) for label in labels], name=name)
    frame = pd.DataFrame(columns, index=index)
    numbers = dict.fromkeys(forms, "float64")
    return frame.astype(numbers).style.format({k: _known(form) for k, form in forms.items()})


def _known(form: Any) -> Any:
    return lambda value: NOTHING if value is None or value != value else form(value)
