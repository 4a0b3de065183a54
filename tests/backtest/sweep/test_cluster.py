"""A sweep on a dask cluster gives the same bits as here, and survives the loss of a worker."""

from __future__ import annotations

import logging
import os
import signal
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from tests.backtest.sweep.test_run import example

from keel.backtest.sweep.cluster import on_cluster
from keel.backtest.sweep.run import Progress, run
from keel.domain.study.grid import parse_grid
from keel.errors import InputError

GRID = parse_grid(
    {
        "base": {"trigger": "band", "band": {"kind": "absolute"}},
        "axes": {
            "band.width_bps": {"from": 10, "to": 900, "count": 150},
            "destination": [0, 0.5],
            "cost_bps": [0, 10],
            "lag": [0, 1],
        },
    }
)


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    distributed = pytest.importorskip("distributed")
    quiet: dict[str, Any] = {"dashboard_address": None, "silence_logs": logging.CRITICAL}
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, processes=True, **quiet) as made:
        yield made


@pytest.mark.slow
def test_the_results_are_the_same_bits(cluster: Any) -> None:
    study = example(300, 6)
    here = run(study, GRID)
    there = run(study, GRID, executor=on_cluster(cluster.scheduler_address))
    assert there.complete
    assert np.array_equal(here.values, there.values, equal_nan=True)
    assert here.to_arrow().equals(there.to_arrow())


@pytest.mark.slow
def test_a_lost_worker_loses_nothing(cluster: Any) -> None:
    study = example(300, 6)
    lost = []

    def lose(_: Progress) -> None:
        if not lost:
            lost.append(next(iter(cluster.workers.values())))
            os.kill(lost[0].pid, signal.SIGKILL)

    there = run(study, GRID, progress=lose, executor=on_cluster(cluster.scheduler_address))
    assert lost
    assert there.complete
    assert np.array_equal(run(study, GRID).values, there.values, equal_nan=True)


def test_an_address_without_a_scheduler_is_refused_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("keel.backtest.sweep.cluster.CONNECT_SECONDS", 0.5)
    with pytest.raises(InputError, match=r"no dask scheduler answers at tcp://127\.0\.0\.1:9"):
        run(example(50, 2), GRID, executor=on_cluster("tcp://127.0.0.1:9"))
