"""The weights of the score: checked in one sentence, and only their ratios count."""

from __future__ import annotations

import pytest

from keel.domain.portfolio.score_weights import USUAL, ScoreWeights, read_weights
from keel.domain.reading.place import Place
from keel.errors import InputError

HERE = Place("--weights")


def test_a_part_left_out_does_not_count() -> None:
    assert read_weights({"cost": 1, "size": "50%"}, HERE) == ScoreWeights(1.0, 0.0, 0.0, 0.0, 0.5)
    assert read_weights(dict(USUAL.of_parts()), HERE) == USUAL


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"price": 1}, '"price" is no part of a score; the parts are cost, liquidity, history, fit, size.'),
        ({"cost": -1}, "field cost: -1 is below 0, the least a part can count."),
        ({"cost": 0}, "no part of the score counts; give one of cost, liquidity, history, fit, size more than 0."),
        ({"cost": 1e300}, "field cost: 1e+300 is above 1,000,000, the most a part can count."),
        ({}, "no part of the score counts"),
        ({"cost": "much"}, "field cost: "),
        ([1], "must be an object"),
    ],
)
def test_what_cannot_be_used_is_refused_in_one_sentence(given: object, sentence: str) -> None:
    with pytest.raises(InputError) as refused:
        read_weights(given, HERE)
    assert sentence in str(refused.value)
    assert "\n" not in str(refused.value)
