"""Bytes to text, whatever the bytes: the text, or one clear complaint."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from keel.domain.reading.place import Place

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # begins with the UTF-16 mark: looked for first
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROLS = re.compile("[\0-\x08\x0b\x0e-\x1f]")  # all of ASCII but tab, line and page ends
_NO_TEXT = re.compile(b"[\0-\x08\x0b\x0e-\x1f\x7f]")
_HEAD = 10_000  # as much is looked at to tell text from binary data


def decode(data: bytes, place: Place, kinds: str = "JSON or CSV") -> str:
    """The text of a file: UTF-8, UTF-16 or UTF-32 with or without a mark, else Windows-1252 where it can be text.

    ``kinds`` are the kinds of file that can be read where this one was given. Raises ImportFormatError for a file
    without any text and for binary data.

    >>> decode("Größe".encode("utf-16"), Place("a.csv")), decode(b"Gr\\xf6\\xdfe", Place("a.csv"))
    ('Größe', 'Größe')
    """
    for encoding in _candidates(data):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text and not _CONTROLS.search(text, 0, _HEAD):
            return _require_some(text.removeprefix("\ufeff"), place, kinds)
    hint = "Save the sheet as CSV first." if data.startswith(b"PK") else f"Give a {kinds} file."
    raise place.error("this is not text but binary data.", hint)


def _candidates(data: bytes) -> Iterator[str]:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            yield encoding
            return
    yield "utf-8"
    head = data[:_HEAD]
    if len(data) % 2 == 0 and head.count(0) > len(head) // 4:
        yield "utf-16-le" if head[1::2].count(0) > head[0::2].count(0) else "utf-16-be"
    if not _NO_TEXT.search(head):
        yield "cp1252"


def _require_some(text: str, place: Place, kinds: str) -> str:
    if not text.strip():
        raise place.error("the file is empty.", f"Give a {kinds} file.")
    return text
