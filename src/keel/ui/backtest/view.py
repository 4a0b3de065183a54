"""The parts of the backtest page: what was measured, tiles, growth, the metrics table and what is assumed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from keel import units, vocabulary
from keel.backtest.metrics import table as metrics
from keel.domain.issue import Finding
from keel.domain.market.availability import of_source
from keel.domain.market.choice import Source
from keel.domain.market.health import worst
from keel.domain.market.lines.likeness import in_short
from keel.domain.market.prices import kind_words
from keel.domain.policy.settings import unusual as words_of
from keel.domain.policy.words import describe
from keel.domain.study import headline
from keel.domain.study.blend import Blend, describe_blend
from keel.services import history
from keel.services.work import shelf
from keel.ui.charts.growth import growth, mark_joints
from keel.ui.frame import session, widgets
from keel.ui.frame import shelf as shelf_parts

if TYPE_CHECKING:
    import plotly.graph_objects as go
    from pandas.io.formats.style import Styler

    from keel.backtest.metrics.row import Metric
    from keel.backtest.result import BacktestResult
    from keel.domain.framework.records import Framework
    from keel.services.study import Study
    from keel.store.connection import Database


LEVEL_COLOURS = {"bad": "red", "doubtful": "orange"}
MOST_PRODUCTS = 60


def reference(study: Study) -> str:
    """The name that the others are compared with: never rebalancing, else the first policy."""
    return headline.reference([result.name for result in study.results])


def slots(study: Study) -> dict[str, int]:
    """The colour slot of each policy: 0, 1, 2 in the order chosen, the reference grey."""
    return headline.policy_slots([result.name for result in study.results])


def cagr(result: BacktestResult) -> float | None:
    """The return a year, None when the window is too short for one."""
    value = result.metrics.get("cagr")
    return float(value) if isinstance(value, int | float) else None


def finding(study: Study) -> str:
    """The page's title."""
    falls = {result.name: result.metrics.get("max_drawdown") for result in study.results}
    known = {name: float(fall) if isinstance(fall, int | float) else None for name, fall in falls.items()}
    return headline.backtest_finding({result.name: cagr(result) for result in study.results}, known)


def measured(framework: Framework, study: Study) -> tuple[str, ...]:
    """The grey line: framework, window, prices, fill and cost, proxies."""
    meta, settings = study.results[0].meta, study.results[0].settings
    cost = settings.cost_bps
    price = f"{units.number(cost, 0)} bps" if isinstance(cost, int | float) else "a cost for each product"
    fill = "the same close" if meta.lag == 0 else ("the next close" if meta.lag == 1 else f"{meta.lag} closes later")
    return (
        f"{framework.name} · version {meta.framework_version}",
        f"{units.span(meta.first, meta.last)}, {meta.frequency}, {_prices(study)}",
        units.not_annual(meta.first, meta.last).capitalize(),
        f"Trades at {fill}, {price}",
        _proxies(study),
    )


def unusual(framework: Framework, study: Study) -> tuple[str, ...]:
    """The settings that differ from the usual and that the grey line does not say."""
    settings = study.results[0].settings
    said = {"lag", "initial_value", *([] if isinstance(settings.cost_bps, Mapping) else ["cost_bps"])}
    return tuple(f"{k}: {v}" for k, v in words_of(settings, framework.base_ccy, said).items())


def _prices(study: Study) -> str:
    """What kind of prices the study is made of."""
    return kind_words(study.prices, study.results[0].book.symbols)


def _proxies(study: Study) -> str:
    """How many products a series stands in for, all the time or before their own prices."""
    count = len(study.prices.proxied)
    if not count:
        return ""
    own = any(stand_in.until is not None for stand_in in study.prices.proxied)
    return f"{count} {'product' if count == 1 else 'products'} {'extended' if own else 'represented'} by a proxy"


def tiles(study: Study) -> None:
    """Draws one tile a policy, the lead over the reference under it, and the benchmark's."""
    base = reference(study)
    first = next(cagr(result) for result in study.results if result.name == base)
    results = [*study.results, *([study.benchmark] if study.benchmark is not None else [])]
    with st.container(horizontal=True):
        for result in results:
            value, same = cagr(result), result.name == base
            gap = units.pp(value - first, 2) if value is not None and first is not None else units.MISSING
            st.metric(
                widgets.plain(result.name),
                units.pct2(value),
                delta="a year" if same else gap,
                delta_color="off",
                delta_arrow="off",
                delta_description=_against(base, same=same, alone=len(results) == 1),
                help=_about(result, study),
                border=True,
                width=170,
            )


