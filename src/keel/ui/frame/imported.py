"""Files of one's own on any page: looked at before they come in, and what came by them, with a way back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

import streamlit as st

from keel.errors import KeelError
from keel.sources.files.disk import spooled
from keel.store.connection import Database
from keel.ui.frame import root, waiting, widgets

if TYPE_CHECKING:
    from typing import Any

    from streamlit.runtime.uploaded_file_manager import UploadedFile

    from keel.services.shared.job import Job

SEEN = "file-seen"


class Made(Protocol):
    """An import."""

    @property
    def id(self) -> str:
        """Its id."""


T = TypeVar("T")
M = TypeVar("M", bound=Made)
Undo = Callable[[Database, str], object]


def looked(file: UploadedFile, asked: object, look: Callable[[Path], T]) -> T | KeelError:
    """What a file would become, or why it cannot be read; kept while it, and what is asked beside it, stay."""
    key = f"{SEEN}-{file.file_id}-{asked}"
    if key not in st.session_state:
        try:
            with spooled(file.getvalue()) as path:
                st.session_state[key] = look(path)
        except KeelError as error:
            st.session_state[key] = error
    seen: T | KeelError = st.session_state[key]
    return seen


def forget() -> None:
    """Forgets what was looked at, once it is imported."""
    for key in [key for key in st.session_state if str(key).startswith(SEEN)]:
        del st.session_state[key]


def refused(noun: str) -> None:
    """Says why the last import of this noun could not be undone, where it could not."""
    if isinstance(error := st.session_state.get(_refusal(noun)), KeelError):
        widgets.problem(error)


def listed(made: Sequence[M], noun: str, words: Callable[[M], str], undo: Undo) -> None:
    """Draws a page of the imports of a noun, each in ``words`` (Markdown) with a button that takes it out again."""
    for one in widgets.page_of(made, f"imports-{noun}", "Imports"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(words(one), width="stretch")
            st.button("Undo", icon=":material/undo:", key=f"undo-{one.id}", on_click=_undo, args=(noun, undo, one.id))


def under_way(job: Job[Any], key: str) -> None:
    """Draws how far a large import is, or why it did not end; what it brought stands among the imports."""
    if not waiting.unanswered(job, key) and job.stopped():
        st.caption("The import was stopped; what was not whole was not stored.")


def _undo(noun: str, undo: Undo, id: str) -> None:
    st.session_state[_refusal(noun)] = None
    try:
        undo(root.database(), id)
    except KeelError as error:
        st.session_state[_refusal(noun)] = error


def _refusal(noun: str) -> str:
    return f"undo-refused-{noun}"
