"""What a sweep shares is made once, and two sweeps at once take nothing from each other."""

from __future__ import annotations

import pickle
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier, Event
from typing import Any

import numpy as np
import pytest
from tests.backtest.sweep.test_run import MANY, example

from keel.backtest.sweep import segments
from keel.backtest.sweep.batches import on_threads
from keel.backtest.sweep.run import Progress, run
from keel.backtest.sweep.shared import Recent, Shared
from keel.domain.policy.presets import PRESETS
from keel.domain.policy.records import Cadence
from keel.domain.study.grid import parse_grid

# One family whose costs come in many batches, all over the same scan.
GRID = parse_grid(MANY | {"axes": {"band.width_bps": [100, 300], "cost_bps": {"from": 0, "to": 50, "count": 200_000}}})


@pytest.fixture
def scans(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The number of widths of each scan, as they are made."""
    made: list[int] = []
    scan: Any = segments.scan

    def counted(*args: Any) -> Any:
        made.append(len(args[-1]))
        return scan(*args)

    monkeypatch.setattr(segments, "scan", counted)
    return made


def test_batches_of_costs_share_one_scan(scans: list[int]) -> None:
    assert run(example(60, 2), GRID).complete
    assert scans == [2]


def test_a_sweep_that_ends_takes_nothing_from_one_that_runs(scans: list[int]) -> None:
    scenario, begun, ended = example(60, 2), Event(), Event()

    def wait(_: Progress) -> None:
        begun.set()
        assert ended.wait(60)

    with ThreadPoolExecutor(1) as pool:
        long = pool.submit(run, scenario, GRID, executor=on_threads(1), progress=wait)
        assert begun.wait(60)
        run(scenario, parse_grid(MANY | {"axes": {"band.width_bps": [500], "cost_bps": [0, 1]}}))
        ended.set()
        assert long.result().complete
    assert sorted(scans) == [1, 2]


def test_what_several_threads_ask_for_is_made_once() -> None:
    recent, made, together = Recent[int](4), [], Barrier(4)

    def ask(_: int) -> int:
        together.wait()
        return recent.get("key", lambda: made.append(1) or 7)  # type: ignore[func-returns-value]

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(ask, range(4))) == [7] * 4
    assert made == [1]


def test_the_least_recently_asked_for_goes_first() -> None:
    recent, made = Recent[str](2), []

    def ask(key: str) -> str:
        return recent.get(key, lambda: made.append(key) or key)  # type: ignore[func-returns-value]

    for key in "ababcab":
        assert ask(key) == key
    assert made == ["a", "b", "c", "a", "b"]


def test_a_failure_is_told_and_tried_anew() -> None:
    recent = Recent[int](2)
    with pytest.raises(ZeroDivisionError):
        recent.get("key", lambda: 1 // 0)
    assert recent.get("key", lambda: 3) == 3


def test_arrays_looks_closes_and_bands_are_made_once_and_stay_behind_when_it_is_sent() -> None:
    scenario, shared = example(60, 2), Shared()
    arrays = shared.arrays(scenario)
    assert shared.arrays(scenario) is arrays
    assert shared.looks(scenario, Cadence.monthly, 1) is shared.looks(scenario, Cadence.monthly, 1)
    assert shared.closes(arrays, 0.999) is shared.closes(arrays, 0.999)
    assert shared.closes(arrays, 1.0) is arrays.closes
    weekly, monthly = (replace(PRESETS["abs_5pp"], look=look) for look in (Cadence.weekly, Cadence.monthly))
    band = shared.half_widths(arrays, weekly, "width_bps")
    assert shared.half_widths(arrays, monthly, "width_bps") is band
    assert shared.half_widths(arrays, monthly, "") is not band
    assert np.array_equal(pickle.loads(pickle.dumps(shared)).arrays(scenario).closes, arrays.closes)
