"""The allocation under edit: the draft of this session, kept in the database, and everything that changes it.

Callbacks run before the page is drawn again; what they refuse becomes one sentence under the tree.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, NoReturn

import streamlit as st

from keel.domain.constraints.evaluation import Restated
from keel.domain.framework import editing, tree
from keel.domain.framework.records import Bucket, Constraint, Framework
from keel.domain.issue import Fix
from keel.errors import KeelError
from keel.services import design, mapping
from keel.services.shared.contents import renamed
from keel.services.work import drafts
from keel.ui.allocation import tree_rows
from keel.ui.allocation.draft import Draft, begin, changed, redone, undone
from keel.ui.components.bucket_tree import operations
from keel.ui.frame import dialogs, root, session

if TYPE_CHECKING:
    from keel.store.connection import Database

TREE, TABLE = "bucket-tree", "bucket-table"
_NOTE, _REVISION, _BASIS = "allocation-note", "allocation-revision", "allocation-basis"
WHOLE, PARENT = "Share of whole", "Share of parent"


def draft_key(framework_id: str, version: int) -> str:
    """Where a draft is kept in session state."""
    return f"draft-{framework_id}-{version}"


def load(db: Database) -> Draft:
    """The draft of the version in the link (without one, of the latest, which the link then names), as it was left."""
    now = session.ids()
    known = st.session_state.get(draft_key(now.framework, now.version or 0))  # 0: a file's, not stored yet
    draft = _newest(db, known if known is not None else _opened(db, now))
    st.session_state[_BASIS] = draft_key(draft.base.id, draft.base.version)
    return draft


def _opened(db: Database, ids: session.Ids) -> Draft:
    """A draft of the version in the link, without the changes that are kept for it."""
    file = drafts.edit_of_file(db, ids.framework) if ids.version is None else None
    if file is not None:
        return begin(replace(file.framework, buckets=(), constraints=()), 0)
    base = design.get_framework(db, ids.framework, ids.version)
    latest = base.version if ids.version is None else design.get_framework(db, ids.framework).version
    session.put(replace(ids, version=base.version))
    return begin(base, max(latest, base.version))


def _newest(db: Database, draft: Draft) -> Draft:
    """The draft with what another tab or another device has changed since, or has thrown away, as one more step."""
    kept, last = drafts.edit(db, draft.base), st.session_state.get(_kept_at(draft))
    if kept is None and last is not None:
        return _gone(db, draft)
    if kept is not None and kept.at != last:
        return _hold(changed(draft, kept.framework), kept.at)
    return _hold(draft, last, anew=False)


def _gone(db: Database, draft: Draft) -> Draft:
    """The draft after its changes left the store: saved or thrown away elsewhere. A conflict keeps them."""
    if not draft.base.version:
        return _hold(draft, None, anew=False)
    newest = design.get_framework(db, draft.base.id)
    saved = replace(newest, version=draft.base.version, updated_at=draft.base.updated_at)
    if newest.version > draft.latest and saved != draft.now:
        return keep(draft)
    return _hold(changed(draft, draft.base), None)


def keep(draft: Draft) -> Draft:
    """The draft, kept for the next run, and in the database for the next session."""
    return _hold(draft, drafts.keep_edit(root.database(), draft.base, draft.now))


def _hold(draft: Draft, at: datetime | None, *, anew: bool = True) -> Draft:
    """The draft, kept for the next run; ``at`` is when the database got it, ``anew`` lets the editors draw again.

    The draft comes last: an edit that is broken off before is made once more, and one after it never is.
    """
    st.session_state[_kept_at(draft)] = at
    if anew:
        st.session_state[_REVISION] = revision() + 1
    st.session_state[draft_key(draft.base.id, draft.base.version)] = draft
    return draft


def _kept_at(draft: Draft) -> str:
    return f"{draft_key(draft.base.id, draft.base.version)}-kept-at"


def forget(draft: Draft) -> None:
    """Lets go of the draft: it is read from the store the next time."""
    st.session_state.pop(draft_key(draft.base.id, draft.base.version), None)
    st.session_state.pop(_kept_at(draft), None)
    drafts.drop_edit(root.database(), draft.base)


def open_saved(db: Database, draft: Draft, saved: Framework) -> NoReturn:
    """Lets go of the draft for the version that was saved of it, with the products that go along."""
    forget(draft)
    carried = mapping.carry(db, saved)
    session.put(session.forward(version=saved.version, portfolio=carried.id if carried else "", run=""))
    st.rerun()


def revision() -> int:
    """A number that grows with every change and every refusal, so that the editors draw anew."""
    return int(st.session_state.get(_REVISION, 0))


def current() -> Draft:
    """The draft the page was drawn with."""
    draft: Draft = st.session_state[st.session_state[_BASIS]]
    return draft


def note() -> str:
    """Why the last edit was refused, once; empty when it was not."""
    return str(st.session_state.pop(_NOTE, ""))


def of_parent() -> bool:
    """True while weights are shown as shares of the bucket above."""
    return st.session_state.get("allocation-share") == PARENT


def step(work: Callable[[Framework], Framework]) -> bool:
    """True when the edit was made; a refusal is kept for ``note``."""
    draft = current()
    try:
        keep(changed(draft, work(draft.now)))
    except KeelError as error:
        st.session_state[_NOTE] = f"{error.message} {error.hint}".strip()
        st.session_state[_REVISION] = revision() + 1
        return False
    return True


def undo() -> None:
    """Goes one step back."""
    keep(undone(current()))


def redo() -> None:
    """Goes one step forth."""
    keep(redone(current()))


def discard() -> None:
    """Goes back to the stored version (and undo brings the edits back)."""
    step(lambda _: current().base)


def drop(base: Framework) -> None:
    """Throws away the unsaved changes to another version than the open one."""
    forget(begin(base, base.version))


def apply(fix: Fix) -> None:
    """Makes a remedy's edits, all at once."""
    if isinstance(fix, Restated):
        step(lambda framework: editing.put_constraint(framework, fix.place, fix.constraint))
    else:
        step(lambda framework: editing.revise(framework, fix.edits))


