"""The paper as PDF: set by Typst with fonts of its own, tagged and outlined, the same bytes for the same content."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, cast

from keel.domain.brand import Logo, Paper
from keel.pack.paper.document import Document, values

TEMPLATE = Path(__file__).with_name("page.typ")
ACCESSIBLE = "ua-1"
COVERED = 0x2E80  # beyond it lie scripts that the fonts inside do not have


def pdf(document: Document, made: date, paper: Paper = Paper.a4, logo: Logo | None = None) -> bytes:
    """The document as a PDF file, its creation dated ``made``."""
    text = json.dumps(values(document), ensure_ascii=False)
    asked = {"document": text, "paper": "us-letter" if paper is Paper.letter else "a4", "logo": _logo(logo)}
    stamp = int(datetime(made.year, made.month, made.day, tzinfo=UTC).timestamp())
    given = {"font_paths": _fonts(_is_covered(text)), "sys_inputs": asked, "timestamp": stamp, "root": TEMPLATE.parent}
    typst: Any = import_module("typst")
    try:
        return cast("bytes", typst.compile(TEMPLATE, format="pdf", pdf_standards=[ACCESSIBLE], **given))
    except typst.TypstError:  # a sign that no font has, which the standard forbids
        return cast("bytes", typst.compile(TEMPLATE, format="pdf", **given))


def _is_covered(text: str) -> bool:
    return all(ord(letter) < COVERED for letter in text)


@cache
def _fonts(covered: bool) -> Any:
    """The fonts inside, which are the same everywhere; those of the machine only for scripts that these lack."""
    return import_module("typst").Fonts(include_system_fonts=not covered)


def _logo(logo: Logo | None) -> str:
    return "" if logo is None else json.dumps({"kind": logo.kind, "data": list(logo.data)})
