"""What ``backtest`` and ``verify`` are asked alike: a framework over a price file, under policies and settings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, TypedDict, TypeVar

import click

from keel.commands import inputs

if TYPE_CHECKING:
    from keel.backtest.result import BacktestResult
    from keel.domain.framework.records import Framework
    from keel.domain.market.prices import PriceMatrix
    from keel.domain.portfolio.book import Book
    from keel.domain.study.question import Question

Command = TypeVar("Command", bound=Callable[..., object])


class Options(TypedDict):
    """The options as click gives them to a command."""

    framework_path: str
    prices_path: str
    policies: tuple[str, ...]
    run_json: str | None
    cost_bps: float | None
    lag: str | None
    start: date | None
    end: date | None
    benchmark: str | None


@dataclass(frozen=True, slots=True)
class Subject:
    """What the files hold; ``notes`` is what reading the framework changed."""

    framework: Framework
    notes: tuple[str, ...]
    prices: PriceMatrix
    prices_path: str
    book: Book

    def results(self, question: Question) -> tuple[BacktestResult, ...]:
        """One result a policy, then the benchmark's."""
        from keel.backtest.run import answer

        with inputs.about(self.prices_path):
            return answer(self.prices, self.book, question, self.framework)


def options(*, required: bool) -> Callable[[Command], Command]:
    """The decorator that gives a command the options of ``Options``; ``required`` says whether it must have files."""
    lines = (
        click.option(
            "--framework", "framework_path", required=required, metavar="FILE", help="The framework: JSON, CSV or XLSX."
        ),
        click.option(
            "--prices", "prices_path", required=required, metavar="FILE", help="Wide CSV or parquet, first column date."
        ),
        click.option("--policy", "policies", multiple=True, help="A preset, JSON or a JSON file. Repeat for several."),
        click.option("--run", "run_json", metavar="JSON", help="Run settings: JSON or a file."),
        click.option("--cost-bps", type=float, metavar="N", help="Cost per side of traded value, in basis points."),
        click.option("--lag", type=click.Choice(["0", "1"]), help="Sessions from decision to fill."),
        click.option("--start", type=inputs.DAY, help="First date."),
        click.option("--end", type=inputs.DAY, help="Last date."),
        click.option("--benchmark", metavar="BENCHMARK", help="A price column, or a blend as JSON."),
    )

    def decorate(command: Command) -> Command:
        for line in reversed(lines):
            command = line(command)
        return command

    return decorate


def read(given: Options) -> tuple[Subject, Question]:
    """What the files hold, and the question that the options put. Every complaint names the option or the file."""
    from keel.domain.study.question import Question

    lag, benchmark = given["lag"], given["benchmark"]
    inputs.require_order(given["start"], given["end"])
    framework, notes = inputs.framework(given["framework_path"])
    policies = inputs.policies(given["policies"], framework)
    settings = inputs.run_settings(
        given["run_json"],
        given["policies"],
        cost_bps=given["cost_bps"],
        lag=None if lag is None else int(lag),
    )
    prices = inputs.prices(given["prices_path"])
    beside = inputs.benchmark(benchmark) if benchmark else ""
    for symbol in [beside] if isinstance(beside, str) else beside.symbols:
        if symbol:
            inputs.require_column(symbol, prices.symbols, "--benchmark", given["prices_path"])
    book = inputs.priced_book(framework, given["framework_path"], prices.symbols, given["prices_path"])
    question = Question("", policies, settings, given["start"], given["end"], beside)
    return Subject(framework, notes, prices, given["prices_path"], book), question
