"""Places on the sheet."""

from __future__ import annotations

from keel.pack.paper.picture import Axis, path


def test_values_lie_between_the_places_and_one_value_does_not_divide_by_zero() -> None:
    up = Axis(0.0, 1.0, 100.0, 0.0)
    assert [up.at(v) for v in (0.0, 0.25, 1.0)] == [100.0, 75.0, 0.0]
    assert Axis(2.0, 2.0, 10.0, 90.0).at(2.0) == 10.0
    assert path([0.0, 1.0], [0.0, 1.0], Axis(0.0, 1.0, 0.0, 10.0), up) == ((0.0, 100.0), (10.0, 0.0))
