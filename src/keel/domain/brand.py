"""A firm's name and logo as they stand on what it hands over; a logo is somebody's file and judged as that."""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import NoReturn
from xml.etree import ElementTree

from keel.domain.text import has_controls, tidy
from keel.errors import InputError

LARGEST_LOGO = 500_000  # bytes
WIDEST = 4_000  # pixels
MOST_ELEMENTS = 5_000
LONGEST_NAME = 80
LONGEST_LINE = 160
SIGNATURE = b"\x89PNG\r\n\x1a\n"
DRAWN = (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND")  # chunks that are the picture; the others are left out
CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}  # by colour type
_SHAPES = (
    "svg g path rect circle ellipse line polyline polygon defs linearGradient radialGradient stop clipPath "
    "title desc metadata style text tspan"
)
SHAPES = frozenset(_SHAPES.split())
_ELSEWHERE = re.compile(r"url\(\s*['\"]?(?!#)|@import|javascript:|data:", re.IGNORECASE)
PLAIN = "Save it as a PNG, or as a plain SVG of shapes."


@dataclass(frozen=True, slots=True)
class Logo:
    """A logo that is safe to set: the bytes, and ``png`` or ``svg``."""

    data: bytes
    kind: str


class Paper(StrEnum):
    """The size of a sheet."""

    a4 = "a4"
    letter = "letter"


@dataclass(frozen=True, slots=True)
class Brand:
    """Who hands over: the firm's name, a line for the foot of the cover such as its address, its logo, and its paper.

    Without a ``paper`` it is the one that is usual for the currency.
    """

    firm: str = ""
    line: str = ""
    logo: Logo | None = None
    paper: Paper | None = None


def read_name(text: str, most: int = LONGEST_NAME) -> str:
    """A name or line on one line. Raises InputError for one too long or with control characters."""
    name = tidy(text)
    if len(name) > most or has_controls(name):
        raise InputError(f"The name has more than {most} characters, or some that cannot be printed.", subject="firm")
    return name


def read_paper(name: str) -> Paper | None:
    """The size of a sheet by its name, None for an empty one. Raises InputError.

    >>> read_paper("a4"), read_paper("")
    (<Paper.a4: 'a4'>, None)
    """
    if name and name not in set(Paper):
        raise InputError(f"There is no paper {name[:20]}.", hint="Choose a4 or letter.", subject="paper")
    return Paper(name) if name else None


def read_logo(data: bytes) -> Logo:
    """The logo of a PNG or SVG file with nothing but its picture. Raises InputError for anything else."""
    if len(data) > LARGEST_LOGO:
        _refuse(f"is larger than {LARGEST_LOGO / 1e6:g} MB", "Save it smaller.")
    if data.startswith(SIGNATURE):
        return Logo(_png(data), "png")
    return Logo(_svg(data), "svg")


def _png(data: bytes) -> bytes:
    """The chunks that are the picture, once it is known to be as large as it says."""
    chunks = [(name, body) for name, body in _chunks(data) if name in DRAWN]
    names = [name for name, _ in chunks]
    if not names or names[0] != b"IHDR" or names[-1] != b"IEND" or b"IDAT" not in names or len(chunks[0][1]) != 13:
        _refuse("is not a whole PNG")
    width, height, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", chunks[0][1])
    if not (0 < width <= WIDEST and 0 < height <= WIDEST) or colour not in CHANNELS or depth not in (1, 2, 4, 8, 16):
        _refuse(f"is not a PNG of at most {WIDEST:,} × {WIDEST:,} pixels")
    if interlaced:
        _refuse("is an interlaced PNG", "Save it without interlacing.")
    size = height * (1 + -(-width * depth * CHANNELS[colour] // 8))
    _require_pixels(b"".join(body for name, body in chunks if name == b"IDAT"), size)
    return SIGNATURE + b"".join(_chunk(name, body) for name, body in chunks)


def _require_pixels(packed: bytes, size: int) -> None:
    """Raises unless the rows unpack to just so many bytes; reads no further than that."""
    unpacking = zlib.decompressobj()
    try:
        rows = unpacking.decompress(packed, size + 1)
    except zlib.error:
        _refuse("is a damaged PNG")
    if len(rows) != size:
        _refuse("is a damaged PNG")


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(SIGNATURE)
    while at + 12 <= len(data):
        size, name = struct.unpack(">I4s", data[at : at + 8])
        body, check = data[at + 8 : at + 8 + size], data[at + 8 + size : at + 12 + size]
        if len(check) != 4 or zlib.crc32(name + body) != struct.unpack(">I", check)[0]:
            _refuse("is a damaged PNG")
        yield name, body
        at += 12 + size


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def _svg(data: bytes) -> bytes:
    """The file itself, once it is known to draw shapes and to ask for nothing from elsewhere."""
    if re.search(rb"<!(DOCTYPE|ENTITY)", data, re.IGNORECASE) or b"\0" in data:
        _refuse("is neither a PNG nor a plain SVG")
    try:
        root = ElementTree.fromstring(data)  # noqa: S314 (declarations of entities are refused above)
    except (ElementTree.ParseError, ValueError, LookupError):
        _refuse("is neither a PNG nor an SVG")
    parts = list(root.iter())
    if _local(root.tag) != "svg" or len(parts) > MOST_ELEMENTS:
        _refuse("is neither a PNG nor a plain SVG")
    for part in parts:
        _require_shape(part)
    return data


def _require_shape(part: ElementTree.Element) -> None:
    if not isinstance(part.tag, str):  # a comment
        return
    name = _local(part.tag)
    own = part.tag.startswith("{http://www.w3.org/2000/svg}") or "}" not in part.tag
    if own and name not in SHAPES:
        _refuse(f"holds <{name[:20]}>, which is no plain shape")
    for attribute, value in part.attrib.items():
        local = _local(attribute).lower()
        if local.startswith("on") or (local == "href" and not value.startswith("#")) or _ELSEWHERE.search(value):
            _refuse("asks for something from elsewhere")
    if name == "style" and _ELSEWHERE.search(part.text or ""):
        _refuse("asks for something from elsewhere")


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _refuse(what: str, hint: str = PLAIN) -> NoReturn:
    raise InputError(f"The logo {what}.", hint=hint, subject="logo")