def _against(base: str, *, same: bool, alone: bool) -> str | None:
    """What a tile is compared with; the reference says that it is it."""
    if same:
        return None if alone else "reference"
    return widgets.plain(f"vs {base[:1].lower()}{base[1:]}")


def _about(result: BacktestResult, study: Study) -> str:
    """A tile's tooltip: the policy in words, and what the number is."""
    words = _beside(study) if result is study.benchmark else describe(result.policy)
    return widgets.plain(f"{words}. {vocabulary.tip('cagr')}")


def _beside(study: Study) -> str:
    """What the benchmark is, in words."""
    asked = study.question.benchmark
    return f"Benchmark, {describe_blend(asked)}" if isinstance(asked, Blend) else "Benchmark, bought and held"


def growth_figure(study: Study, ccy: str) -> go.Figure:
    """Growth of the initial amount under each policy and the benchmark."""
    results = list(study.results)
    wealth = {result.name: result.wealth for result in results}
    events = {r.name: np.array([e.date for e in r.events], dtype="datetime64[D]") for r in results}
    benchmark = study.benchmark
    if benchmark is not None and len(benchmark.dates) == len(results[0].dates):
        wealth[benchmark.name] = benchmark.wealth
    base = reference(study)
    ordered = {base: wealth[base]} | wealth
    figure = growth(
        results[0].dates,
        ordered,
        events,
        slots(study),
        reference=base,
        benchmark=benchmark.name if benchmark is not None else "",
        amount=results[0].settings.initial_value,
        ccy=ccy,
    )
    return mark_joints(figure, joints(study))


def joints(study: Study) -> Mapping[date, Sequence[str]]:
    """The products whose own prices begin inside the window, by the date they do: before it a proxy stands in."""
    meta, found = study.results[0].meta, dict[date, list[str]]()
    for stand_in in study.prices.proxied:
        day = None if stand_in.until is None else stand_in.until.astype("datetime64[D]").item()
        if day and meta.first < day < meta.last and stand_in.symbol in study.results[0].book.symbols:
            found.setdefault(day, []).append(stand_in.symbol)
    return found


def growth_alt(study: Study) -> str:
    """The picture in words."""
    ends = ", ".join(f"{result.name} {units.times(float(result.wealth[-1]))}" for result in study.results)
    return f"Growth of one unit under each policy, its rebalances, its lead and its drawdown. At the end: {ends}."


def table(study: Study) -> Styler:
    """The first metrics by policy; the benchmark is the last column."""
    return _styled(study, metrics.first())


def more_table(study: Study) -> Styler:
    """The other metrics by policy."""
    return _styled(study, metrics.more())


def _results(study: Study) -> tuple[BacktestResult, ...]:
    return (*study.results, *([study.benchmark] if study.benchmark is not None else []))


def _present(study: Study, rows: Sequence[Metric]) -> tuple[Metric, ...]:
    """The metrics the run has: those of flows only where money came in or went out."""
    return tuple(row for row in rows if any(row.key in result.metrics for result in study.results))


def _styled(study: Study, choice: Sequence[Metric]) -> Styler:
    """Metrics by policy, numbers formatted."""
    import pandas as pd

    results, rows = _results(study), _present(study, choice)
    values = {widgets.plain(result.name): [_number(result.metrics.get(row.key)) for row in rows] for result in results}
    frame = pd.DataFrame(values, index=[row.label for row in rows])
    frame.index.name = "Metric"
    style = frame.style
    for row in rows:
        style = style.format(row.form, subset=pd.IndexSlice[[row.label], :])
    return style


def _number(value: object) -> float:
    """A metric as a number; NaN where it is not defined."""
    return float(value) if isinstance(value, int | float) else float("nan")


def words(study: Study) -> str:
    """What the rows of both tables mean, as a Markdown list from the vocabulary."""
    rows = _present(study, (*metrics.first(), *metrics.more()))
    return "\n".join(f"- **{row.label}**: {widgets.plain(vocabulary.tip(row.term or row.key))}" for row in rows)


