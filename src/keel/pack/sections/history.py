"""The backtest of the policy: what it came to, its years and its falls; and what these numbers rest on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import keel
from keel import units, vocabulary
from keel.backtest.metrics import table as metrics
from keel.backtest.metrics.drawdown import drawdown_episodes
from keel.backtest.metrics.row import Metric
from keel.backtest.provenance import rests_on
from keel.backtest.result import BacktestResult
from keel.domain.market.availability import of_source
from keel.domain.market.lines.likeness import in_short
from keel.domain.study.headline import backtest_finding, reference, worse_part
from keel.domain.study.trust import caveats
from keel.pack.material import Material
from keel.pack.paper.document import Block, Bullets, Facts, Figure, Lead, Row, Section, Table, Text, Title, Together
from keel.pack.paper.growth import growth

ONE_HISTORY = "This is one history: a small gap between policies may be luck. It is no promise of what comes."
MOST_PRODUCTS = 60
TOGETHER = 8  # lines at the end that stay on one page
DEEPEST = 5
FEW_ROWS, FEW_COLUMNS = 12, 4
MONTH = units.DAYS_PER_YEAR / 12


def finding(results: Sequence[BacktestResult]) -> str:
    """What the study found, as the page says it."""
    returns = {result.name: _number(result, "cagr") for result in results}
    return backtest_finding(returns, {result.name: _number(result, "max_drawdown") for result in results})


def history_section(material: Material) -> Section:
    """The chapter of the backtest."""
    results, ccy = material.results, material.framework.base_ccy
    other = material.benchmark.result if material.benchmark else None
    amount = units.money(results[0].settings.initial_value, ccy)
    alone = len(results) == 1
    blocks: list[Block] = [
        Lead(f"{finding(results)}.", _measured(material)),
        Title(f"Growth of {amount}, log scale"),
        Figure(growth(results, other, ccy), _ends(results, ccy)),
        Text(_legend(material), quiet=True),
        Title("What the policy did" if alone else "What each policy did"),
        metrics_table(material, metrics.first()),
        Title("More figures"),
        metrics_table(material, metrics.more()),
        *(Text(words, quiet=True) for words in _worse_parts(material)),
        *_years(material),
        *_falls(_own(material), "" if alone else f" of {_own(material).name}"),
    ]
    return Section("Backtest of the policy", tuple(blocks))


def _measured(material: Material) -> str:
    result = material.results[0]
    meta, weighs = result.meta, caveats(material.prices, result.book, result.settings)
    parts = (units.span(meta.first, meta.last), meta.frequency, meta.prices, units.not_annual(meta.first, meta.last))
    said = ", ".join(part for part in parts if part) + "."
    return said + (f" What weighs on it: {', '.join(c.phrase for c in weighs)}." if weighs else "")


def _ends(results: Sequence[BacktestResult], ccy: str) -> str:
    ends = (f"{r.name} {units.money(r.settings.initial_value * float(r.wealth[-1]), ccy)}" for r in results)
    return f"Growth under each policy, its rebalances, its lead and its drawdown. At the end: {', '.join(ends)}."


def _legend(material: Material) -> str:
    if len(material.results) == 1:
        return f"A tick marks a rebalance. {ONE_HISTORY}"
    dashed = ", the benchmark dashed" if material.benchmark else ""
    base = reference([r.name for r in material.results])
    return f"A tick marks a rebalance. Dotted is {base}{dashed}. {ONE_HISTORY}"


def metrics_table(material: Material, choice: Sequence[Metric]) -> Table:
    """Metrics by policy, the benchmark last, each in the form it has on the page."""
    results = material.beside
    rows = [row for row in choice if any(row.key in result.metrics for result in results)]
    return Table(
        ("Metric", *(result.name for result in results)),
        tuple(Row((row.label, *(_cell(row, result.metrics.get(row.key)) for result in results))) for row in rows),
    )


def _cell(row: Metric, value: object) -> str:
    return row.form(float(value)) if isinstance(value, int | float) else units.MISSING


def _number(result: BacktestResult, key: str) -> float | None:
    value = result.metrics.get(key)
    return float(value) if isinstance(value, int | float) else None


def calendar_years(results: Sequence[BacktestResult]) -> Mapping[str, Mapping[str, float | None]]:
    """The return of each year by policy, the newest first; one that is not complete carries a star."""
    years: dict[str, dict[str, float | None]] = {}
    for result in results:
        listed: Any = result.metrics.get("calendar_years") or ()
        for row in listed:
            years.setdefault(f"{row['year']}{'*' if row['partial'] else ''}", {})[result.name] = row["return"]
    return dict(sorted(years.items(), reverse=True))


def _worse_parts(material: Material) -> Iterator[str]:
    """What the worst full year leaves out, of each policy."""
    for result in material.results:
        words = worse_part(result.metrics, result.meta.first, result.meta.last)
        if words:
            yield words if len(material.results) == 1 else f"{result.name}: {words}"


def _years(material: Material) -> Iterator[Block]:
    results = material.beside
    names = [result.name for result in results]
    rows = [(year, *(units.pct(row.get(name)) for name in names)) for year, row in calendar_years(results).items()]
    if rows:
        yield Title("Return by calendar year")
        yield _folded(("Year", *names), rows)
        yield Text("A star marks a year that is not complete in this window.", quiet=True)


def _folded(columns: tuple[str, ...], rows: list[tuple[str, ...]]) -> Table:
    """A long table of few columns with its second half beside the first."""
    if len(rows) <= FEW_ROWS or len(columns) > FEW_COLUMNS:
        return Table(columns, tuple(map(Row, rows)))
    half = -(-len(rows) // 2)
    after = [*rows[half:], ("",) * len(columns)][:half]
    lines = (Row((*first, "", *second)) for first, second in zip(rows[:half], after, strict=True))
    return Table((*columns, "", *columns), tuple(lines), wide=-1)


def _own(material: Material) -> BacktestResult:
    """The result of the framework's own policy, else the first that is compared with another."""
    results = material.results
    base = reference([result.name for result in results])
    others = [result for result in results if result.name != base]
    return next((r for r in results if r.policy == material.framework.rebalancing), (others or list(results))[0])


