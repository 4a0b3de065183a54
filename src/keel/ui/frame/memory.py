"""What pages computed, kept for the next rerun: once per database, revision of the prices, and question."""

from __future__ import annotations

import threading
import weakref
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, TypeVar, cast

from keel.services import study

if TYPE_CHECKING:
    from keel.store.connection import Database

Value = TypeVar("Value")
MOST = 200

_lock = threading.Lock()
_kept: weakref.WeakKeyDictionary[Database, OrderedDict[Hashable, object]] = weakref.WeakKeyDictionary()


def kept(db: Database, question: Hashable, make: Callable[[], Value]) -> Value:
    """What ``make`` gives, computed once for a question as long as the prices stay; do not change it.

    The least recently used of more than 200 answers are forgotten. An error is not kept.
    """
    key = (study.revision(db), question)
    with _lock:
        answers = _kept.setdefault(db, OrderedDict())
        if key in answers:
            answers.move_to_end(key)
            return cast("Value", answers[key])
    value = make()
    with _lock:
        answers[key] = value
        while len(answers) > MOST:
            answers.popitem(last=False)
    return value
