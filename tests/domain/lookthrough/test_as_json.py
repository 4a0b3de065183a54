"""X-rays and overlaps as they are printed."""

from __future__ import annotations

from keel.domain.constraints.exposures import Line, of_lines
from keel.domain.framework.records import Bucket, Framework
from keel.domain.lookthrough.as_json import overlap_json, xray_json
from keel.domain.lookthrough.overlap import overlap
from keel.domain.lookthrough.xray import xray


def test_a_dimension_stands_with_its_slices() -> None:
    one = Framework("One", (Bucket("A/Cash", "Cash", 1.0),))
    first, *_ = xray_json(xray(one, of_lines([Line("A/Cash", "Cash", "CASH", 1.0)], {})))
    assert first == {
        "dimension": "asset_class",
        "unknown": 0.0,
        "slices": [
            {"member": "asset_class:cash", "label": "Cash", "target": 1.0, "held": 1.0},
        ],
    }


def test_an_overlap_stands_with_its_sentence() -> None:
    assert overlap_json(("A", "B"), overlap({"X": 1.0}, {"X": 0.5, "Y": 0.5})) == {
        "products": ["A", "B"],
        "overlap": 0.5,
        "at_most": 0.5,
        "known": [1.0, 1.0],
        "common": [{"company": "X", "weights": [1.0, 0.5]}],
        "message": "A and B have 50.0% in common.",
    }
