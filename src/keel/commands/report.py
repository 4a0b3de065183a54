"""The backtest as a page of text: metrics side by side, what happened, and what was assumed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from keel import units
from keel.backtest.metrics.table import shown
from keel.commands.output import table
from keel.domain.policy.settings import SETTINGS, unusual
from keel.vocabulary import HYPOTHETICAL

if TYPE_CHECKING:
    from keel.backtest.metrics.risk import RiskReport
    from keel.backtest.result import BacktestResult
    from keel.domain.framework.records import Framework

SAID = ("lag", "cost_bps")  # in the line about timing


def text(framework: Framework, runs: Sequence[BacktestResult], beside: Sequence[BacktestResult]) -> str:
    """Heading, metrics, what is pending and what was assumed."""
    meta = runs[0].meta
    window = f"{units.span(meta.first, meta.last)}, {meta.frequency}, {len(runs[0].dates):,} sessions"
    window += f" ({short_of})" if (short_of := units.not_annual(meta.first, meta.last)) else ""
    parts = [f"{framework.name or 'Framework'}: {window}", metrics_table([*runs, *beside])]
    parts += [pending for run in runs if (pending := pending_line(run))]
    parts += [flows] if (flows := flows_line(runs[0], framework.base_ccy)) else []
    return "\n\n".join([*parts, assumed(runs[0], framework.base_ccy), HYPOTHETICAL])


def metrics_table(runs: Sequence[BacktestResult]) -> str:
    """One row per metric, one column per run; a metric that no run has is left out."""
    rows = [["", *(short(run.name) for run in runs)]]
    for metric in shown():
        values = [run.metrics.get(metric.key) for run in runs]
        if any(value is not None for value in values):
            label = metric.trade or metric.label
            rows.append([label, *(metric.fine(v) if isinstance(v, (int, float)) else units.MISSING for v in values)])
    return table(rows)


def short(name: str) -> str:
    """The name of a column: a long JSON policy is cut.

    >>> short("annual")
    'annual'
    """
    return name if len(name) <= 24 else name[:23] + "…"


def risk_table(report: RiskReport) -> str:
    """What each bucket contributes to the volatility at the targets."""
    found = report.buckets
    rows = [["", "target", "volatility", "contributes", "of the risk"]]
    columns = zip(report.book.labels, found.weights, found.volatilities, found.contributions, found.shares, strict=True)
    rows += [[label, units.weight(w), units.pct(v), units.pct(c, 2), units.pct(s)] for label, w, v, c, s in columns]
    whole = f"Risk at the targets: {units.pct(found.volatility, 2)} a year."
    return f"{whole}\n{table(rows)}"


def pending_line(run: BacktestResult) -> str:
    """The decision that could not be filled in the window, or nothing."""
    if run.pending is None:
        return ""
    fills = f"on {_day(run.pending.fills)}" if run.pending.fills else "after the last session"
    return f"{short(run.name)}: decided on {_day(run.pending.decided)}, to be filled {fills}."


def flows_line(run: BacktestResult, ccy: str) -> str:
    """How many flows there were, from when to when, and what they came to; nothing without contributions."""
    if run.flows is None or not len(run.flows.dates):
        return ""
    first, last = (_day(run.flows.dates[i].astype("datetime64[D]").item()) for i in (0, -1))
    paid = float(run.flows.amounts.sum())
    verb = "put in" if paid >= 0 else "taken out"
    return f"Flows: {len(run.flows.dates):,} from {first} to {last}, in all {units.money(abs(paid), ccy)} {verb}."


def assumed(run: BacktestResult, ccy: str) -> str:
    """Timing, costs, what was set otherwise than usual, and prices, one line each.

    The conventions that never change are in ``docs/metrics.md``.
    """
    settings, meta = run.settings, run.meta
    timing = f"{meta.lag} session{'s' if meta.lag > 1 else ''} later" if meta.lag else "at the same close"
    lines = [
        f"Decided on a close, filled {timing} (lag {meta.lag}); {_cost(settings.cost_bps)}.",
        *(f"{label}: {words}." for label, words in unusual(settings, ccy, SAID).items()),
        f"{meta.periods_per_year:.6g} periods a year; prices {meta.fingerprint}.",
        *meta.notes,
    ]
    return "Assumed:\n" + "\n".join(f"  {line}" for line in lines)


def _cost(cost: object) -> str:
    if not cost:
        return "no trading cost"
    if isinstance(cost, (int, float)):
        return f"{cost:g} bps of traded value per side"
    return f"cost per side of traded value: {SETTINGS['cost_bps'].words(cost, '')}"


def _day(day: date) -> str:
    return units.day(day)
