"""The sheets of a client pack: framework, products, holdings, drift, backtest, wealth and notes."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from keel import units, vocabulary
from keel.backtest.metrics import table as metrics
from keel.backtest.metrics.row import Kind, Metric
from keel.backtest.provenance import rests_on
from keel.domain.drift.measure import BucketDrift
from keel.domain.drift.report import DriftReport
from keel.domain.framework.records import Framework
from keel.domain.framework.tree import children, leaves, ordered, segments
from keel.domain.market.prices import CASH
from keel.domain.plan.record import PlanRecord
from keel.pack.material import Material
from keel.pack.workbook.cells import (
    DAY,
    FINE,
    MONEY,
    PERCENT,
    POINTS,
    WHOLE,
    Cell,
    Formula,
    Line,
    Number,
    Sheet,
    column,
    total,
)

FRAMEWORK, PRODUCTS, HOLDINGS, DRIFT, PLAN, BACKTEST, WEALTH, NOTES = (
    "Framework",
    "Products",
    "Holdings",
    "Drift",
    "Plan",
    "Backtest",
    "Wealth",
    "Notes",
)
HELD = ("Product", "Name", "Bucket", "Share of its bucket", "Of the whole", "Own cost a year", "Weighs")
THIN = "0.000%"
FIRST = 3  # the row below the head: a title, the head


def sheets(material: Material) -> tuple[Sheet, ...]:
    """The sheets that have something to say, in order."""
    drift = material.drift
    live = (holdings_sheet(drift), drift_sheet(drift)) if drift else ()
    plan = (plan_sheet(material.plan),) if material.plan else ()
    return (
        framework_sheet(material.framework),
        products_sheet(material),
        *live,
        *plan,
        backtest_sheet(material),
        wealth_sheet(material),
        notes_sheet(material),
    )


def framework_sheet(framework: Framework) -> Sheet:
    """The tree with its targets; what the parts of a bucket make, and the whole, are sums."""
    buckets = ordered(framework)
    rows = {bucket.path: FIRST + n for n, bucket in enumerate(buckets)}
    ends = [rows[leaf.path] for leaf in leaves(framework)]
    lines = [
        Line((f"{framework.name}, version {framework.version}",), strong=True),
        Line(("Bucket", "Path", "Target", "Its parts make", "Least", "Most"), head=True),
    ]
    for bucket in buckets:
        parts = children(framework, bucket.path)
        made = math.fsum(part.target_weight for part in parts)
        formula = Formula(total("C", [rows[part.path] for part in parts]), made, FINE) if parts else None
        label = "    " * (len(segments(bucket.path)) - 2) + bucket.label
        figures = (Number(bucket.min_weight, FINE), Number(bucket.max_weight, FINE))
        lines.append(Line((label, bucket.path, Number(bucket.target_weight, FINE), formula, *figures)))
    whole = math.fsum(leaf.target_weight for leaf in leaves(framework))
    lines.append(Line(("Whole", "", Formula(total("C", ends), whole, FINE)), strong=True))
    return Sheet(FRAMEWORK, tuple(lines), (32, 40, 12, 14, 10, 10), 2)


def products_sheet(material: Material) -> Sheet:
    """What fills the buckets; a product's part of the whole is its share of its bucket's target on the first sheet."""
    book = material.results[0].book
    known = {source.instrument.symbol: source.instrument for source in material.sources}
    place = {bucket.path: FIRST + n for n, bucket in enumerate(ordered(material.framework))}
    parts = (book.targets[book.leaf] * book.shares).tolist()
    fees = [0.0 if s == CASH else known[s].expense_ratio if s in known else None for s in book.symbols]
    lines = [
        Line(("Products",), strong=True),
        Line(HELD, head=True),
    ]
    for n, (leaf, symbol, part, fee) in enumerate(zip(book.leaf.tolist(), book.symbols, parts, fees, strict=True)):
        row = FIRST + n
        cells: tuple[Cell, ...] = (
            Number(float(book.shares[n]), FINE),
            Formula(f"D{row}*{FRAMEWORK}!C{place[book.paths[leaf]]}", part, FINE),
            Number(fee, FINE),
            None if fee is None else Formula(f"E{row}*F{row}", part * fee, THIN),
        )
        lines.append(Line((symbol, known[symbol].name if symbol in known else "", book.labels[leaf], *cells)))
    lines.append(Line(("Whole", "", "", None, *_wholes(parts, fees)), strong=True))
    return Sheet(PRODUCTS, tuple(lines), (14, 40, 24, 18, 14, 16, 12), 2)


def _wholes(parts: Sequence[float], fees: Sequence[float | None]) -> tuple[Cell, ...]:
    """The sums of parts and of costs; none of costs where one is not known."""
    rows = range(FIRST, FIRST + len(parts))
    whole = Formula(total("E", rows), math.fsum(parts), FINE)
    if any(fee is None for fee in fees):
        return (whole,)
    cost = math.fsum(part * (fee or 0.0) for part, fee in zip(parts, fees, strict=True))
    return whole, None, Formula(total("G", rows), cost, THIN)


def holdings_sheet(report: DriftReport) -> Sheet:
    """What is held: value is quantity times price, a weight is value over the sum."""
    held = [row for row in report.holdings if row.value is not None]
    last = FIRST + len(held)
    lines = [
        Line((f"Holdings on {units.day(report.as_of)}",), strong=True),
        Line(("Product", "Quantity", "Price", "Value", "Weight", "Path"), head=True),
    ]
    for n, row in enumerate(held):
        at, value = FIRST + n, row.value or 0.0
        price = Number(row.price if row.price is not None else value / (row.quantity or 1.0), MONEY)
        worth = Formula(f"B{at}*C{at}", value, MONEY)
        weight = Formula(f"D{at}/D{last}", row.actual, FINE)
        lines.append(Line((row.symbol, Number(row.quantity), price, worth, weight, row.path)))
    rows = range(FIRST, last)
    whole = math.fsum(row.actual for row in held)
    sums = (Formula(total("D", rows), report.value, MONEY), Formula(total("E", rows), whole, FINE))
    lines.append(Line(("Whole", None, None, *sums), strong=True))
    return Sheet(HOLDINGS, tuple(lines), (16, 14, 14, 16, 12, 40), 2)


def drift_sheet(report: DriftReport) -> Sheet:
    """Leaves against their targets: drift is weight less target, total drift half the sum of its sizes."""
    ends = [row for row in report.buckets if row.leaf]
    rows = range(FIRST, FIRST + len(ends))
    lines = [
        Line((f"Drift on {units.day(report.as_of)}",), strong=True),
        Line(("Bucket", "Weight", "Target", "Drift", "Size", "Below", "Above", "To trade", "Status"), head=True),
        *(_drift_line(FIRST + n, row) for n, row in enumerate(ends)),
    ]
    sums = [(letter, getter) for letter, getter in (("B", "actual"), ("C", "target"))]
    cells = [Formula(total(at, rows), math.fsum(getattr(row, name) for row in ends), FINE) for at, name in sums]
    lines.append(Line(("Whole", *cells), strong=True))
    half = Formula(f"{total('E', rows)}/2", math.fsum(abs(row.drift) for row in ends) / 2, FINE)
    lines.append(Line(("Total drift", None, None, None, half), strong=True))
    return Sheet(DRIFT, tuple(lines), (32, 10, 10, 10, 10, 10, 10, 14, 14), 2)


def _drift_line(at: int, row: BucketDrift) -> Line:
    figures: tuple[Cell, ...] = (
        Number(row.actual, FINE),
        Number(row.target, FINE),
        Formula(f"B{at}-C{at}", row.actual - row.target, POINTS),
        Formula(f"ABS(D{at})", abs(row.actual - row.target), FINE),
        Number(row.below, FINE),
        Number(row.above, FINE),
        Number(row.value_to_trade, WHOLE),
    )
    return Line((row.label, *figures, row.status.value.replace("_", " ")))


def plan_sheet(plan: PlanRecord) -> Sheet:
    """The orders, a value being quantity times price, and what they leave."""
    said: Mapping[str, Any] = plan.said
    trades, buckets = said["trades"], said["buckets"]
    rows = range(FIRST, FIRST + len(trades))
    lines = [
        Line((f"Plan, {plan.status.value}",), strong=True),
        Line(("Account", "Product", "Quantity", "Price", "Value", "Gain"), head=True),
        *(_order_line(FIRST + n, row) for n, row in enumerate(trades)),
    ]
    paid = math.fsum(row["quantity"] * row["price"] for row in trades)
    lines.append(Line(("In all", "", None, None, Formula(total("E", rows), paid, MONEY)), strong=True))
    lines.append(Line(("Bucket", "", "Before", "After", "Target", "Drift after"), head=True))
    start = len(lines) + 1
    lines += [_after_line(start + n, row) for n, row in enumerate(buckets)]
    return Sheet(PLAN, tuple(lines), (24, 16, 14, 14, 16, 14), 2)


def _order_line(at: int, row: Mapping[str, Any]) -> Line:
    value = Formula(f"C{at}*D{at}", row["quantity"] * row["price"], MONEY)
    figures = (Number(row["quantity"]), Number(row["price"], MONEY), value, Number(row["gain"], MONEY))
    return Line((row["account"], row["symbol"], *figures))


def _after_line(at: int, row: Mapping[str, Any]) -> Line:
    weights = (Number(row[name], FINE) for name in ("before", "after", "target"))
    return Line((row["label"], "", *weights, Formula(f"D{at}-E{at}", row["after"] - row["target"], POINTS)))


def backtest_sheet(material: Material) -> Sheet:
    """Every figure by policy, the benchmark last."""
    results = material.beside
    rows = [row for row in metrics.METRICS if row.shown and any(row.key in r.metrics for r in results)]
    lines = [
        Line((f"Backtest, {units.span(material.results[0].meta.first, material.results[0].meta.last)}",), strong=True),
        Line(("Metric", *(result.name for result in results)), head=True),
        *(Line((row.label, *(_figure(row, r.metrics.get(row.key)) for r in results))) for row in rows),
    ]
    return Sheet(BACKTEST, tuple(lines), (30, *(16.0,) * len(results)), 2)


def _figure(row: Metric, value: object) -> Number:
    """A metric as a number in the form it has on the page."""
    if not isinstance(value, int | float):
        return Number(None)
    if row.form in (units.pct, units.pct2):
        return Number(float(value), FINE if row.form is units.pct2 else PERCENT)
    if row.key.endswith("_days"):
        return Number(float(value) / metrics.MONTH, WHOLE)
    return Number(float(value), WHOLE if row.kind is Kind.count else "0.00")


def wealth_sheet(material: Material) -> Sheet:
    """Wealth by date from 1, and above it what the columns come to."""
    results = [r for r in material.beside if len(r.dates) == len(material.results[0].dates)]
    days = material.results[0].dates.astype("datetime64[D]")
    last = FIRST + len(days)
    letters = [column(n + 1) for n in range(len(results))]
    ends = [(at, float(r.wealth[-1] / r.wealth[0])) for at, r in zip(letters, results, strict=True)]
    growth = [Formula(f"{at}{last}/{at}{FIRST + 1}-1", grown - 1, PERCENT) for at, grown in ends]
    span = float((days[-1] - days[0]).astype(int)) / units.DAYS_PER_YEAR
    years = f"(($A${last}-$A${FIRST + 1})/{units.DAYS_PER_YEAR})"
    yearly = [
        Formula(f"({at}{last}/{at}{FIRST + 1})^(1/{years})-1", grown ** (1 / span) - 1, FINE) for at, grown in ends
    ]
    wealth = np.column_stack([r.wealth for r in results]).tolist()
    lines = [
        Line(("Total growth", *growth), strong=True),
        Line(("Return a year", *yearly), strong=True),
        Line(("Date", *(r.name for r in results)), head=True),
        *(
            Line((Number(day, DAY), *(Number(w, "0.0000") for w in row)))
            for day, row in zip(days.tolist(), wealth, strict=True)
        ),
    ]
    return Sheet(WEALTH, tuple(lines), (16, *(16.0,) * len(results)), 3)


def notes_sheet(material: Material) -> Sheet:
    """What the numbers rest on."""
    return Sheet(NOTES, tuple(_notes(material)), (28, 110))


def _notes(material: Material) -> Iterator[Line]:
    result = material.results[0]
    yield Line((vocabulary.HYPOTHETICAL,), strong=True)
    facts = {
        "Run": material.run_id,
        "Made": units.day(material.made),
        "For": material.client,
        "By": material.brand.firm,
    }
    said = {**facts, **rests_on(result, material.prices, material.framework.base_ccy)}
    yield from (Line((name, text)) for name, text in said.items() if text)
    yield from _named("Notice", tuple(dict.fromkeys((*material.notes, *result.meta.notes))))
    yield from _named("Convention", result.meta.conventions)


def _named(name: str, texts: Sequence[str]) -> Iterator[Line]:
    for text in texts:
        yield Line((name, text))
