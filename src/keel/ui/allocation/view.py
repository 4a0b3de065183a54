"""The parts of the allocation page: toolbar, editor, what is placed, saving, and what hides under More."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import streamlit as st

from keel import units
from keel.domain.framework import editing, tree
from keel.domain.framework.contents import in_short
from keel.domain.framework.diff import diff
from keel.domain.framework.records import Framework
from keel.domain.framework.slots import slots
from keel.domain.issue import Finding, errors
from keel.errors import EditConflictError
from keel.services import design
from keel.services.market import catalogue
from keel.services.shared.contents import understood
from keel.services.work import drafts, shelf
from keel.ui.allocation import bucket_details, framework_details, policy_details, state, tree_rows, versions
from keel.ui.allocation.draft import Draft
from keel.ui.allocation.state import PARENT, TABLE, TREE, WHOLE
from keel.ui.charts.strip import allocation_strip
from keel.ui.components.bucket_tree import bucket_tree
from keel.ui.frame import dialogs, session, widgets
from keel.ui.frame import shelf as shelf_parts

if TYPE_CHECKING:
    from keel.store.connection import Database

_CONFLICT, _MORE = "allocation-conflict", "allocation-more"
NO_PARENT = "Top level"
ELSEWHERE = {"rebalancing": "Policy", "base_ccy": "Base currency", "constraints": "Limits"}  # what is no bucket


def version_words(draft: Draft) -> str:
    """Which version is under edit, of how many."""
    if not draft.base.version:
        return "Not saved yet"
    older = f" of {draft.latest}, an older one" if draft.base.version < draft.latest else ""
    return f"Version {draft.base.version}{older}"


def saved_words(framework: Framework) -> str:
    """When a version was saved."""
    at = framework.updated_at
    return f"saved {units.day(at)}, {at:%H:%M}" if at else ""


def unsaved(db: Database, draft: Draft) -> None:
    """Draws what is not saved yet: the changes, a newer version they do not build on, and edits of other versions."""
    base = draft.base
    if draft.dirty and base.version:
        with st.expander("What is not saved", key="allocation-unsaved", on_change="rerun") as box:
            if box.open:
                versions.changes(diff(base, draft.now), "Only the order or the description differs.")
    if draft.dirty and 0 < base.version < draft.latest:
        _behind(db, draft)
    for version in drafts.edited_versions(db, base.id):
        if version != base.version:
            _elsewhere(base, version)


def _behind(db: Database, draft: Draft) -> None:
    """Says that the changes began from an older version than the newest, and what lies between."""
    began, newest = draft.base.version, draft.latest
    st.markdown(
        f":orange-badge[:material/warning: Older] These changes began from version {began}; version {newest} is newer."
        f" Saved, they become version {newest + 1} without what is new in it."
    )
    with st.expander(f"Compare with version {newest}", key="allocation-behind", on_change="rerun") as box:
        if box.open:
            other = design.get_framework(db, draft.base.id, newest)
            versions.changes(diff(other, draft.now), "Both are the same.")


def _elsewhere(base: Framework, version: int) -> None:
    """Says that another version has unsaved changes, with the way to them and their end."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f":orange-badge[:material/edit: Draft] Version {version} has unsaved changes.", width="content")
        widgets.link("allocation", "Go on with them", session.forward(version=version, portfolio="", run=""))
        st.button("Discard them", key=f"drop-{version}", on_click=state.drop, args=(replace(base, version=version),))


