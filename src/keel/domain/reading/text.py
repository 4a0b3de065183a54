"""Bytes to text and text to JSON values, whatever the bytes: one clear complaint, never a crash."""

from __future__ import annotations

import codecs
import json
import math
from collections import Counter
from collections.abc import Iterator

from keel.domain.reading.place import Place
from keel.domain.text import plain, shown
from keel.errors import ImportFormatError

DEEPEST = 60
MOST_VALUES = 200_000  # objects and lists on one level; the largest framework has a tenth of that

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROLS = frozenset(range(32)) - {9, 10, 12, 13}


def decode(data: bytes, place: Place) -> str:
    """The text of a file: UTF-8, UTF-16 or UTF-32 with or without a mark, else Windows-1252 where it can be text."""
    for encoding in _candidates(data):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text and not _control_heavy(text):
            return text.removeprefix("\ufeff")
    hint = "Save the sheet as CSV first." if data.startswith(b"PK") else "Give a JSON or CSV file."
    raise place.error("this is not text but binary data.", hint)


def _candidates(data: bytes) -> Iterator[str]:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            yield encoding
            return
    yield "utf-8"
    head = data[:4096]
    if len(data) % 2 == 0 and head.count(0) > len(head) // 4:
        yield "utf-16-le" if head[1::2].count(0) > head[0::2].count(0) else "utf-16-be"
    if not any(byte in _CONTROLS or byte == 127 for byte in head):
        yield "cp1252"


def _control_heavy(text: str) -> bool:
    return any(ord(c) in _CONTROLS for c in text[:4096])


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
    character, and nesting deeper than 60.
    """
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
            if len(below) > MOST_VALUES:
                raise place.error("it holds far more values than a framework has.", "Check that it is a framework.")
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
        for n, inner in enumerate(item[: MOST_VALUES + 1]):
            if isinstance(inner, dict | list):
                below.append((inner, at.item(n)))
            elif not isinstance(inner, bool | int | None):
                _require_scalar(inner, at.item(n))


def _require_scalar(value: object, place: Place) -> None:
    if isinstance(value, float) and not math.isfinite(value):
        raise place.error("is not a finite number.", "Write a number such as 0.6.")
    if isinstance(value, str) and not value.isascii():
        try:
            value.encode("utf-8")
        except UnicodeEncodeError:
            raise place.error("holds half a character.", "Write the text again.") from None
