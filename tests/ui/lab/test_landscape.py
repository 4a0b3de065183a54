"""The lab's axes in a link and as a grid, its landscape, its jobs and its downloads."""

from __future__ import annotations

import io
import itertools
from dataclasses import replace

import numpy as np
import pyarrow.parquet as pq
import pytest

from keel.backtest.fingerprint import fingerprint
from keel.backtest.luck.axes import AxisTest
from keel.backtest.luck.landscapes import Verdicts
from keel.backtest.provenance import of_sweep
from keel.backtest.sweep.arrays import Scenario
from keel.backtest.sweep.run import run
from keel.backtest.window import Window
from keel.domain.frozen import Frozen
from keel.domain.market.prices import PriceMatrix
from keel.domain.policy.presets import PRESETS
from keel.domain.policy.records import RunSettings
from keel.domain.portfolio.book import Book
from keel.errors import InputError
from keel.services import export
from keel.ui.lab import axes as lab_axes
from keel.ui.lab.axes import Axes
from keel.ui.lab.landscape import LEAD, METRICS, Landscape, Place, start

MONTHS = np.arange("2010-01", "2022-01", dtype="datetime64[M]").astype("datetime64[D]")


def study() -> Scenario:
    """Two assets that swing against each other for twelve years of months."""
    swing = np.sin(np.arange(len(MONTHS)) / 5)
    closes = np.column_stack([np.exp(0.3 * swing + np.arange(len(MONTHS)) / 150), np.exp(-0.1 * swing)])
    leaf = np.arange(2)
    book = Book(("a", "b"), ("a", "b"), np.array([0.6, 0.4]), ("A", "B"), leaf, np.ones(2), (None, None))
    return Scenario(Window(MONTHS, ("A", "B"), closes, "monthly", 12, ()), book)


def landscape(axes: Axes) -> Landscape:
    """What a sweep of these axes finds."""
    table = run(study(), lab_axes.grid(axes, RunSettings()))
    never = run(study(), lab_axes.alone(PRESETS["never"], RunSettings(), axes.costs)).metric("cagr")
    return Landscape(axes, table, never, "monthly")


@pytest.mark.parametrize(
    "axes",
    [
        lab_axes.usual("monthly", 0),
        lab_axes.fine(lab_axes.usual("daily", 1)),
        Axes("relative", 250, 4_000, 7, ("annual", "3"), (0.0, 0.875), (0, 1), 4),
        replace(lab_axes.usual("monthly", 0), costs=(None, 0.0, 2.5)),
        replace(
            lab_axes.usual("monthly", 0),
            others=Frozen({"tranches": (1.0, 4.0), "scope": ("breached_only",), "charge_initial": (False, True)}),
        ),
    ],
)
def test_axes_survive_a_link(axes: Axes) -> None:
    assert lab_axes.from_text(lab_axes.to_text(axes), lab_axes.usual("weekly", 1, axes.costs)) == axes


def test_a_link_of_nonsense_leaves_the_axes_as_they_are() -> None:
    usual = lab_axes.usual("monthly", 0)
    nonsense = {"band": "rubber", "widths": "a-bxc", "looks": "hourly", "to": "7", "lags": "-1", "days": "x"}
    nonsense |= {"costs": "-1,dear", "fixed_fee": "5,dear", "tranches": "0.5", "scope": "half", "charge_initial": "2"}
    assert lab_axes.from_text(nonsense, usual) == usual


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"low": 900.0, "high": 100.0}, "must rise"),
        ({"low": -100.0}, "narrower than nothing"),
        ({"looks": ()}, "no look"),
        ({"destinations": ()}, "empty"),
        ({"destinations": (0.0, 0.5), "others": {"scope": ("whole_book",)}}, "trades everything goes back to target"),
        ({"others": {"fixed_fee": tuple(range(900))}}, "102,600 policies"),
        ({"count": 2_000}, "1 to 1,000 widths, not 2,000"),
        ({"count": 1_000, "looks": tuple(map(str, range(1, 121)))}, "120,000 policies"),
    ],
)
def test_axes_without_sense_are_one_sentence(change: dict[str, object], words: str) -> None:
    with pytest.raises(InputError, match=words) as caught:
        lab_axes.grid(replace(lab_axes.usual("monthly", 0), **change), RunSettings())  # type: ignore[arg-type]
    assert caught.value.hint