def toolbar(draft: Draft) -> None:
    """Draws what weights mean, undo and redo, and a new bucket."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.segmented_control(
            "Show weights as",
            [WHOLE, PARENT],
            default=WHOLE,
            required=True,
            key="allocation-share",
            label_visibility="collapsed",
        )
        st.space("stretch")
        with st.container(horizontal=True, width="content"):  # still one row on a phone
            st.button("Undo", key="undo", help="In the tree Ctrl+Z", on_click=state.undo, disabled=not draft.past)
            st.button("Redo", key="redo", help="In the tree Ctrl+Y", on_click=state.redo, disabled=not draft.future)
            with st.popover("Add bucket", icon=":material/add:", key="add-bucket"):
                _add(draft.now)


def _add(framework: Framework) -> None:
    with st.form("new-bucket", border=False):
        st.text_input("Name", key="new-label")
        options = ["", *(b.path for b in tree.ordered(framework))]
        st.selectbox(
            "Part of",
            options,
            format_func=lambda path: tree.get(framework, path).label if path else NO_PARENT,
            key="new-above",
        )
        st.text_input("Target, %", placeholder="0", key="new-weight")
        st.form_submit_button("Add", on_click=_added)
        refused = st.session_state.pop("new-refused", "")
        if refused:
            st.error(widgets.plain(refused), icon=":material/error:")


def _added() -> None:
    """Adds what the form says and empties it; "Part of" stays, and a refusal is said in the form."""
    entered = st.session_state
    if state.add(entered["new-label"], entered["new-above"] or None, entered["new-weight"]):
        entered["new-label"] = entered["new-weight"] = ""
    else:
        entered["new-refused"] = state.note()


def editor(framework: Framework) -> None:
    """Draws the tree, or on request the plain table."""
    of_parent = state.of_parent()
    contents = in_short(understood(framework))
    shown = tree_rows.rows(framework, slots(framework), of_parent=of_parent, contents=contents)
    if not shown:
        with st.container(border=True):
            st.markdown("There are no buckets yet. Add the first one, or choose a template.")
            widgets.link("template", "Choose a template")
    elif st.session_state.get("allocation-table"):
        _table(shown)
    else:
        meaning = "bucket above" if of_parent else "whole"
        placed = tree_rows.placed_words(framework)
        bucket_tree(shown, state.revision(), key=TREE, weights=meaning, placed=placed, on_change=state.operate)


def rests(framework: Framework) -> None:
    """Offers to keep what the parts of a bucket leave of it as one more part, as when one is moved into a leaf."""
    for bucket in tree.ordered(framework):
        left = editing.rest(framework, bucket.path)
        if left:
            label = f"Keep the other {units.weight(left)} of {bucket.label} as a part"
            st.button(
                widgets.plain(label),
                key=f"rest-{bucket.path}",
                icon=":material/call_split:",
                on_click=state.keep_rest,
                args=(bucket.path,),
            )


def _table(shown: tuple[tree_rows.Row, ...]) -> None:
    """The same as a plain grid, for those who prefer a spreadsheet."""
    import pandas as pd

    def figure(text: str) -> float | None:
        return float(text) if text else None

    frame = pd.DataFrame(
        {
            "Bucket": ["\u2003" * (row.level - 1) + row.label for row in shown],
            "Target %": [figure(row.target_weight) for row in shown],
            "Min %": [figure(row.min_weight) for row in shown],
            "Max %": [figure(row.max_weight) for row in shown],
            "Band": [row.band for row in shown],
            "Holds": [units.MISSING if row.contents is None else row.contents or "What is in it?" for row in shown],
        }
    )
    numbers = {c: st.column_config.NumberColumn(width=84) for c in ("Target %", "Min %", "Max %")}
    key = f"{TABLE}-{state.revision()}"
    st.data_editor(
        frame,
        hide_index=True,
        height="content",
        row_height=36,
        placeholder=units.MISSING,
        disabled=["Band", "Holds"],
        key=key,
        on_change=state.tabled,
        args=(key,),
        column_config={"Bucket": st.column_config.TextColumn(width=190, pinned=True), **numbers},
        alt="Buckets with target, minimum, maximum and band",
    )
    chosen = st.selectbox(
        "Rules, band and place of",
        [row.path for row in shown],
        index=None,
        format_func={row.path: row.label for row in shown}.get,  # type: ignore[arg-type]  # every option is a key
        placeholder="Choose a bucket",
    )
    if st.button("Open", disabled=chosen is None) and chosen:
        state.ask_for(chosen)


def placed(db: Database, framework: Framework) -> tuple[Finding, ...]:
    """Every issue of the framework, after drawing how much is placed."""
    words = tree_rows.placed_words(framework)
    if words == "100% placed":
        st.header(f":green[:material/check_circle: {words}]", anchor=False)
    else:
        widgets.header(words)
    labels, weights, colours = tree_rows.strip(framework, slots(framework))
    alt = "Targets by leaf: " + (", ".join(f"{n} {units.weight(w)}" for n, w in zip(labels, weights, strict=True)))
    widgets.chart(allocation_strip(labels, weights, colours, 44), alt=f"{alt or 'none'}. {words}.", key="placed")
    return tuple(replace(issue, subject=place(framework, issue.subject)) for issue in design.check(db, framework))


def place(framework: Framework, subject: str) -> str:
    """An issue's subject as the page calls it.

    >>> from keel.domain.framework.records import Bucket
    >>> one = Framework("One", (Bucket("AssetClass/EQ", "Equity", 1.0),))
    >>> [place(one, subject) for subject in ("AssetClass/EQ", "AssetClass", "rebalancing.band", "")]
    ['Equity', 'Top level', 'Policy', '']
    """
    found = tree.find(framework, subject)
    if found is not None:
        return found.label
    if subject in {tree.dimension(bucket.path) for bucket in framework.buckets}:
        return NO_PARENT
    return ELSEWHERE.get(subject.split(".")[0].split("[")[0], subject)


def policy() -> None:
    """Draws the rebalancing policy."""
    policy_details.picker()


def save(db: Database, draft: Draft, issues: tuple[Finding, ...]) -> bool:
    """True when everything is saved and valid, so that products can be chosen; else the button that saves."""
    blocking = errors(issues)
    stale = st.session_state.get(_CONFLICT)
    if stale and draft.dirty:
        _conflict(db, draft, stale)
        return False
    label = f"Save as version {draft.latest + 1}"
    if not draft.dirty:
        st.button(label, disabled=True, help="There is nothing to save", key="save")
        return not blocking and bool(draft.now.buckets)
    reason = "Fix the error first" if len(blocking) == 1 else f"Fix the {len(blocking)} errors first"
    if widgets.action(label, disabled=bool(blocking), help=reason if blocking else None, key="save"):
        _save(db, draft, draft.latest)
    return False


def _save(db: Database, draft: Draft, expected: int) -> None:
    try:
        saved = design.revise(db, draft.base.id, expected, draft.now)
    except EditConflictError as error:
        st.session_state[_CONFLICT] = error.current
        st.rerun()
    st.session_state.pop(_CONFLICT, None)
    state.open_saved(db, draft, saved)


def _conflict(db: Database, draft: Draft, current: int) -> None:
    """Somebody saved first: what they changed, and the choice between the two."""
    other = design.get_framework(db, draft.base.id, current)
    with st.container(border=True, key="conflict"):
        at = f" at {other.updated_at:%H:%M}" if other.updated_at else ""
        st.markdown(
            f":red-badge[:material/error: Conflict] **Someone saved version {current}{at}.**  \n"
            f"Compare, then save yours as version {current + 1}, or take theirs."
        )
        with st.expander("What changed between theirs and yours"):
            versions.changes(diff(other, draft.now), "Both are the same.")
        with st.container(horizontal=True):
            if widgets.action(f"Save as version {current + 1}", key="save-anyway"):
                _save(db, draft, current)
            if st.button(f"Open version {current}"):
                st.session_state.pop(_CONFLICT, None)
                state.forget(draft)
                session.put(session.forward(version=current, portfolio="", run=""))
                st.rerun()


def onward(*, ready: bool) -> None:
    """Draws the way on from a saved allocation: to its products, or past them where they were carried over."""
    if ready and session.ids().portfolio:
        if widgets.action("Run the backtest", key="to-backtest"):
            session.go("backtest", session.forward(run=""))
        if st.button("Choose products", key="to-mapping"):
            session.go("mapping")
    elif ready and widgets.action("Choose products", key="to-mapping"):
        session.go("mapping")


def more(db: Database, draft: Draft) -> None:
    """Draws versions, export, the plain table, and what happens to the framework as a whole."""
    with st.popover("More", icon=":material/more_horiz:", key=_MORE, on_change="rerun") as box:
        if box.open:
            _more(db, draft)
    match dialogs.asked():
        case "versions":
            versions.show(db, draft.base.id, draft.base.version)
        case "details":
            framework_details.show(db)
        case "archive":
            shelf_parts.ask(db, "framework", draft.base.id, draft.base.name, lambda: session.go("start", session.Ids()))


def _more(db: Database, draft: Draft) -> None:
    st.toggle("Edit as a plain table", key="allocation-table", persist_state="session")
    if draft.base.version:
        st.button(
            "Versions", icon=":material/history:", width="stretch", on_click=dialogs.ask_for, args=("versions", _MORE)
        )
    stem = "".join(c if c.isalnum() else "-" for c in draft.now.name.lower()).strip("-") or "framework"
    files: tuple[tuple[str, str, str | Callable[[], bytes]], ...] = (
        ("JSON", "json", design.as_text(draft.now, "json")),
        ("CSV", "csv", design.as_text(draft.now, "csv")),
        ("Excel", "xlsx", partial(design.as_workbook, draft.now)),
    )
    for words, kind, content in files:
        st.download_button(
            f"Export {words}",
            content,
            f"{stem}.{kind}",
            key=f"export-{kind}",
            icon=":material/download:",
            on_click="ignore",
            width="stretch",
        )
    _whole(db, draft)


def _whole(db: Database, draft: Draft) -> None:
    """The framework as a whole: its name and details, a copy, and away."""
    wide: dict[str, Any] = {"width": "stretch"}
    st.button("Name and details", icon=":material/edit:", on_click=dialogs.ask_for, args=("details", _MORE), **wide)
    if not draft.base.version:
        return
    if st.button("Duplicate", icon=":material/content_copy:", **wide):
        session.go("allocation", session.Ids(framework=shelf.duplicate(db, "framework", draft.base.id)))
    st.button("Archive…", icon=":material/archive:", on_click=dialogs.ask_for, args=("archive", _MORE), **wide)


def details(db: Database, path: str) -> None:
    """Draws the dialog of one bucket."""
    bucket_details.show(path, catalogue.tags(db))
