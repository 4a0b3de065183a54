"""Unsaved edits and the way back."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from keel.domain.framework.records import Framework
from keel.ui.allocation.draft import DEPTH, begin, changed, redone, undone

BASE = Framework("base", id="fw", version=3)


@given(st.lists(st.text(min_size=1, max_size=3), max_size=12))
def test_undoing_every_step_returns_to_the_base(names: list[str]) -> None:
    draft = begin(BASE, 3)
    for name in names:
        draft = changed(draft, Framework(name, id="fw", version=3))
    last = draft.now
    for _ in names:
        draft = undone(draft)
    assert draft.now == BASE
    assert not draft.dirty
    for _ in names:
        draft = redone(draft)
    assert draft.now == last


def test_an_edit_after_undo_forgets_what_was_undone() -> None:
    draft = changed(undone(changed(begin(BASE, 3), Framework("a"))), Framework("b"))
    assert redone(draft).now.name == "b"


def test_an_edit_that_changes_nothing_is_no_step() -> None:
    draft = begin(BASE, 3)
    assert changed(draft, BASE) is draft


def test_the_memory_of_steps_is_limited() -> None:
    draft = begin(BASE, 3)
    for n in range(DEPTH + 20):
        draft = changed(draft, Framework(str(n)))
    assert len(draft.past) == DEPTH
