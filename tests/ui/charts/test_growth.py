"""The growth figure says the truth with few points and few words."""

from datetime import date

import numpy as np
import pytest

from keel.domain.picture import iso
from keel.ui.charts import growth as chart

DATES = np.arange("2000-01-31", "2020-01-31", dtype="datetime64[D]")
RISING = np.linspace(1.0, 4.0, len(DATES))
FALLING = np.concatenate(
    [np.linspace(1.0, 2.0, 4000), np.linspace(2.0, 0.9, 500), np.linspace(0.9, 3.0, len(DATES) - 4500)]
)


def figure(**options: object):
    wealth = options.pop("wealth", {"Never": RISING, "Yearly": FALLING})
    return chart.growth(DATES, wealth, {"Yearly": DATES[365::365]}, {"Yearly": 0}, reference="Never", **options)


def named(fig, axis: str) -> set[str]:
    return {trace.name for trace in fig.data if (trace.yaxis or "y") == axis}


def test_every_path_has_its_growth_and_its_drawdown() -> None:
    fig = figure()
    assert named(fig, "y") == named(fig, "y4") == {"Never", "Yearly"}


def test_lead_and_rebalances_are_drawn_for_all_but_the_reference() -> None:
    fig = figure()
    assert named(fig, "y3") == named(fig, "y2") == {"Yearly"}


def test_a_rebalance_has_one_tick() -> None:
    rail = next(trace for trace in figure().data if trace.yaxis == "y2")
    assert list(rail.x) == iso(DATES[365::365])


def test_long_paths_are_thinned_and_keep_their_deepest_fall() -> None:
    fall = next(trace for trace in figure().data if trace.yaxis == "y4" and trace.name == "Yearly")
    assert len(fall.x) <= chart.MOST_POINTS
    fig = chart.growth(DATES, {"Yearly": FALLING}, {}, {"Yearly": 0}, reference="Yearly")
    alone = next(trace for trace in fig.data if trace.yaxis == "y4")
    assert min(alone.y) == pytest.approx(0.9 / 2.0 - 1)


def test_one_policy_alone_leaves_no_room_for_a_lead() -> None:
    fig = chart.growth(DATES, {"Yearly": RISING}, {}, {"Yearly": 0}, reference="Yearly")
    assert not named(fig, "y3")
    assert not fig.layout.yaxis3.visible
    assert "vs yearly" not in {a.text for a in fig.layout.annotations}


def test_the_benchmark_has_no_lead_and_no_rebalances() -> None:
    fig = figure(wealth={"Never": RISING, "Yearly": FALLING, "SPY": RISING * 1.01}, benchmark="SPY")
    assert "SPY" in named(fig, "y")
    assert "SPY" not in named(fig, "y3") | named(fig, "y2")


def test_an_amount_is_read_in_money_on_a_log_axis() -> None:
    fig = figure(amount=10_000.0, ccy="USD")
    assert fig.layout.yaxis.type == "log"
    assert "$20,000" in fig.layout.yaxis.ticktext


def test_names_of_policies_cannot_smuggle_markup() -> None:
    fig = chart.growth(DATES, {"<b>x": RISING}, {}, {"<b>x": 0}, reference="<b>x")
    assert any("&lt;b&gt;x" in a.text for a in fig.layout.annotations)


def test_money_bears_its_sign_on_the_line_and_at_its_end() -> None:
    fig = figure(amount=10_000.0, ccy="USD")
    assert fig.data[0].hovertemplate.startswith("$%{y:,.0f}")
    assert {"Never<br>$40,000", "Yearly<br>$30,000"} <= {note.text for note in fig.layout.annotations}


def test_a_joint_is_an_upright_line_with_the_symbols_at_its_foot() -> None:
    fig = chart.mark_joints(figure(), {date(2010, 1, 29): ["TLT", "<b>"], date(2012, 1, 31): ["GLD"]})
    assert [str(shape.x0) for shape in fig.layout.shapes] == ["2010-01-29", "2012-01-31"]
    texts = [a.text for a in fig.layout.annotations]
    assert "TLT, &lt;b&gt;" in texts
    assert "GLD" in texts
