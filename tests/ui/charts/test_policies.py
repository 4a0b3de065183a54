"""Surface, frontier, timing fan and confidence."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from keel import units
from keel.ui.charts.confidence import by_start, differences
from keel.ui.charts.fan import by_day, timing_fan
from keel.ui.charts.frontier import best, drawn, frontier, ticks
from keel.ui.charts.surface import policy_surface, ringed
from keel.ui.charts.tokens import DIVERGING, SEQUENTIAL, SLOTS

LOOKS = ("monthly", "yearly")
NAMES = [f"policy {i}" for i in range(6)]


def surface(value: np.ndarray[tuple[int, ...], np.dtype[np.float64]], metric: str = "Return vs never"):  # type: ignore[no-untyped-def]
    return policy_surface(
        [100, 200, 300], LOOKS, value, metric=metric, title="Band, pp", names=NAMES, form=lambda x: units.pp(x, 2)
    )


def test_a_surface_diverges_only_where_both_signs_matter() -> None:
    mixed = surface(np.array([[0.01, -0.01, 0.0], [0.0, 0.02, 0.01]])).data[0]
    assert mixed.colorscale[0][1] == DIVERGING[0]
    assert mixed.zmin == -mixed.zmax
    assert surface(np.full((2, 3), 0.01)).data[0].colorscale[0][1] == SEQUENTIAL[0]
    hardly = surface(np.array([[0.01, -0.0001, 0.0], [0.0, 0.02, 0.01]])).data[0]
    assert hardly.colorscale[0][1] == SEQUENTIAL[0]


def test_every_cell_takes_a_click_and_says_its_policy() -> None:
    targets = surface(np.arange(6.0).reshape(2, 3)).data[1]
    assert list(zip(targets.x, targets.y, strict=True)) == [(0, 0), (1, 0), (2, 0), (0, 1), (1, 1), (2, 1)]
    assert [row[0] for row in targets.customdata] == NAMES


def test_what_was_not_run_stays_empty() -> None:
    heat = surface(np.array([[0.01, np.nan, 0.02], [np.nan, np.nan, np.nan]])).data[0]
    assert (heat.zmin, heat.zmax) == (0.01, 0.02)
    assert np.isnan(np.asarray(heat.z)[1]).all()


def test_the_ring_is_drawn_on_a_copy() -> None:
    bare = surface(np.arange(6.0).reshape(2, 3))
    assert len(ringed(bare, 1, 0).data) == len(bare.data) + 2
    assert len(bare.data) == 2


figures = st.lists(st.tuples(st.floats(0, 1), st.floats(-1, 1)), min_size=1, max_size=40)


@given(figures, st.booleans())
def test_no_policy_of_the_frontier_is_beaten_and_every_other_is(
    points: list[tuple[float, float]], higher: bool
) -> None:
    turnover, value = (np.array(column) for column in zip(*points, strict=True))
    on = best(turnover, value, higher=higher)
    gain = value if higher else -value
    for i in range(len(points)):
        beaten = [
            turnover[j] <= turnover[i] and gain[j] >= gain[i] and (turnover[j] < turnover[i] or gain[j] > gain[i])
            for j in range(len(points))
        ]
        if on[i]:
            assert not any(beaten)
        else:
            twin = any(on[j] and turnover[j] == turnover[i] and gain[j] == gain[i] for j in range(len(points)))
            assert any(beaten) or twin


def test_of_ten_thousand_dots_those_are_drawn_that_can_be_told_apart() -> None:
    rng = np.random.default_rng(0)
    turnover, value = rng.random(10_000), rng.normal(size=10_000)
    rows = drawn(turnover, value)
    assert len(rows) < 7_500
    assert set(np.flatnonzero(best(turnover, value))) <= set(rows.tolist())


def test_dominated_policies_are_grey() -> None:
    rows = np.arange(3)
    fig = frontier(
        np.array([0.1, 0.2, 0.3]), np.array([1.0, 0.5, 2.0]), rows, NAMES[:3], metric="Return", form=units.pct
    )
    dots = fig.data[1]
    colour = {data[3]: c for data, c in zip(dots.customdata, dots.marker.color, strict=True)}
    assert colour == {0: SLOTS[0], 1: SLOTS[6], 2: SLOTS[0]}


def test_ticks_are_round_and_lie_within() -> None:
    places = ticks(np.array([0.0123, 0.0377]), units.pct)["tickvals"]
    assert places == [0.015, 0.02, 0.025, 0.03, 0.035] or places == [0.02, 0.03]


def test_a_fan_names_its_lines_at_their_ends() -> None:
    dates = np.arange("2020-01-01", "2022-01-01", dtype="datetime64[D]")
    middle = np.linspace(1, 2, len(dates))
    band = middle[:, None] * np.array([0.9, 0.95, 1.0, 1.05, 1.1])
    fig = timing_fan(dates, band, middle * 1.02, middle, 4)
    assert {a.text for a in fig.layout.annotations} == {"This policy", "In 4 tranches"}
    assert {trace.name for trace in fig.data if trace.name} == {"This policy", "In 4 tranches"}
    alone = timing_fan(dates, band, middle, None, 1)
    assert [a.text for a in alone.layout.annotations] == ["This policy"]


def test_the_policy_as_it_stands_is_ringed_among_its_days() -> None:
    values = np.array([0.06, 0.07, 0.05])
    fig = by_day(
        np.arange(3), values, metric="return", form=units.pct2, noun="session", own=1, tranched=0.06, tranches=3
    )
    assert [list(trace.x) for trace in fig.data[1:]] == [[1], [1]]


def test_a_difference_shows_nothing_and_what_was_seen() -> None:
    draws = np.array([-0.01, 0.0, 0.01, 0.02, np.nan])
    fig = differences(draws, seen=0.004, low=-0.01, high=0.02, metric="return", form=lambda x: units.pp(x, 2))
    assert sum(fig.data[0].y) == 4
    assert {a.text for a in fig.layout.annotations} == {"no difference", f"seen +0.40{units.SPACE}pp"}


def test_starts_ahead_and_behind_have_their_own_colour() -> None:
    starts = np.array(["2020-01-31", "2020-02-29"], dtype="datetime64[D]")
    fig = by_start(starts, np.array([0.01, -0.02]), metric="return", form=units.pct2)
    assert [list(trace.y) for trace in fig.data] == [[0.01, 0.0], [0.0, -0.02]]
