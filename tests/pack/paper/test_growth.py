"""The growth picture: its lines end where the numbers say, inside the field."""

from __future__ import annotations

import numpy as np
from tests.pack.materials import material

from keel import palette, units
from keel.pack.paper.growth import WIDTH, growth, years
from keel.pack.paper.picture import Line, Picture, Word


def words(picture: Picture) -> list[str]:
    return [mark.text for mark in picture.marks if isinstance(mark, Word)]


def test_each_line_ends_with_its_name_and_value_and_stays_on_the_field() -> None:
    results = material().results
    picture = growth(results, None, "USD")
    for result in results:
        assert result.name in words(picture)
        assert units.money(10_000 * float(result.wealth[-1]), "USD") in words(picture)
    points = [point for mark in picture.marks if isinstance(mark, Line) for point in mark.points]
    assert all(0 <= x <= WIDTH and 0 <= y <= picture.height for x, y in points)


def test_the_reference_is_dotted_and_grey_and_a_benchmark_dashed() -> None:
    results = material().results
    strokes = [m for m in growth(results, results[1], "USD").marks if isinstance(m, Line) and len(m.points) > 2]
    assert {(m.dash, m.colour) for m in strokes} == {
        ("dotted", palette.QUIET),
        ("solid", palette.SLOTS[0]),
        ("dashed", palette.QUIET),
    }


def test_one_policy_alone_has_no_lead_and_is_drawn_in_full() -> None:
    picture = growth(material().results[:1], None, "USD")
    assert not any(word.startswith("against") for word in words(picture))
    assert all(m.dash == "solid" for m in picture.marks if isinstance(m, Line))


def test_a_short_time_is_marked_by_its_ends() -> None:
    days = np.array(["2020-03-02", "2020-11-30"], dtype="datetime64[D]")
    assert [text for _, text in years(days)] == ["Mar 2020", "Nov 2020"]