def test_every_kind_of_band_can_be_swept() -> None:
    for name, kind in lab_axes.SWEEPS.items():
        axes = Axes(name, kind.low, kind.high, 3, ("monthly",), costs=(0.0, 10.0))
        assert np.isfinite(landscape(axes).values("cagr", 10.0)).all(), kind.kind


def test_each_place_holds_the_numbers_of_its_own_policy() -> None:
    axes = Axes(low=100, high=900, count=3, looks=("monthly", "5"), destinations=(0.0, 1.0), lags=(0, 1), offsets=2)
    found = landscape(axes)
    assert found.done == axes.size == 48
    for where in itertools.product(*map(range, found.shape)):
        place = Place(*where)
        policy, settings = found.policy(place, 25.0)
        alone = run(study(), lab_axes.alone(policy, settings, (25.0,)))
        assert found.values("cagr", 25.0)[place] == pytest.approx(alone.metric("cagr")[0], rel=1e-10)
        assert policy.offset == place.offset
        assert settings.lag == axes.lags[place.lag]


def test_a_place_holds_the_numbers_of_its_own_policy_on_further_axes_too() -> None:
    others = Frozen({"cooldown_days": (0.0, 200.0), "annual_fee_bps": (0.0, 100.0), "charge_initial": (False, True)})
    axes = Axes(low=100, high=900, count=2, looks=("monthly",), costs=(10.0, 50.0), others=others)
    grid = lab_axes.alone(PRESETS["never"], RunSettings(), axes.costs, axes.others)
    never = lab_axes.over_others(axes, run(study(), grid).metric("cagr"))
    found = Landscape(axes, run(study(), lab_axes.grid(axes, RunSettings())), never, "monthly")
    assert found.done == axes.size == 16
    assert never.shape == (2, 8)
    for where in itertools.product(*map(range, found.shape)):
        place = Place(*where)
        policy, settings = found.policy(place, 50.0)
        mixed = dict(axes.mixed(place.other))
        assert (policy.cooldown_days, settings.annual_fee_bps, settings.charge_initial) == tuple(mixed.values())
        alone, never_at_it = (
            run(study(), lab_axes.alone(one, settings, (50.0,))).metric("cagr")[0] for one in (policy, PRESETS["never"])
        )
        assert found.values("cagr", 50.0)[place] == pytest.approx(alone, rel=1e-10)
        assert found.values(LEAD, 50.0)[place] == pytest.approx(alone - never_at_it, abs=1e-12)
        assert found.surface("cagr", 50.0, place)[place.look, place.width] == found.values("cagr", 50.0)[place]
    assert len(set(found.names(np.arange(axes.size)))) == axes.size
    assert found.name(Place(0, 0, 0, 0, 0, 7)) == (
        "±1 pp band, monthly look, 200 days between trades, advisory fee 100 bps, first purchase costs too"
    )
    assert "the wait between trades" in found.decides("cagr", None)


def test_each_products_own_cost_is_a_place_on_the_axis_of_costs() -> None:
    own = RunSettings(cost_bps={"A": 80.0, "B": 5.0})
    axes = Axes(count=2, looks=("monthly",), costs=(None, 0.0))
    table = run(study(), lab_axes.grid(axes, own))
    found = Landscape(axes, table, np.zeros(2), "monthly")
    assert found.policy(Place(0, 0, 0, 0, 0), None)[1].cost_bps == {"A": 80.0, "B": 5.0}
    assert (found.values("cagr", None) < found.values("cagr", 0.0)).all()


