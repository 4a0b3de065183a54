"""The whole paper: its cover and its chapters, those that have nothing to say left out."""

from __future__ import annotations

from dataclasses import replace

from keel import units, vocabulary
from keel.domain.text import plain
from keel.pack.material import Material
from keel.pack.paper.bars import allocation, targets
from keel.pack.paper.document import Document, Figure, Text
from keel.pack.sections.history import history_section, sources_section
from keel.pack.sections.plan import plan_section
from keel.pack.sections.policy import in_short, policy_section, widths
from keel.pack.sections.standing import standing_section

SUBTITLE = "Investment policy statement"
MOST_POLICIES = 6
LONGEST_NAME, LONGEST_TITLE = 24, 120


def whole(material: Material) -> Document:
    """The paper of a client pack."""
    material = _few(material)
    framework, brand = material.framework, material.brand
    bands = widths(framework, material.results[0].book)
    rows = targets(framework, bands)
    legend = "Target of each bucket" + (", and the band within which nothing is traded." if bands else ".")
    in_words = ", ".join(f"{row.label} {units.weight(row.target)}" for row in rows)
    standing = (standing_section(material.drift, framework.base_ccy),) if material.drift else ()
    trading = (plan_section(material.plan, framework.base_ccy),) if material.plan else ()
    return Document(
        title=plain(framework.name, LONGEST_TITLE),
        subtitle=SUBTITLE,
        made=units.day(material.made),
        notice=vocabulary.HYPOTHETICAL,
        opening=(Figure(allocation(rows), in_words), Text(legend, quiet=True), in_short(material)),
        sections=(policy_section(material), *standing, *trading, history_section(material), sources_section(material)),
        client=material.client,
        firm=brand.firm,
        line=brand.line,
    )


def _few(material: Material) -> Material:
    """The same with as many policies as a page is wide, names cut to what a column takes, and a notice of the rest."""
    rest = len(material.results) - MOST_POLICIES
    said = (f"{rest} more policies were run; the workbook has them all.",) if rest > 0 else ()
    results = tuple(replace(r, name=plain(r.name, LONGEST_NAME)) for r in material.results[:MOST_POLICIES])
    return replace(material, results=results, notes=(*said, *material.notes))