def put_limit(place: int | None, limit: Constraint) -> bool:
    """True when the limit stands in the place of another, or after the others without a place."""
    return step(lambda framework: editing.put_constraint(framework, place, limit))


def remove_limit(place: int) -> None:
    """Takes a limit away."""
    step(lambda framework: editing.remove_constraint(framework, place))


def operate() -> None:
    """Makes the edits that the tree just sent."""
    for op in operations(TREE):
        _operate(op)


def _operate(op: dict[str, Any]) -> None:
    match op["type"]:
        case "open":
            dialogs.ask_for(str(op["path"]))
        case "undo":
            undo()
        case "redo":
            redo()
        case _:
            step(lambda framework: operated(framework, op))


def operated(framework: Framework, op: dict[str, Any]) -> Framework:
    """The framework after one operation of the tree: write, move or remove."""
    path = str(op["path"])
    match op["type"]:
        case "write" if op["field"] == "label":
            return renamed(framework, path, tree_rows.require_text(str(op["text"]), "A bucket"))
        case "write" if op["field"] in tree_rows.FIELDS:
            return tree_rows.typed(framework, path, op["field"], str(op["text"]), of_parent=of_parent())
        case "move":
            place = op.get("position")
            return editing.move_bucket(framework, path, op.get("above") or None, None if place is None else int(place))
        case "remove":
            return editing.remove_bucket(framework, path)
    return framework


def tabled(key: str) -> None:
    """Makes the edits typed into the plain table, cell by cell."""
    edited = st.session_state[key].get("edited_rows", {})
    shown = tree_rows.rows(current().now, {}, of_parent=of_parent())
    columns = dict(zip(("Target %", "Min %", "Max %"), tree_rows.FIELDS, strict=True))
    for index, cells in edited.items():
        path = shown[int(index)].path
        for title, value in cells.items():
            text = "" if value is None else str(value)
            if title == "Bucket":
                step(lambda f, p=path, t=text: renamed(f, p, tree_rows.require_text(t, "A bucket")))  # type: ignore[misc]
            elif title in columns:
                step(lambda f, p=path, c=columns[title], t=text: tree_rows.typed(f, p, c, t, of_parent=of_parent()))  # type: ignore[misc]


def add(label: str, above: str | None, weight: str) -> bool:
    """True when the bucket was added."""

    def work(framework: Framework) -> Framework:
        name = tree_rows.require_text(label, "A bucket")
        path = editing.path_for(framework, above, name)
        empty = editing.add_bucket(framework, Bucket(path, name, 0.0))
        return tree_rows.typed(empty, path, "target_weight", weight or "0", of_parent=of_parent())

    return step(work)


def keep_rest(path: str) -> None:
    """Makes what the parts of a bucket leave of it one more part."""
    step(lambda framework: editing.keep_rest(framework, path))


def ask_for(path: str) -> None:
    """Opens the details of a bucket with the next run."""
    dialogs.ask_for(path)
    st.rerun()


def opened() -> str | None:
    """The path of the bucket whose details are open."""
    path = dialogs.asked()
    return path if path and tree.find(current().now, path) else None
