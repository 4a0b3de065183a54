"""A metric over band width and look."""

from __future__ import annotations

import numpy as np

from keel import units
from keel.ui.charts.surface import policy_surface, ringed
from keel.ui.charts.tokens import DIVERGING, INK, PAPER, SEQUENTIAL

LOOKS = ("monthly", "yearly")
NAMES = [f"policy {i}" for i in range(6)]


def surface(value: np.ndarray[tuple[int, ...], np.dtype[np.float64]], *, centred: bool = True):  # type: ignore[no-untyped-def]
    return policy_surface(
        [100, 200, 300],
        LOOKS,
        value,
        metric="Return vs never",
        title="Band, pp",
        names=NAMES,
        form=lambda x: units.pp(x, 2),
        centred=centred,
    )


def test_a_surface_diverges_only_where_both_signs_matter() -> None:
    both = np.array([[0.01, -0.01, 0.0], [0.0, 0.02, 0.01]])
    mixed = surface(both).data[0]
    assert mixed.colorscale[0][1] == DIVERGING[0]
    assert mixed.zmin == -mixed.zmax
    assert surface(both, centred=False).data[0].colorscale[0][1] == SEQUENTIAL[0]
    assert surface(np.full((2, 3), 0.01)).data[0].colorscale[0][1] == SEQUENTIAL[0]
    hardly = surface(np.array([[0.01, -0.0001, 0.0], [0.0, 0.02, 0.01]])).data[0]
    assert hardly.colorscale[0][1] == SEQUENTIAL[0]


def test_every_cell_takes_a_click_and_says_its_policy() -> None:
    targets = surface(np.arange(6.0).reshape(2, 3)).data[1]
    assert list(zip(targets.x, targets.y, strict=True)) == [(0, 0), (1, 0), (2, 0), (0, 1), (1, 1), (2, 1)]
    assert [row[0] for row in targets.customdata] == NAMES


def test_the_axes_say_widths_and_looks() -> None:
    fig = surface(np.arange(6.0).reshape(2, 3))
    assert fig.layout.xaxis.title.text == "Band, pp"
    assert list(fig.layout.xaxis.ticktext) == ["1", "2", "3"]
    assert list(fig.layout.yaxis.ticktext) == list(LOOKS)


def test_the_colour_bar_reads_as_the_metric_does() -> None:
    bar = surface(np.array([[0.0, 0.01, 0.02], [0.0, 0.01, 0.02]])).data[0].colorbar
    assert list(bar.ticktext) == ["0.00\xa0pp", "+2.00\xa0pp"]


def test_what_was_not_run_stays_empty() -> None:
    heat = surface(np.array([[0.01, np.nan, 0.02], [np.nan, np.nan, np.nan]])).data[0]
    assert (heat.zmin, heat.zmax) == (0.01, 0.02)
    assert np.isnan(np.asarray(heat.z)[1]).all()


def test_the_ring_is_drawn_on_a_copy() -> None:
    bare = surface(np.arange(6.0).reshape(2, 3))
    assert len(ringed(bare, 1, 0).data) == len(bare.data) + 2
    assert len(bare.data) == 2
    assert [trace.marker.color for trace in ringed(bare, 1, 0).data[2:]] == [PAPER, INK]
    assert len(ringed(bare, float("nan"), 0).data) == 2
