"""Unsaved edits of one framework version: where they start, where they are, and the way back and forth."""

from __future__ import annotations

from dataclasses import dataclass, replace

from keel.domain.framework.records import Framework

DEPTH = 100  # steps that can be undone


@dataclass(frozen=True, slots=True)
class Draft:
    """``base`` is the stored version; ``latest`` the newest version known, which a save must follow."""

    base: Framework
    latest: int
    now: Framework
    past: tuple[Framework, ...] = ()
    future: tuple[Framework, ...] = ()

    @property
    def dirty(self) -> bool:
        """True when there is something to save."""
        return self.now != self.base


def begin(base: Framework, latest: int) -> Draft:
    """A draft without changes."""
    return Draft(base, latest, base)


def changed(draft: Draft, framework: Framework) -> Draft:
    """The draft one step on; the same when nothing changed.

    >>> one = changed(begin(Framework("A"), 1), Framework("B"))
    >>> one.now.name, undone(one).now.name, redone(undone(one)).now.name
    ('B', 'A', 'B')
    """
    if framework == draft.now:
        return draft
    return replace(draft, now=framework, past=(*draft.past, draft.now)[-DEPTH:], future=())


def undone(draft: Draft) -> Draft:
    """The draft one step back."""
    if not draft.past:
        return draft
    return replace(draft, now=draft.past[-1], past=draft.past[:-1], future=(draft.now, *draft.future))


def redone(draft: Draft) -> Draft:
    """The draft one step forth again."""
    if not draft.future:
        return draft
    return replace(draft, now=draft.future[0], past=(*draft.past, draft.now), future=draft.future[1:])
