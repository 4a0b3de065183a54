"""The closer looks of the backtest page: each tab is computed only while it is open."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

import streamlit as st

from keel import units, vocabulary
from keel.services import export, history
from keel.services.shared.memory import recall
from keel.ui.backtest import risk, view, xray
from keel.ui.charts.matrix import contribution, correlation
from keel.ui.charts.returns import monthly_returns, rolling
from keel.ui.charts.weights import weights_over_time
from keel.ui.frame import root, widgets

if TYPE_CHECKING:
    from pandas.io.formats.style import Styler

    from keel.backtest.metrics.years import Month
    from keel.backtest.result import BacktestResult, Trade
    from keel.services.study import Study

Form = Callable[[Any], str]  # a number, NaN where it is not defined, as text
MOST_TRADES = 40
MONTH = units.DAYS_PER_YEAR / 12
Value = TypeVar("Value")
PERCENT: Form = units.pct
WHOLE: Form = partial(units.number, digits=0)
FINE: Form = partial(units.bps, digits=1)


@st.fragment
def tabs(study: Study, slots: Mapping[str, int]) -> None:
    """Draws the open tab. ``slots`` are the colours of the buckets by path."""
    pictures: Mapping[str, Callable[[Study, Mapping[str, int]], None]] = {
        "Years and months": _years,
        "Rolling returns": _rolling,
        "Deepest falls": _falls,
        "Weights": _weights,
        "Buckets": _buckets,
        "Risk": risk.show,
        "Trades": _trades,
        "X-ray": lambda study, _: xray.show(root.database(), study.question),
    }
    widgets.header("A closer look")
    opened = st.tabs(list(pictures), on_change="rerun", key="backtest-tab")
    for tab, show in zip(opened, pictures.values(), strict=True):
        if tab.open:
            with tab:
                show(study, slots)


def _kept(study: Study, name: str, make: Callable[[], Value]) -> Value:
    """A picture or table of this run, made once."""
    return recall(root.database(), (name, study.run_id), make)


def _one(study: Study, name: str) -> BacktestResult:
    """The policy to look at; a choice only where there are several."""
    names = [result.name for result in study.results]
    if len(names) == 1:
        return study.results[0]
    chosen = st.segmented_control(
        "Policy",
        names,
        default=names[min(1, len(names) - 1)],
        required=True,
        format_func=widgets.plain,
        key=f"backtest-one-{name}",
    )
    return next(result for result in study.results if result.name == chosen)


def _years(study: Study, _: Mapping[str, int]) -> None:
    result = _one(study, "years")
    months = history.months(result)
    if months:
        st.subheader(f"{widgets.plain(result.name)}: return by month, %", anchor=False)
        fig = _kept(study, f"months-{result.name}", lambda: monthly_returns(months))
        widgets.chart(fig, alt=_months_in_words(result.name, months), key="backtest-months")
    st.subheader("Return by calendar year", anchor=False)
    st.table(
        _kept(study, "calendar", lambda: _calendar(study)),
        border="horizontal",
        alt="Return of each calendar year by policy",
    )
    st.caption("A star marks a year that is not complete in this window.")


def _months_in_words(name: str, months: Sequence[Month]) -> str:
    """The heat map in one sentence."""
    worst = min(months, key=lambda m: m.value)
    best = max(months, key=lambda m: m.value)
    return (
        f"Monthly returns of {name}: worst {units.pct(worst[2])} in {worst[0]}-{worst[1]:02d}, "
        f"best {units.pct(best[2])} in {best[0]}-{best[1]:02d}"
    )


def _calendar(study: Study) -> Styler:
    """Returns by year and policy, the newest year first; an incomplete year carries a star."""
    import pandas as pd

    results = [*study.results, *([study.benchmark] if study.benchmark is not None else [])]
    years: dict[str, dict[str, float]] = {}
    for result in results:
        rows = result.metrics.get("calendar_years")
        for row in rows if isinstance(rows, Sequence) else ():
            label = f"{row['year']}{'*' if row['partial'] else ''}"
            years.setdefault(label, {})[result.name] = float("nan") if row["return"] is None else row["return"]
    frame = pd.DataFrame.from_dict(years, orient="index", columns=[result.name for result in results])
    frame = frame.sort_index(ascending=False)
    frame.index.name = "Year"
    frame.columns = pd.Index([widgets.plain(name) for name in frame.columns])
    return frame.style.format(PERCENT)


def _rolling(study: Study, _: Mapping[str, int]) -> None:
    spans = {1: "1 year", 3: "3 years", 5: "5 years"}
    years = st.segmented_control(
        "Over", list(spans), default=3, required=True, key="backtest-rolling", format_func=lambda y: spans[y]
    )
    paths = {r.name: history.rolling(r, years) for r in study.results}
    if not all(len(dates) for dates, _ in paths.values()):
        st.markdown(f"The window is shorter than {years} years: choose a shorter span or more dates.")
        return
    low, when, whose = min((float(v.min()), d[int(v.argmin())].astype(object), n) for n, (d, v) in paths.items())
    st.caption(
        f"Return a year over the {spans[years].removeprefix('1 ')} before each date. "
        f"The worst: {units.pct(low)} a year to {units.month(when)}, {widgets.plain(whose)}."
    )
    base = view.reference(study)
    fig = rolling(paths, view.slots(study), reference=base)
    alt = f"Rolling {years}-year return a year by policy, lowest {units.pct(low)}"
    widgets.chart(fig, alt=alt, key="backtest-roll")


def _falls(study: Study, _: Mapping[str, int]) -> None:
    import pandas as pd

    result = _one(study, "falls")
    episodes = history.falls(result)
    if not episodes:
        st.markdown("Wealth never fell below an earlier high.")
        return
    frame = pd.DataFrame(
        {
            "Fall": [e.depth for e in episodes],
            "From": [units.day(e.peak) for e in episodes],
            "Low": [units.day(e.trough) for e in episodes],
            "Recovered": [units.day(e.recovered) if e.recovered else "not yet" for e in episodes],
            "Months": [e.days / MONTH for e in episodes],
        },
        index=pd.Index(range(1, len(episodes) + 1), name="Rank"),
    )
    style = frame.style.format({"Fall": PERCENT, "Months": WHOLE})
    st.table(style, border="horizontal", alt=f"The deepest falls of {result.name}")
    st.caption("Months run from the high to the recovery, or to the end where there is none yet.")


def _weights(study: Study, slots: Mapping[str, int]) -> None:
    result = _one(study, "weights")
    colours = [slots.get(path, 6) for path in result.book.paths]
    last = ", ".join(
        f"{label} {units.pct(float(w))}" for label, w in zip(result.book.labels, result.weights[-1], strict=True)
    )
    fig = weights_over_time(result.dates, result.book.labels, result.weights, colours)
    widgets.chart(fig, alt=f"Weights over time under {result.name}. At the end: {last}", key="backtest-weights")


def _buckets(study: Study, slots: Mapping[str, int]) -> None:
    result = _one(study, "buckets")
    colours = [slots.get(path, 6) for path in result.book.paths]
    st.subheader("What each bucket added to the growth", anchor=False)
    parts = history.contribution(result)
    words = ", ".join(f"{a} {units.pct(float(b))}" for a, b in zip(result.book.labels, parts, strict=True))
    widgets.chart(contribution(result.book.labels, parts, colours), alt=f"Contribution: {words}", key="backtest-added")
    st.caption("Parts of the total growth, as a share of the first amount, before trading costs.")
    if len(result.book.labels) < 2:
        return
    st.subheader("How the buckets moved together", anchor=False)
    matrix = history.correlation(result)
    widgets.chart(correlation(result.book.labels, matrix), alt="Correlation of bucket returns", key="backtest-corr")
    st.caption("Correlation of returns: 1 moves in step, 0 not at all, −1 against each other.")


def _trades(study: Study, _: Mapping[str, int]) -> None:
    import pandas as pd

    result = _one(study, "trades")
    if not result.events:
        st.markdown(f"{widgets.plain(result.name)} made no trade after the purchase.")
        return
    newest = result.events[::-1][:MOST_TRADES]
    later = any(event.decided != event.date for event in newest)
    frame = pd.DataFrame(
        ({"Decided": [units.day(event.decided) for event in newest]} if later else {})
        | {
            "Turnover": [event.turnover for event in newest],
            "Cost": [event.cost for event in newest],
            "Trades": [_in_words(event.trades) for event in newest],
        },
        index=pd.Index([units.day(event.date) for event in newest], name="Filled"),
    )
    style = frame.style.format({"Turnover": PERCENT, "Cost": FINE})
    rest = f"; the newest {MOST_TRADES} are shown, the file has all" if len(result.events) > MOST_TRADES else ""
    st.caption(f"{len(result.events)} rebalances, newest first{rest}. Cost is of the portfolio.")
    st.table(style, border="horizontal", alt=f"Rebalances of {result.name}")
    st.download_button(
        "Download trades",
        data=lambda: export.trades_csv(study),
        file_name="keel-trades.csv",
        mime="text/csv",
        on_click="ignore",
        icon=":material/download:",
        key="backtest-trades-csv",
    )
    st.caption(vocabulary.HYPOTHETICAL)


def _in_words(trades: Sequence[Trade]) -> str:
    """The largest changes of weight, in words."""
    changes = sorted(((t.after - t.before, t.symbol) for t in trades), key=lambda c: -abs(c[0]))
    shown = ", ".join(f"{widgets.plain(symbol)} {units.pp(change)}" for change, symbol in changes[:4])
    return shown + (f" and {len(changes) - 4} more" if len(changes) > 4 else "")
