"""``keel sweep``: every policy of a grid over one price file, written as a parquet table."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

from keel.commands import inputs
from keel.commands.output import Reply, json_option, on_a_terminal, one_line, reply, require_writable, written
from keel.errors import InputError, InvalidPolicyError

if TYPE_CHECKING:
    from keel.backtest.provenance import Provenance
    from keel.backtest.sweep.batches import Executor
    from keel.backtest.sweep.run import Progress
    from keel.backtest.sweep.table import SweepTable
    from keel.domain.market.prices import PriceMatrix
    from keel.domain.portfolio.book import Book
    from keel.domain.study.grid import Grid

INTERRUPTED = 130
SHOW_EVERY_SECONDS = 0.1
BYTES_A_POLICY = 700  # of memory while it is run and written: ten million took 6.1 GB


@click.command()
@click.option("--framework", "framework_path", metavar="FILE", help="The framework: JSON, CSV or XLSX.")
@click.option("--prices", "prices_path", required=True, metavar="FILE", help="Wide CSV or parquet, first column date.")
@click.option("--grid", "grid_text", required=True, metavar="JSON", help="Base and axes: JSON or a file.")
@click.option("--out", required=True, metavar="FILE", help="The table to write, .parquet.")
@click.option("--metrics", type=click.Choice(["composing", "all"]), default="composing", help="all takes longer.")
@click.option("--workers", type=inputs.Whole(1, 256), default=2, help="Threads.")
@click.option("--skip-invalid", is_flag=True, help="Leave out combinations that are not allowed.")
@click.option("--max-policies", type=inputs.Whole(1), metavar="N", help="The most rows (2,000,000).")
@click.option("--dask", "address", metavar="ADDRESS", help="Compute on the dask cluster of this scheduler.")
@click.option("--start", type=inputs.DAY, help="First date.")
@click.option("--end", type=inputs.DAY, help="Last date.")
@json_option
def sweep(
    framework_path: str | None,
    prices_path: str,
    grid_text: str,
    out: str,
    metrics: str,
    workers: int,
    skip_invalid: bool,
    max_policies: int | None,
    address: str | None,
    start: date | None,
    end: date | None,
    as_json: bool,
) -> Reply:
    """Run every policy of a grid, one row each, into a parquet table.

    Widths and costs share their work: thousands of them take little longer than a few. Ctrl-C writes what is done.
    """
    inputs.require_order(start, end)
    require_writable("--out", out, (".parquet",), [p for p in (framework_path, prices_path, grid_text) if p])
    grid, name = read_grid(grid_text, max_policies)
    priced = _Priced(framework_path, prices_path, grid)
    begun = time.perf_counter()
    with interruptible() as stopped, shown() as show:
        from keel.backtest.provenance import of_sweep
        from keel.backtest.sweep.run import run
        from keel.backtest.sweep.scenarios import scenarios

        with inputs.about(prices_path):
            stages = scenarios(grid, priced.material, start=start, end=end)
        which: Any = metrics
        try:
            table = run(
                stages, grid, executor=_executor(address, workers), progress=show, cancel=stopped.is_set,
                metrics=which, skip_invalid=skip_invalid,
            )  # fmt: skip
        except InvalidPolicyError as error:
            raise InputError(f"{name}: {error.message}", hint=error.hint, subject=name) from error
        if len(table):
            write(table, out, of_sweep(grid, [s.window for s in stages], priced.prices, priced.framework))
    return answer(table, out, time.perf_counter() - begun, as_json)


def read_grid(text: str, max_policies: int | None) -> tuple[Grid, str]:
    """The grid of ``--grid``, JSON or a file, and what to call it in a complaint."""
    from keel.domain.study.grid import MAX_POLICIES, parse_grid

    value, name = inputs.json_argument(text, "--grid")
    with inputs.about(name):
        return parse_grid(value, min(max_policies or MAX_POLICIES, _most_policies())), name


def _most_policies() -> int:
    """How many policies half of this machine's memory holds, never fewer than are allowed without asking."""
    from keel.domain.study.grid import MAX_POLICIES

    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return max(MAX_POLICIES, memory // 2 // BYTES_A_POLICY)


class _Priced:
    """The price file and the framework of ``--framework``, read once, and the book of each framework the grid names."""

    def __init__(self, framework_path: str | None, prices_path: str, grid: Grid) -> None:
        if not framework_path and "framework" not in [axis.name for axis in grid.scenarios]:
            raise click.UsageError("Missing option '--framework'.")
        self.framework_path, self.prices_path = framework_path or "", prices_path
        self.framework = inputs.framework(framework_path)[0] if framework_path else None
        self.prices = inputs.prices(prices_path)

    def material(self, path: str) -> tuple[PriceMatrix, Book]:
        """The prices and the book of a framework file; "" is the one of ``--framework``."""
        path = path or self.framework_path
        found, _ = inputs.framework(path)
        return self.prices, inputs.priced_book(found, path, self.prices.symbols, self.prices_path)


def write(table: SweepTable, path: str, record: Provenance) -> None:
    """Write the table and what it rests on; a file of that name is replaced when all is written.

    128,000 rows take 0.2 s: numbers as they are, axes as dictionaries, policies as the part that differs from the row
    before.
    """
    from keel.services.export import described

    arrow = described(table.to_arrow(), record)
    axes = [axis.name for axis in table.grid.axes]
    rest = [name for name in arrow.schema.names if name not in axes]
    kinds = {name: str(arrow.schema.field(name).type) for name in rest}
    encoding = {name: "PLAIN" for name in rest if kinds[name] in ("double", "int64", "date32[day]")}
    with inputs.about(path, "written"), written(path) as part:
        import_module("pyarrow.parquet").write_table(
            arrow, part, compression="zstd", compression_level=1, use_dictionary=axes,
            column_encoding=encoding | {"policy": "DELTA_BYTE_ARRAY"},
        )  # fmt: skip


def answer(table: SweepTable, out: str, seconds: float, as_json: bool) -> Reply:
    """What was done; interrupted, it says so on stderr and exits 130."""
    data = {"policies": len(table), "seconds": seconds, "out": out}
    text = f"{len(table):,} policies in {seconds:.1f} s, written to {out}."
    if table.complete:
        return reply(data, text, as_json)
    missing = sum(family.size for family in table.families) * table.scenarios - len(table)
    kept = f"{len(table):,} policies are in {out}" if len(table) else "nothing was done, nothing is written"
    click.echo(one_line(f"Interrupted: {kept}, {missing:,} were not run."), err=True)
    return reply(data, text if len(table) else "", as_json, INTERRUPTED)


@contextmanager
def interruptible() -> Iterator[threading.Event]:
    """An event that Ctrl-C sets, so that what is done can still be written; a second Ctrl-C ends at once."""
    stopped = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield stopped
        return

    def stop(_number: int, _frame: object) -> None:
        if stopped.is_set():
            raise KeyboardInterrupt
        stopped.set()

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield stopped
    except KeyboardInterrupt:
        click.echo("Interrupted twice: ended at once, before the table was written.", err=True)
        raise click.exceptions.Exit(INTERRUPTED) from None
    finally:
        signal.signal(signal.SIGINT, before)


class _Line:
    """A line on stderr that is written over as the sweep goes on; nothing when stderr is not a terminal."""

    def __init__(self) -> None:
        self.shows, self.last = on_a_terminal(), 0.0

    def __call__(self, progress: Progress) -> None:
        now = time.monotonic()
        if now - self.last >= SHOW_EVERY_SECONDS:
            self.last = now
            left = f"{progress.seconds_left:,.0f} s left"
            self.say(f"{progress.done:,} of {progress.total:,} policies, {progress.rate:,.0f} a second, {left}")

    def say(self, text: str) -> None:
        """Write the text in place of the last."""
        if self.shows:
            sys.stderr.write(f"\r\x1b[K{text}")
            sys.stderr.flush()


@contextmanager
def shown() -> Iterator[_Line]:
    """What to call with the progress; the line is gone when the block ends."""
    line = _Line()
    line.say("Loading compiled code; the first time it is compiled, which takes half a minute")
    try:
        yield line
    finally:
        line.say("")


def _executor(address: str | None, workers: int) -> Executor:
    from keel.backtest.sweep.batches import on_threads
    from keel.backtest.sweep.cluster import on_cluster

    return on_cluster(address, workers) if address else on_threads(workers)
