"""X-rays and overlaps as plain values, ready for JSON: the command line and REST print the same."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from keel.domain.lookthrough.overlap import Overlap, in_words
from keel.domain.lookthrough.xray import XRay


def xray_json(found: XRay) -> list[dict[str, object]]:
    """Each dimension with its slices, fractions of the whole; ``target`` is null where targets say nothing."""
    return [
        {
            "dimension": dimension.name,
            "unknown": dimension.unknown,
            "slices": [
                {"member": s.member, "label": s.label, "target": s.target, "held": s.held} for s in dimension.slices
            ],
        }
        for dimension in found
    ]


def made_json(symbol: str, found: XRay, sources: Iterable[tuple[str, str, date | None]]) -> dict[str, object]:
    """What a product is made of, and who says it of which dimension."""
    said = [{"dimension": of, "source": who, "as_of": day.isoformat() if day else None} for of, who, day in sources]
    return {"symbol": symbol, "dimensions": xray_json(found), "sources": said}


def overlap_json(names: tuple[str, str], found: Overlap) -> dict[str, object]:
    """What two products have in common: Σ min of the weights known, what it may be at most, and the largest of it."""
    return {
        "products": list(names),
        "overlap": found.least,
        "at_most": found.most,
        "known": list(found.known),
        "common": [{"company": c.company, "weights": [c.first, c.second]} for c in found.common],
        "message": in_words(names, found),
    }
