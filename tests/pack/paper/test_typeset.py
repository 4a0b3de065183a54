"""The paper as PDF: text that can be read out, tags, an outline, and the same bytes each time."""

from __future__ import annotations

import re
from dataclasses import replace

import pypdfium2 as pdfium
import pytest
from tests.domain.test_brand import SVG, png
from tests.pack.materials import FRAMEWORK, MADE, held

from keel import units
from keel.domain.brand import Paper, read_logo
from keel.pack.paper.typeset import pdf
from keel.pack.sections.whole import whole


@pytest.fixture(scope="module")
def paper() -> bytes:
    return pdf(whole(held()), MADE)


def text(data: bytes) -> str:
    """The text of all pages on one line, blanks and the lines' hyphens as they were."""
    pages = pdfium.PdfDocument(data)
    read = " ".join(page.get_textpage().get_text_range() for page in pages)
    return re.sub(r"\s+", " ", read.replace("\ufffe", "-"))


def test_the_numbers_on_paper_are_those_of_the_study(paper: bytes) -> None:
    made, said = held(), text(paper)
    for result in made.results:
        assert units.pct2(result.metrics["cagr"]) in said
        assert units.pct(result.metrics["max_drawdown"]) in said
        assert units.money(10_000 * float(result.wealth[-1]), "USD") in said
    assert made.results[0].meta.fingerprint in said
    assert "Harbour & Lane" in said
    assert "For The Okafor family, 21 Nov 2026" in said
    assert "Page 1 of" in said


def test_it_is_tagged_titled_outlined_and_in_a_language(paper: bytes) -> None:
    document = pdfium.PdfDocument(paper)
    assert document.get_metadata_value("Title") == "Calm sea – Investment policy statement"
    assert document.is_tagged()
    titles = [mark.get_title() for mark in document.get_toc()]
    assert titles[:2] == ["Investment policy", "Targets"]
    assert b"/Lang" in paper
    assert b"pdfuaid" in paper


def test_the_same_content_is_the_same_bytes(paper: bytes) -> None:
    assert pdf(whole(held()), MADE) == paper


def test_letter_a_logo_and_hostile_words_are_set_as_they_are() -> None:
    name = '#panic("x") $1$ *bold* <b> \\ 株式 🚀 = a'
    made = held()
    hostile = replace(made, framework=replace(FRAMEWORK, name=name), client="@preview/x:0.1.0")
    for logo in (read_logo(SVG), read_logo(png())):
        data = pdf(whole(hostile), MADE, Paper.letter, logo)
    assert '#panic("x") $1$ *bold* <b> \\' in text(data)
    assert pdfium.PdfDocument(data)[0].get_size() == (612.0, 792.0)
