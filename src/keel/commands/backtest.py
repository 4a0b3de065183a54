"""``keel backtest``: policies side by side over one price file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING, Any, Unpack

import click

from keel.commands import inputs, question
from keel.commands.output import Reply, busy, json_option, reply, require_writable, written

if TYPE_CHECKING:
    from keel.backtest.result import BacktestResult
    from keel.domain.study.question import Question


@click.command()
@question.options(required=True)
@click.option("--weights", metavar="OUT", help="Write the weights of every session to this CSV or parquet file.")
@click.option("--risk", "with_risk", is_flag=True, help="Add what each bucket and product contributes to the risk.")
@json_option
def backtest(weights: str | None, with_risk: bool, as_json: bool, **given: Unpack[question.Options]) -> Reply:
    """Run a framework through past prices under one or several policies.

    Without --policy the framework's own is used. On daily data a decision is filled at the next close (--lag 1), on
    coarser data at the same close.
    """
    from keel.backtest.metrics.risk import risk_json, risk_report
    from keel.commands import report

    if weights:
        files = [given["framework_path"], given["prices_path"], given["run_json"] or "", *given["policies"]]
        require_writable("--weights", weights, (".csv", ".parquet"), [file for file in files if file])
    subject, asked = question.read(given)
    with busy("Running the backtest"):
        results = subject.results(asked)
    noted = [replace(r, meta=replace(r.meta, notes=(*subject.notes, *r.meta.notes))) for r in results]
    runs, beside = noted[: len(asked.policies)], noted[len(asked.policies) :]
    if weights:
        write_weights(weights, runs)
    data, text = to_data(asked, runs, beside, given["policies"]), report.text(subject.framework, runs, beside)
    if not with_risk:
        return reply(data, text, as_json)
    found = risk_report(subject.prices, runs[0])
    return reply({**data, "risk": risk_json(found)}, f"{text}\n\n{report.risk_table(found)}", as_json)


def to_data(
    asked: Question, runs: Sequence[BacktestResult], beside: Sequence[BacktestResult], policies: Sequence[str]
) -> dict[str, Any]:
    """The JSON of one run, or of several under ``runs`` with the text that named each policy."""
    from keel.backtest.benchmark import benchmark_json
    from keel.backtest.result import to_json

    benchmark = {"benchmark": benchmark_json(asked.benchmark, beside[0])} if beside else {}
    if len(runs) == 1:
        return {**to_json(runs[0]), **benchmark}
    named = [{"policy": text, **to_json(run)} for text, run in zip(policies, runs, strict=True)]
    return {"runs": named, **benchmark}


def write_weights(path: str, runs: Sequence[BacktestResult]) -> None:
    """Write instrument weights at every close before trading: ``date``, then a column per symbol.

    What they rest on stands beside them. Several runs go below one another, with their policy's name in a column
    ``policy``.
    """
    from keel.backtest.provenance import of_study
    from keel.services.export import described, table_csv

    columns: dict[str, list[Any]] = {"date": []}
    if len(runs) > 1:
        columns["policy"] = []
    for run in runs:
        columns["date"] += run.dates.astype("datetime64[D]").tolist()
        if len(runs) > 1:
            columns["policy"] += [run.name] * len(run.dates)
        for symbol, weights in by_symbol(run).items():
            columns.setdefault(symbol, []).extend(weights)
    table, record = import_module("pyarrow").table(columns), of_study(runs)
    with inputs.about(path, "written"), written(path) as part:
        if path.endswith(".parquet"):
            import_module("pyarrow.parquet").write_table(described(table, record), part)
        else:
            part.write_text(table_csv(table, record), encoding="utf-8", newline="")


def by_symbol(run: BacktestResult) -> Mapping[str, list[float]]:
    """The weights of each symbol over the run; a symbol held in several buckets is summed."""
    import numpy as np

    sums = {symbol: np.zeros(len(run.dates)) for symbol in run.book.symbols}
    for i, symbol in enumerate(run.book.symbols):
        sums[symbol] += run.holdings[:, i]
    return {symbol: weights.tolist() for symbol, weights in sums.items()}