def test_the_lead_is_measured_at_the_same_cost() -> None:
    found = landscape(Axes(count=3, looks=("monthly",)))
    for i, cost in enumerate(found.axes.costs):
        assert np.allclose(found.values(LEAD, cost), found.values("cagr", cost) - found.never[i])


def test_names_say_what_differs_and_are_each_given_once() -> None:
    axes = Axes(count=3, looks=("monthly", "2"), destinations=(0.0, 0.5), lags=(0, 1), offsets=3, costs=(0.0,))
    one = Landscape(axes, None, np.zeros(1), "monthly")  # type: ignore[arg-type]
    names = one.names(np.arange(axes.size))
    assert len(set(names)) == axes.size
    assert names[-1] == "±10 pp band, a look every 2 months, 2 months later, next close, halfway back"
    assert "," not in one.short(Place(1, 1, 2, 1, 2))


def test_what_decides_is_said_for_every_metric_that_has_words() -> None:
    found = landscape(Axes(count=5, looks=("monthly", "annual")))
    assert all(isinstance(found.decides(key, None), str) for key in METRICS)
    assert found.decides("cagr", None).startswith("Measured here, in yearly return: ")
    assert found.claim(None) is None


def test_an_axis_is_claimed_only_when_its_own_test_says_so() -> None:
    found = landscape(Axes(count=5, looks=("monthly", "annual")))
    luck, real = AxisTest(4, 0.01, 0.4, certain=False), AxisTest(3, 0.01, 0.01, certain=False)
    nothing = Verdicts(200, 200, {"cagr": {"look": luck, f"band.{found.axes.kind.field}": luck, "cost_bps": luck}})
    assert found.claim(nothing) == ""
    for key in ("cagr", LEAD):
        assert found.decides(key, nothing).startswith("These policies cannot be told apart here")
    assert found.decides("volatility", nothing).startswith("Measured here")
    looks = Verdicts(200, 200, {"cagr": {"look": real, f"band.{found.axes.kind.field}": luck, "cost_bps": luck}})
    assert found.claim(looks) == "how often you check matters here"
    assert found.decides("cagr", looks).endswith("cannot be told from luck.")


def test_a_cancelled_sweep_shows_what_it_has() -> None:
    axes = Axes(count=19, looks=tuple(map(str, range(1, 61))))
    calls = itertools.count()
    table = run(study(), lab_axes.grid(axes, RunSettings()), cancel=lambda: next(calls) > 8)
    found = Landscape(axes, table, np.zeros(4), "monthly")
    assert 0 < found.done < axes.size
    assert np.isnan(found.values("cagr", 10.0)).sum() == axes.size - found.done
    assert np.isfinite(found.spread(10.0))


def test_the_first_choice_is_the_usual_width_at_a_quarter() -> None:
    assert start(lab_axes.usual("monthly", 0)) == Place(0, 0, 0, 2, 8)
    assert start(Axes(count=1, looks=("1",))) == Place(0, 0, 0, 0, 0)


def test_downloads_carry_what_they_rest_on_and_every_row() -> None:
    made = landscape(Axes(count=3, looks=("monthly",))).table
    one = study()
    record = of_sweep(made.grid, [one.window], PriceMatrix(MONTHS, ("A", "B"), one.window.closes))
    table = made.to_arrow()
    lines = export.table_csv(table, record).splitlines()
    assert lines[0] == "# Hypothetical results, not investment advice."
    assert len([line for line in lines if not line.startswith("# ")]) == 1 + 3 * 4
    back = pq.read_table(io.BytesIO(export.table_parquet(table, record)))
    assert back.schema.metadata[b"prices fingerprint"].decode() == fingerprint(one.window)
    assert back.num_rows == 12
    assert back.schema.metadata[b"notice"].startswith(b"Hypothetical")
    assert back.column("policy")[0].as_py().startswith("{")
