"""A firm's name and logo: pictures pass, what asks for more does not."""

from __future__ import annotations

import struct
import zlib

import pytest

from keel.domain.brand import SIGNATURE, read_logo, read_name
from keel.errors import InputError

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><!-- a dot --><circle cx="4" cy="4" r="3"/></svg>'


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(width: int = 2, height: int = 2, rows: bytes | None = None, extra: bytes = b"", interlaced: int = 0) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, interlaced)
    pixels = zlib.compress(height * (b"\0" + bytes(3 * width)) if rows is None else rows)
    return SIGNATURE + chunk(b"IHDR", head) + extra + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def test_a_picture_passes_and_loses_what_is_none() -> None:
    assert read_logo(SVG).kind == "svg"
    logo = read_logo(png(extra=chunk(b"tEXt", b"Comment\0secret")))
    assert (logo.kind, logo.data) == ("png", png())


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GIF89a",
        b"<html/>",
        SIGNATURE,
        png()[:-20],
        png().replace(b"IDAT", b"IDAX"),
        png(rows=b"\0" * 10_000_000),
        png(width=90_000),
        png(interlaced=1),
        b"x" * 600_000,
        b'<!DOCTYPE svg [<!ENTITY a "aa">]><svg xmlns="http://www.w3.org/2000/svg"/>',
        SVG.replace(b"<circle", b"<script>1</script><circle"),
        SVG.replace(b"<circle", b'<image href="http://elsewhere/x.png"/><circle'),
        SVG.replace(b"<circle", b'<circle onload="go()"'),
        SVG.replace(b"<circle", b"<circle fill='url(http://elsewhere)'"),
        SVG.replace(b"<circle", b"<style>@import 'x'</style><circle"),
        SVG.replace(b"<circle", b"<foreignObject/><circle"),
    ],
)
def test_anything_else_is_refused_in_one_sentence(data: bytes) -> None:
    with pytest.raises(InputError) as refused:
        read_logo(data)
    assert refused.value.message.startswith("The logo ")
    assert refused.value.message.count(".") == 1 or "0.5 MB" in refused.value.message


def test_a_name_is_one_line_of_fair_length() -> None:
    assert read_name("  Harbour   & Lane ") == "Harbour & Lane"
    for name in ("x" * 81, "a\x1bb"):
        with pytest.raises(InputError):
            read_name(name)
