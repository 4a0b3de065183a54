"""Sweeps on a dask cluster that is already running: the same batches, computed elsewhere, the same results."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from importlib import import_module
from typing import Any

from keel.backtest.parallel import WORKERS, Cancel
from keel.backtest.sweep.batches import Batch, Executor, Part, Sweep, compute
from keel.errors import InputError

POLICIES = 200  # of a task, at least: less costs more to send than to compute
RETRIES = 3
CONNECT_SECONDS = 10


def on_cluster(address: str, workers: int = WORKERS) -> Executor:
    """Batches on the cluster at ``address``, as they get done, cut as for so many ``workers`` here.

    The work of a lost worker is done again by another. Raises InputError when dask is not installed or does not answer.
    """
    try:
        distributed = import_module("distributed")
    except ImportError as error:
        hint = "pip install 'keel[cluster]'"
        raise InputError("--dask needs the package distributed, which is not installed.", hint=hint) from error
    for name in ("distributed", "tornado", "asyncio", *logging.root.manager.loggerDict):
        if name.startswith(("distributed", "tornado", "asyncio")):
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)  # what matters is raised; the rest fills stderr

    def execute(sweep: Sweep, batches: Sequence[Batch], cancel: Cancel | None) -> Iterator[tuple[Batch, Part]]:
        with _client(distributed, address) as client:
            # A result, not scattered data: the scheduler can make it again when the worker that holds it is lost.
            shared = client.submit(_same, sweep, pure=False)
            tasks = {}
            for group in groups(batches):
                task = client.submit(compute_all, shared, tuple(group), pure=False, retries=RETRIES)
                tasks[task.key] = (task, group)
            for done in distributed.as_completed([task for task, _ in tasks.values()], loop=client.loop):
                _, group = tasks.pop(done.key)
                for pair in zip(group, done.result(), strict=True):
                    yield pair
                    if cancel is not None and cancel():
                        return

    return Executor(workers, execute)


def groups(batches: Iterable[Batch]) -> Iterator[list[Batch]]:
    """The batches in order, as many together as make a task of at least 200 policies."""
    group: list[Batch] = []
    for batch in batches:
        group.append(batch)
        if sum(one.size for one in group) >= POLICIES:
            yield group
            group = []
    if group:
        yield group


def compute_all(sweep: Sweep, batches: Sequence[Batch]) -> list[Part]:
    """The metrics of some batches; runs on a worker."""
    return [compute(sweep, batch) for batch in batches]


def _same(sweep: Sweep) -> Sweep:
    return sweep


def _client(distributed: Any, address: str) -> Any:
    try:
        client = distributed.Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise InputError(
            f"--dask: no dask scheduler answers at {address}.",
            hint="Give the address of a running one, such as tcp://127.0.0.1:8786.",
            subject=address,
        ) from error
    if not client.scheduler_info()["workers"]:
        client.close()
        raise InputError(f"--dask: the scheduler at {address} has no workers.", hint="Start one with dask worker.")
    return client
