"""Text to JSON values, whatever the text: one clear complaint, never a crash."""

from __future__ import annotations

import json
import math
from collections import Counter

from keel.domain.reading.place import Place
from keel.domain.text import plain, shown
from keel.errors import ImportFormatError

DEEPEST = 60
MOST_VALUES = 200_000  # of a file, in the whole; the largest framework has a third of that


class _Object(dict[str, object]):
    """A JSON object that remembers a key given twice."""

    twice: str | None = None


def _object(pairs: list[tuple[str, object]]) -> _Object:
    found = _Object(pairs)
    if len(found) < len(pairs):
        found.twice = next(key for key, count in Counter(key for key, _ in pairs).items() if count > 1)
    return found


def load_json(text: str, place: Place) -> object:
    """The JSON value of a text.

    Raises ImportFormatError for a syntax error (with line and column), a key given twice, NaN and Infinity, half a
    character, nesting deeper than 60, and more values than can be used.
    """
    if text.count(",") > MOST_VALUES:  # before they are values: a text of 17 MB can become 1.6 GB of them
        raise place.error("it holds far more values than can be used.", "Check that it is the right file.")
    try:
        value = json.loads(text, object_pairs_hook=_object)
    except json.JSONDecodeError as error:
        raise _syntax_error(error, place) from None
    except RecursionError:
        raise place.error(f"it is nested too deeply; at most {DEEPEST} levels can be read.") from None
    except ValueError:  # an integer of more than 4,300 digits
        raise place.error("it holds a number too long to be read.") from None
    _require_sound(value, place)
    return value


def _syntax_error(error: json.JSONDecodeError, place: Place) -> ImportFormatError:
    what = f"not valid JSON ({plain(error.msg[0].lower() + error.msg[1:])})."
    if place.row is not None:
        return place.error(f"character {error.colno} is {what}")
    message = f"{place}, line {error.lineno}, column {error.colno}: {what}"
    return ImportFormatError(message, row=error.lineno, column=str(error.colno), subject=place.file)


def _require_sound(value: object, place: Place) -> None:
    """Raise at the first object, number or text that cannot be used. Walks without recursion, level by level."""
    if not isinstance(value, dict | list):
        _require_scalar(value, place)
        return
    level: list[tuple[object, Place]] = [(value, place)]
    for _ in range(DEEPEST):
        below: list[tuple[object, Place]] = []
        for item, at in level:
            _look_inside(item, at, below)
        level = below
        if not level:
            return
    raise place.error(f"it is nested too deeply; at most {DEEPEST} levels can be read.")


def _look_inside(item: object, at: Place, below: list[tuple[object, Place]]) -> None:
    """Judge one object or list and put the objects and lists in it on the pile."""
    if isinstance(item, _Object):
        if item.twice is not None:
            raise at.field(item.twice).error(f"the key {shown(item.twice)} is given twice.")
        for key, inner in item.items():
            _require_scalar(key, at)
            if isinstance(inner, dict | list):
                below.append((inner, at.field(key)))
            elif not isinstance(inner, bool | int | None):
                _require_scalar(inner, at.field(key))
    elif isinstance(item, list):
        for n, inner in enumerate(item):
            if isinstance(inner, dict | list):
                below.append((inner, at.item(n)))
            elif not isinstance(inner, bool | int | None):
                _require_scalar(inner, at.item(n))


def _require_scalar(value: object, place: Place) -> None:
    if isinstance(value, float) and not math.isfinite(value):
        word = "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
        raise place.error(f"{word} is not a finite number.", "Write a number such as 0.6.")
    if isinstance(value, str) and not value.isascii():
        try:
            value.encode("utf-8")
        except UnicodeEncodeError:
            raise place.error("holds half a character.", "Write the text again.") from None