def _falls(result: BacktestResult, whose: str) -> Iterator[Block]:
    """The deepest falls of a policy."""
    episodes = drawdown_episodes(result.dates, result.wealth, DEEPEST)
    if episodes:
        yield Title(f"The deepest falls{whose}")
        yield Table(
            ("From", "Low", "Recovered", "Fall", "Months"),
            tuple(
                Row(
                    (
                        units.day(e.peak),
                        units.day(e.trough),
                        units.day(e.recovered) if e.recovered else "not yet",
                        units.pct(e.depth),
                        units.number(e.days / MONTH, 0),
                    )
                )
                for e in episodes
            ),
            left=3,
            wide=-1,
        )
        yield Text("Months run from the high to the recovery, or to the end where there is none yet.", quiet=True)


def sources_section(material: Material) -> Section:
    """The chapter of what the numbers rest on."""
    result, ccy = material.results[0], material.framework.base_ccy
    weighs = tuple(c.sentence for c in caveats(material.prices, result.book, result.settings))
    notes = tuple(dict.fromkeys((*in_short(result.meta.likenesses), *material.notes, *result.meta.notes)))
    facts = {
        **rests_on(result, material.prices, ccy),
        "Run": material.run_id,
        "Computed with": f"Keel {keel.__version__}",
    }
    blocks: list[Block] = [
        Facts(tuple((name, text) for name, text in facts.items() if text)),
        *_listed("What weighs on the figures", weighs),
        *_listed("Prices of each product", tuple(map(_source, material.sources[:MOST_PRODUCTS]))),
        *_listed("Notices", notes),
        *_listed("Conventions", result.meta.conventions),
    ]
    return Section("What the numbers rest on", (*blocks, *_closing(_meanings(material))))


def _closing(meanings: tuple[str, ...]) -> Iterator[Block]:
    """The last chapter's end: its last lines stay together, so that no page holds only a few."""
    end = Text(vocabulary.HYPOTHETICAL)
    head, tail = meanings[:-TOGETHER], meanings[-TOGETHER:]
    if tail:
        yield Title("What the figures mean")
    if head:
        yield Bullets(head, quiet=True)
    yield Together((Bullets(tail, quiet=True), end) if tail else (end,))


def _source(source: Any) -> str:
    where = f", from the dataset {source.main.dataset}" if source.main else ""
    return f"{source.instrument.symbol}: {of_source(source).note.removesuffix('.')}{where}."


def _meanings(material: Material) -> tuple[str, ...]:
    shown = (*metrics.first(), *metrics.more())
    present = [row for row in shown if any(row.key in result.metrics for result in material.beside)]
    return tuple(f"{row.label}: {vocabulary.tip(row.term or row.key)}" for row in present)


def _listed(title: str, items: tuple[str, ...]) -> Iterator[Block]:
    if items:
        yield Title(title)
        yield Bullets(items, quiet=True)