def assumptions(study: Study, ccy: str, health: Mapping[str, Sequence[Finding]]) -> None:
    """Draws the box that says what the numbers rest on; ``health`` is what is wrong with the prices of each product."""
    meta = study.results[0].meta
    with st.container(border=True):
        widgets.header("What this rests on")
        st.markdown(
            "\n".join(f"- **{name}**: {widgets.plain(fact)}" for name, fact in history.rests_on(study, ccy).items())
        )
        if study.sources:
            with st.expander(f"Prices of each product: {len(study.sources)}"):
                st.markdown("\n".join(_source(source, health) for source in study.sources[:MOST_PRODUCTS]))
        notes = dict.fromkeys((*in_short(meta.likenesses), *study.notes, *meta.notes))
        if notes:
            st.markdown("\n".join(f"- {widgets.plain(note)}" for note in notes))
        if meta.conventions:
            with st.expander("Conventions"):
                st.markdown("\n".join(f"- {widgets.plain(rule)}" for rule in meta.conventions))
        st.caption(vocabulary.HYPOTHETICAL)


def _source(source: Source, health: Mapping[str, Sequence[Finding]]) -> str:
    """A product, the series that serves it, and the gravest of what is wrong with that."""
    symbol = source.instrument.symbol
    where = f", from the dataset {source.main.dataset}" if source.main else ""
    level = worst(tuple(health.get(symbol, ())))
    badge = f" :{LEVEL_COLOURS[level]}-badge[{level.capitalize()} prices]" if level in LEVEL_COLOURS else ""
    return f"- **{widgets.plain(symbol)}**: {widgets.plain(of_source(source).note.removesuffix('.') + where)}{badge}"


def amount(study: Study, ccy: str) -> str:
    """The initial amount in words."""
    return units.money(study.results[0].settings.initial_value, ccy)


def legend(study: Study) -> str:
    """What the marks of the growth picture mean, and how far to trust a gap."""
    joint = " Dotted upright: own prices begin there, a proxy stands in before." if joints(study) else ""
    if len(study.results) == 1:
        return f"Hover for values.{joint}"
    held = ", the benchmark dashed" if study.benchmark is not None else ""
    return (
        f"A tick marks a rebalance. Dotted grey is the reference{held}.{joint} Hover for values, all policies at once. "
        "This is one history: a small gap may be luck."
    )


def warnings(study: Study) -> None:
    """Says beside the numbers that prices have changed since the run."""
    if study.changed:
        st.markdown(f":orange-badge[:material/warning: Prices] {widgets.plain(study.notes[0])}")


def more(study: Study) -> None:
    """Draws more metrics and what each means, drawn only when opened."""
    with (
        st.container(horizontal=True),
        st.popover("What these mean", icon=":material/help:", on_change="rerun", key="backtest-words") as words_box,
    ):
        if words_box.open:
            st.markdown(words(study))
            st.caption(f"{units.MISSING} means not defined here: no complete year, or nothing to compare with.")
    with st.expander("More metrics", on_change="rerun", key="backtest-more") as more_box:
        if more_box.open:
            st.table(more_table(study), border="horizontal", alt="More metrics by policy")
            said = {r.name: headline.worse_part(r.metrics, r.meta.first, r.meta.last) for r in study.results}
            for name, sentence in said.items():
                if sentence:
                    st.caption(widgets.plain(sentence if len(said) == 1 else f"{name}: {sentence}"))


def newer(framework: Framework, newest: int) -> None:
    """Says that the framework has a newer version than the run used, with the way to its products."""
    if newest > framework.version:
        words = f"This run used version {framework.version}; version {newest} of the allocation is newer."
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f":gray-badge[:material/history: Version] {words}", width="content")
            ids = session.Ids(framework=framework.id, version=newest)
            widgets.link("mapping", f"Choose products for version {newest}", ids)


def runs(db: Database, study: Study) -> None:
    """Draws the portfolio's runs with what can be done with them, drawn only when opened."""
    entries = shelf.runs_of(db, study.question.portfolio_id)
    with st.expander(f"Runs ({len(entries)})", on_change="rerun", key="backtest-runs") as box:
        if box.open:
            shelf_parts.manage(db, entries, study.run_id, lambda id: session.go("backtest", session.forward(run=id)))
