"""The controls of a question: the cost in sight, the rest in a few short sections behind "More"."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, Any, assert_never

import streamlit as st

from keel import vocabulary
from keel.domain.framework.tree import leaves
from keel.domain.market.crises import covered
from keel.domain.policy.records import Cadence, FlowMode
from keel.domain.policy.settings import EACH, SETTINGS, Control, Section, Setting
from keel.domain.portfolio.filling import filling, symbols_of
from keel.domain.study.blend import Blend, describe_blend
from keel.ui.frame import dialogs, widgets
from keel.ui.question.state import BY_PRODUCT, LAGS, NO_FLOW, PAID_IN, SHORT, TAKEN_OUT, costs, key

if TYPE_CHECKING:
    from keel.domain.framework.records import Framework
    from keel.domain.portfolio.records import Portfolio
    from keel.services.market.datasets import DatasetChoice

AUTOMATIC = ""  # the dataset that covers most
BLENDS = "blends"  # the dialog in which they are made
COSTS = (0, 10, 25, 50)
MODES: Mapping[FlowMode, str] = {
    FlowMode.proportional: "At the weights of that day",
    FlowMode.steer: "Where it evens out drift",
}
WIDE, NARROW = 338, 155  # px: what a phone of 400 px has room for, and two controls beside each other in it


@dataclass(frozen=True, slots=True)
class Form:
    """One page's form: the ``prefix`` of its keys, and what there is to choose from.

    ``products`` are symbols, ``buckets`` the labels of leaves by path; ``without`` names the settings and fields that
    this page asks in another way.
    """

    prefix: str
    datasets: Sequence[DatasetChoice]
    series: Sequence[str]
    products: Sequence[str]
    buckets: Mapping[str, str]
    ccy: str
    without: frozenset[str] = frozenset()
    blends: Sequence[Blend] = ()

    def lasting(self, name: str) -> dict[str, Any]:
        """The key of a control, and that its value outlives the control."""
        return {"key": key(self.prefix, name), "persist_state": "session"}

    def now(self, name: str) -> Any:
        """What the control holds."""
        return st.session_state[key(self.prefix, name)]


def of_portfolio(
    prefix: str,
    portfolio: Portfolio,
    framework: Framework,
    datasets: Sequence[DatasetChoice],
    series: Sequence[str],
    without: Iterable[str] = (),
    blends: Sequence[Blend] = (),
) -> Form:
    """The form of questions about one portfolio."""
    return Form(
        prefix=prefix,
        datasets=datasets,
        series=series,
        products=symbols_of(filling(portfolio, framework)),
        buckets={leaf.path: leaf.label for leaf in leaves(framework)},
        ccy=framework.base_ccy,
        without=frozenset(without),
        blends=blends,
    )


def cost(form: Form) -> None:
    """Draws the trading cost: one number for all, or each product its own."""
    now = form.now("cost_bps")
    numbers = sorted({*COSTS, *([] if now == BY_PRODUCT else [now])})
    st.segmented_control(
        "Cost, bps of traded value",
        [*numbers, BY_PRODUCT],
        required=True,
        help=vocabulary.tip("cost"),
        on_change=_each_its_own,
        args=(form, 0.0 if now == BY_PRODUCT else float(now)),
        wrap=True,
        **form.lasting("cost_bps"),
    )


def more(form: Form) -> None:
    """Draws what most readers leave alone, behind one button. It keeps its values while the box is closed."""
    # Drawn closed, its controls would be told their values once, before the browser shows them.
    with st.popover("More", icon=":material/tune:", on_change="rerun", key=_box(form)) as box:
        if box.open:
            sections(form)


def sections(form: Form) -> None:
    """Draws every control in its section."""
    with st.container(width=WIDE):
        for tab, section in zip(st.tabs(list(Section)), Section, strict=True):
            with tab:
                if section is Section.prices:
                    _prices(form)
                _section(form, section)


def all_dates(form_prefix: str, start: date | None = None, end: date | None = None) -> None:
    """Sets the window."""
    st.session_state[key(form_prefix, "start")], st.session_state[key(form_prefix, "end")] = start, end


def _prices(form: Form) -> None:
    """Draws which prices over which dates, and what stands beside them."""
    labels = {choice.id: choice.label for choice in form.datasets}
    st.selectbox(
        "Prices",
        dict.fromkeys([AUTOMATIC, *labels, form.now("dataset")]),
        format_func=lambda name: labels.get(name, name) or "Automatic: whichever covers most",
        help=vocabulary.tip("dataset"),
        **form.lasting("dataset"),
    )
    st.toggle("Extend short histories with a proxy", help=vocabulary.tip("proxy"), **form.lasting("proxies"))
    if "benchmark" not in form.without:
        st.selectbox(
            "Benchmark",
            dict.fromkeys(["", *form.blends, *form.series, form.now("benchmark")]),
            format_func=benchmark_label,
            help=vocabulary.tip("benchmark"),
            **form.lasting("benchmark"),
        )
        st.button("Blends…", key=f"{form.prefix}-blends", type="tertiary", on_click=_blends, args=(form,))
    _dates(form)


def _blends(form: Form) -> None:
    """Opens the dialog of blends in place of the box."""
    dialogs.ask_for(BLENDS, _box(form))


def _box(form: Form) -> str:
    return f"{form.prefix}-box"


def benchmark_label(benchmark: str | Blend) -> str:
    """What a benchmark is called where one is chosen."""
    if isinstance(benchmark, Blend):
        return f"{benchmark.name}: {describe_blend(benchmark)}"
    return benchmark or "None"


def _dates(form: Form) -> None:
    """Draws the window, with the crises that the prices cover at hand."""
    chosen = [d for d in form.datasets if d.id == form.now("dataset")] or list(form.datasets)
    asked = [day for name in ("start", "end") if (day := form.now(name))]
    first = min((*(d.first for d in chosen), *asked), default=date(1990, 1, 1))
    last = max((*(d.last for d in chosen), *asked), default=date(2030, 12, 31))
    with st.container(horizontal=True):
        st.date_input("From", min_value=first, max_value=last, width=150, **form.lasting("start"))
        st.date_input("To", min_value=first, max_value=last, width=150, **form.lasting("end"))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption("Crises", width="content")
        for crisis in covered(first, last):
            at, dates = f"{form.prefix}-crisis-{crisis.name}", (crisis.start, min(crisis.end, last))
            st.button(crisis.name, key=at, type="tertiary", on_click=all_dates, args=(form.prefix, *dates))
        st.button("All dates", key=f"{form.prefix}-all", type="tertiary", on_click=all_dates, args=(form.prefix,))


def _section(form: Form, section: Section) -> None:
    """Draws the settings of a section: numbers two beside each other, anything else on a line of its own."""
    rows = [row for row in SETTINGS.values() if row.section is section and row.name not in form.without]
    for numbers, group in groupby(rows, key=lambda row: row.control in (Control.amount, Control.bps)):
        with st.container(horizontal=numbers, vertical_alignment="bottom"):
            for row in group:
                _draw(form, row)


def _draw(form: Form, row: Setting) -> None:
    match row.control:
        case Control.lag:
            labels = dict.fromkeys([*LAGS, form.now(row.name)])
            st.segmented_control(
                row.label, labels, required=True, help=row.tip, wrap=True, width="stretch", **form.lasting(row.name)
            )
        case Control.cost:
            _product_costs(form)
        case Control.amount | Control.bps:
            least = min(row.least, form.now(row.name) or 0.0)
            label = f"{row.label}, {form.ccy if row.control is Control.amount else 'bps a year'}"
            at = form.lasting(row.name)
            st.number_input(label, least, step=row.step, format="%.6g", help=row.tip or None, width=NARROW, **at)
        case Control.switch:
            st.toggle(row.label, help=row.tip or None, width="stretch", **form.lasting(row.name))
        case Control.rate:
            _rate(form, row)
        case Control.flows:
            _flows(form, row)
        case Control.buckets:
            names = _bucket_names(form, form.now(row.name))
            st.pills(
                row.label,
                list(names),
                selection_mode="multi",
                format_func=lambda path: widgets.plain(names[path]),
                help=row.tip,
                wrap=True,
                width="stretch",
                **form.lasting(row.name),
            )
        case _:
            assert_never(row.control)


def _bucket_names(form: Form, chosen: Sequence[str]) -> dict[str, str]:
    """What can be frozen and its label: a bucket that is chosen, as it was named, then the other leaves by path."""
    names = {name: form.buckets.get(name, name) for name in chosen}
    return names | {path: label for path, label in form.buckets.items() if label not in names.values()}


def _product_costs(form: Form) -> None:
    """Draws a cost for each product, where each has its own."""
    if form.now("cost_bps") != BY_PRODUCT:
        return
    known = costs({str(k): v for k, v in st.session_state.items()}, f"{form.prefix}-")
    st.caption("Cost of each product, bps of traded value")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        for symbol in dict.fromkeys([*form.products, *known]):
            at = f"{SHORT['cost_bps']}-{symbol}"
            st.session_state.setdefault(key(form.prefix, at), 0.0)
            st.number_input(
                widgets.plain(symbol), 0.0, 9_999.0, step=1.0, format="%.6g", width=NARROW, **form.lasting(at)
            )


def _each_its_own(form: Form, before: float) -> None:
    """Lets every product begin with the cost that all had."""
    if form.now("cost_bps") == BY_PRODUCT:
        for symbol in form.products:
            st.session_state.setdefault(key(form.prefix, f"{SHORT['cost_bps']}-{symbol}"), before)


def _rate(form: Form, row: Setting) -> None:
    """Draws a rate a year, or the series whose return is the rate."""
    series = f"{row.name}-series"
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            row.label,
            dict.fromkeys(["", *form.series, form.now(series)]),
            format_func=lambda symbol: f"The return of {symbol}" if symbol else "A fixed rate",
            help=row.tip,
            width=NARROW,
            **form.lasting(series),
        )
        if not form.now(series):
            st.number_input(
                "Rate, % a year", -99.0, 1_000.0, step=0.25, format="%.6g", width=NARROW, **form.lasting(row.name)
            )


def _flows(form: Form, row: Setting) -> None:
    """Draws money put in or taken out: how much, how often, growing how, and into what."""
    name = row.name
    st.segmented_control(
        row.label, [NO_FLOW, PAID_IN, TAKEN_OUT], required=True, help=row.tip, width="stretch", **form.lasting(name)
    )
    if form.now(name) == NO_FLOW:
        return
    amount, growth = form.lasting(f"{name}-amount"), form.lasting(f"{name}-growth")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.number_input(f"Each time, {form.ccy}", 0.0, 1e15, step=100.0, format="%.6g", width=NARROW, **amount)
        st.selectbox(
            "How often",
            list(Cadence),
            format_func=lambda cadence: EACH[cadence].capitalize(),
            width=NARROW,
            **form.lasting(f"{name}-cadence"),
        )
        st.number_input("More each year, %", -99.0, 1_000.0, step=0.5, format="%.6g", width=NARROW, **growth)
    st.selectbox(
        "Bought or sold",
        list(FlowMode),
        format_func=lambda mode: MODES[mode],
        **form.lasting(f"{name}-mode"),
    )
