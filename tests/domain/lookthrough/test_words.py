"""X-rays in sentences."""

from __future__ import annotations

import pytest

from keel.domain.constraints.exposures import UNKNOWN
from keel.domain.lookthrough.words import finding
from keel.domain.lookthrough.xray import IN_CASH, Dimension, Slice


def of(*slices: Slice, title: str = "Region") -> str:
    return finding(Dimension(title.lower(), title, slices))


US, JAPAN = Slice("region:us", "US", 0.6, 0.602), Slice("region:japan", "Japan", 0.4, 0.398)


@pytest.mark.parametrize(
    ("slices", "words"),
    [
        ((US, JAPAN), "Held as targeted."),
        ((Slice("a", "US", 0.6, 0.5), Slice("b", "Japan", 0.4, 0.4)), "US makes 50.0%, its target is 60.0%."),
        (
            (Slice("a", "US", 0.6, 0.6), Slice("b", "Japan", 0.4, 0.1), Slice(UNKNOWN, "Not known", 0.0, 0.3)),
            "Japan makes 10.0%, its target is 40.0%. The region of 30.0% is not known.",
        ),
        ((US, Slice(UNKNOWN, "Not known", 0.0, 0.7)), "The region of 70.0% is not known."),
        ((Slice(IN_CASH, "Cash", 0.0, 1.0),), "All of it is cash."),
        (
            (Slice("a", "US", 0.0, 0.4), Slice("b", "Japan", 0.0, 0.6), Slice(UNKNOWN, "Not known", 1.0, 0.0)),
            "Japan is the largest with 60.0%.",
        ),
    ],
)
def test_the_sentence_says_what_matters(slices: tuple[Slice, ...], words: str) -> None:
    assert of(*slices) == words


def test_companies_have_no_targets() -> None:
    assert of(Slice("AAPL", "AAPL", None, 0.07), Slice("MSFT", "MSFT", None, 0.9), title="Company") == (
        "MSFT is the largest with 90.0%."
    )
