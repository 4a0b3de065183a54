"""The dialog of one bucket: what it asks of products, its own band, its lock and place, and its removal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import streamlit as st

from keel import vocabulary
from keel.domain.framework import editing, targets, tree
from keel.domain.framework.contents import CHOSEN
from keel.domain.framework.records import Bucket, Framework
from keel.domain.framework.rules import Rules, kind
from keel.domain.market.instrument import InstrumentType
from keel.services import mapping
from keel.ui.allocation import state
from keel.ui.allocation.band_input import band_input
from keel.ui.allocation.contents_input import contents_input
from keel.ui.frame import dialogs, root, session, widgets
from keel.ui.targets.shares import read_shares, shares_table

TOP = "Top level"


def show(path: str, known_tags: tuple[str, ...]) -> None:
    """Opens the dialog, which closes when its changes are made."""
    label = tree.get(state.current().now, path).label
    st.dialog(widgets.plain(label), width="medium", on_dismiss=dialogs.close)(_dialog)(path, known_tags)


def _dialog(path: str, known_tags: tuple[str, ...]) -> None:
    framework = state.current().now
    bucket = tree.get(framework, path)
    line = tree.line(path)
    if len(line) > 1:
        st.caption(widgets.plain(" › ".join(tree.get(framework, above).label for above in line)))
    asked = replace(bucket.rules, include_tags=contents_input(framework, path))
    with st.expander("Exact rules"):
        asked = _rules(bucket.rules, asked, known_tags)
    shares = _shares(framework, bucket)
    widgets.subheader("Its own band")
    band = band_input(bucket.band, f"band-{path}", none="Same as the policy")
    above = _place(framework, bucket)
    locked = st.toggle("Lock the target", value=bucket.locked, help="A locked target is left alone by every fix.")
    wanted = replace(bucket, rules=asked, band=band, locked=locked)
    with st.container(horizontal=True):
        if widgets.action("Apply", key="apply-bucket"):
            _make(lambda f: _placed(_filled(editing.replace_bucket(f, wanted), path, shares()), path, above))
        st.space("stretch")
        if st.button("Duplicate", icon=":material/content_copy:"):
            _make(lambda f: editing.duplicate_bucket(f, path))
        if st.button("Remove bucket", icon=":material/delete:"):
            _make(lambda f: editing.remove_bucket(f, path))
    refused = state.note()
    if refused:
        st.error(widgets.plain(refused))


def _shares(framework: Framework, bucket: Bucket) -> Callable[[], Mapping[str, float] | None]:
    """Draws the products of a bucket without parts; what they and their shares become, None where they stay."""
    if tree.children(framework, bucket.path):
        return lambda: None
    now = {holding.symbol: round(holding.share, 12) for holding in bucket.holdings}
    picked = {} if now else _picked(bucket.path)
    with st.expander("Products and their shares", expanded=bool(now)):
        st.caption("Named here they are part of the allocation, whatever the rules say. Empty: chosen under Mapping.")
        typed = shares_table(now or picked, f"shares-{bucket.path}")
    return lambda: None if (shares := read_shares(typed)) in (now, picked) else shares


def _picked(path: str) -> Mapping[str, float]:
    """The products that the open portfolio fills the bucket with, to start from."""
    portfolio = session.ids().portfolio
    picks = mapping.get_portfolio(root.database(), portfolio).picks if portfolio else ()
    return {pick.symbol: round(pick.share, 12) for pick in picks if pick.path == path}


def _filled(framework: Framework, path: str, shares: Mapping[str, float] | None) -> Framework:
    return framework if shares is None else targets.set_holdings(framework, path, shares)


def _make(work: Callable[[Framework], Framework]) -> None:
    """Makes the edit and closes the dialog; a refusal leaves it open."""
    if state.step(work):
        dialogs.close()
        st.rerun()


def _placed(framework: Framework, path: str, above: str | None) -> Framework:
    return framework if tree.parent(path) == above else editing.move_bucket(framework, path, above)


def _rules(own: Rules, wanted: Rules, known_tags: tuple[str, ...]) -> Rules:
    """What the controls say, on top of the contents chosen above (``wanted``); blank means that the bucket above
    decides. Tags written here go before what was chosen.
    """
    shown = [tag for tag in own.include_tags if tag != CHOSEN]
    options = sorted({*(t for t in known_tags if kind(t) != "slice"), *shown, *own.exclude_tags})
    include = st.multiselect("Must be", options, shown, accept_new_options=True)
    exclude = st.multiselect("Must not be", options, list(own.exclude_tags), accept_new_options=True)
    types = st.multiselect("Types", [t.value for t in InstrumentType], list(own.allowed_types), placeholder="Any")
    with st.container(horizontal=True):
        ratio = _number("Expense ratio at most, %", own.max_expense_ratio, 100, 0.05, vocabulary.tip("expense ratio"))
        volume = _number(
            "Daily volume at least, $ m", own.min_adv_usd, 1e-6, 1.0, vocabulary.tip("average daily volume")
        )
        years = _number("History at least, years", own.min_history_years, 1, 1.0, "")
        size = _number("Fund size at least, $ m", own.min_aum_usd, 1e-6, 100.0, "")
    return replace(
        own,
        include_tags=wanted.include_tags if include == shown else tuple(include),
        exclude_tags=tuple(exclude),
        allowed_types=tuple(types),
        max_expense_ratio=ratio,
        min_adv_usd=volume,
        min_history_years=years,
        min_aum_usd=size,
    )


def _number(label: str, value: float | None, scale: float, step: float, tip: str) -> float | None:
    shown = None if value is None else round(value * scale, 9)
    typed = st.number_input(
        label, min_value=0.0, value=shown, step=step, format="%.6g", placeholder="Any", help=tip or None, width=200
    )
    return value if typed == shown else None if typed is None else round(float(typed) / scale, 12)


def _place(framework: Framework, bucket: Bucket) -> str | None:
    """The bucket above, chosen among those that are not inside this one."""
    options = [TOP, *(b.path for b in tree.ordered(framework) if not tree.within(b.path, bucket.path))]
    now = tree.parent(bucket.path) or TOP
    chosen = st.selectbox(
        "Part of",
        options,
        index=options.index(now) if now in options else 0,
        format_func=lambda path: path if path == TOP else tree.get(framework, path).label,
    )
    return None if chosen == TOP else chosen
