"""Is it luck? The chosen policy on other histories, days and starts, and the best of many against a reference."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import streamlit as st

from keel import units, vocabulary
from keel.domain.market.frequency import session_noun
from keel.domain.policy.presets import PRESETS
from keel.domain.policy.records import Policy
from keel.domain.policy.words import PRESET_LABELS, preset_name
from keel.domain.study.candidate import Candidate
from keel.domain.study.resampling import GIVEN, Resampling
from keel.services import luck
from keel.ui.charts.confidence import by_start, differences
from keel.ui.charts.fan import by_day, timing_fan
from keel.ui.frame import waiting, widgets
from keel.ui.lab import answers
from keel.ui.lab.answers import Pair
from keel.ui.lab.landscape import METRICS

if TYPE_CHECKING:
    from pandas.io.formats.style import Styler

    from keel.backtest.luck.bootstrap import Confidence
    from keel.backtest.luck.fan import Fan
    from keel.backtest.luck.purchase import Purchases
    from keel.backtest.luck.rolling import RollingStarts
    from keel.backtest.luck.skill import Skill
    from keel.services.lab import Stage
    from keel.services.shared.job import Job
    from keel.ui.lab.inputs import Choices
    from keel.ui.lab.landscape import Landscape

Answer = TypeVar("Answer")
DRAWS = (500, 2_000, 10_000)
SEED = "lab-seed"
SHOWN = ("cagr", "volatility", "sharpe", "max_drawdown", "turnover_per_year", "tracking_error")
TABS = ("Other histories", "Another check day", "Another start date", "Picked from many")
MOST_LISTED = 10


@st.fragment
def show(found: Landscape, now: Choices, on: Stage) -> None:
    """Draws the four questions, each answered only while it is open."""
    widgets.header("Is it luck?")
    references = _references(on)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.segmented_control(
            "Compared with", list(references), default=next(iter(references)), required=True, key="lab-reference"
        )
        seed = st.number_input(
            "Seed", 0, 2**31 - 1, 0, key=SEED, width=140, help="The same seed gives the same numbers."
        )
    name = name if name in references else next(iter(references))
    policy, settings = found.policy(now.place, now.cost)
    pair = Pair(
        on.question,
        Candidate(found.short(now.place), policy, settings),
        Candidate(name, references[name], settings),
    )
    parts: dict[str, Callable[[], None]] = {
        TABS[0]: lambda: _histories(pair, int(seed or 0), session_noun(found.frequency)),
        TABS[1]: lambda: _days(pair, found),
        TABS[2]: lambda: _starts(pair),
        TABS[3]: lambda: _many(pair, found, now, on, int(seed or 0)),
    }
    for tab, (_, draw) in zip(st.tabs(TABS, on_change="rerun", key="lab-tab"), parts.items(), strict=True):
        if tab.open:
            with tab:
                draw()


def _references(on: Stage) -> dict[str, Policy]:
    """What the chosen policy can be compared with: never, the framework's own, yearly and quarterly."""
    own = on.subject.framework.rebalancing
    known = preset_name(own)
    first = {PRESET_LABELS["never"]: PRESETS["never"], PRESET_LABELS[known] if known else "Own policy": own}
    return first | {PRESET_LABELS[name]: PRESETS[name] for name in ("annual", "quarterly")}


def _answer(job: Job[Answer], key: str) -> Answer | None:
    """The answer of a job, None while it is worked on or when there is none; draws what then stands there."""
    return None if waiting.unanswered(job, key) else job.answer


def _cut_short(done: int, asked: int, noun: str) -> None:
    """Says that only part of the work was done."""
    if done < asked:
        st.markdown(f":orange-badge[:material/warning: Stopped] {done:,} of {asked:,} {noun} count.")


def _histories(pair: Pair, seed: int, noun: str) -> None:
    draws = st.segmented_control(
        "Histories", DRAWS, default=DRAWS[0], required=True, format_func=lambda n: f"{n:,}", key="lab-draws",
        help=f"Blocks of {noun}s of the real history, joined at random; both policies trade anew on each.",
    )  # fmt: skip
    block = st.number_input(
        f"Mean block, {noun}s", 1, None, None, key="lab-block", width=180, placeholder="chosen",
        help="Longer blocks keep more of how one period follows another. Empty: the length that suits these returns "
        "(Politis and White).",
    )  # fmt: skip
    answer = _answer(answers.confidence(pair, Resampling(draws or DRAWS[0], seed, block=block)), "lab-histories")
    if answer is None:
        return
    st.markdown(widgets.plain(luck.words(answer)))
    _cut_short(answer.draws, answer.asked, "histories")
    if answer.depleted:
        st.markdown(
            f":red-badge[:material/error: Ruined] {answer.depleted:,} of {answer.draws:,} histories took everything "
            "from one of the two; no figure below counts them."
        )
    metric = st.selectbox(
        "Difference in", SHOWN, format_func=lambda key: METRICS[key].label, key="lab-difference", width=220
    )
    one = answer.of(metric)
    if one.defined:
        form = METRICS[metric].apart
        picture = differences(
            one.draws, seen=one.seen, low=one.low, high=one.high, metric=METRICS[metric].label.lower(), form=form,
        )  # fmt: skip
        alt = f"{METRICS[metric].label} of {answer.a} less that of {answer.b} over {one.defined:,} resampled histories"
        if one.low is not None and one.high is not None:
            alt += f", {100 * answer.level:g}% between {form(one.low)} and {form(one.high)}"
        widgets.chart(picture, alt=alt, key="lab-differences")
    st.table(_table(answer), border="horizontal", alt="Differences between the two policies")
    st.caption(
        f"{widgets.plain(answer.a)} less {widgets.plain(answer.b)}. {answer.draws:,} histories, seed {answer.seed}, "
        f"blocks of {answer.block} {_many_of(noun, answer.block)} on average, {_chosen_from(answer.basis)}. "
        f"From … to is the range for one other history: {100 * answer.level:g}% of them fell in it. "
        "The middle history says what to expect, and is far surer than any one."
    )


def _chosen_from(basis: str) -> str:
    return "as set" if basis == GIVEN else f"from the {basis}"


def _many_of(noun: str, count: int) -> str:
    return noun if count == 1 else f"{noun}s"


def _table(answer: Confidence) -> Styler:
    """One row a metric: the difference seen, how often it was the opposite, the middle history, and the range."""
    import pandas as pd

    rows = [answer.of(metric) for metric in SHOWN]
    frame = pd.DataFrame(
        {
            "Seen": [_number(row.seen) for row in rows],
            "Opposite in": [row.otherwise / row.defined if row.defined else np.nan for row in rows],
            "Middle history": [_number(row.median) for row in rows],
            "From": [_number(row.low) for row in rows],
            "To": [_number(row.high) for row in rows],
        },
        index=pd.Index([METRICS[row.metric].label for row in rows], name="Difference in"),
    )
    style = frame.style.format(_whole, subset=["Opposite in"])
    for row in rows:
        label, amounts = METRICS[row.metric].label, ["Seen", "Middle history", "From", "To"]
        style = style.format(METRICS[row.metric].apart, subset=pd.IndexSlice[[label], amounts])
    return style


def _whole(x: Any) -> str:
    """A share in whole percent."""
    return units.pct(x, 0)


def _number(x: float | None) -> float:
    return np.nan if x is None else x


def _days(pair: Pair, found: Landscape) -> None:
    answer = _answer(answers.fan(pair), "lab-days")
    if answer is None:
        return
    st.markdown(widgets.plain(luck.words(answer)))
    noun = session_noun(found.frequency)
    if answer.bought is not None:
        _bought(answer.bought, noun)
        return
    _cut_short(len(answer.offsets), answer.length, "days")
    widgets.subheader("Return a year, by the day of the check")
    tranched = answer.tranched_values.get("cagr")
    spread = answer.spreads["cagr"]
    reach = f" from {units.pct2(spread.low)} to {units.pct2(spread.high)}" if spread else ""
    widgets.chart(
        by_day(
            answer.offsets, answer.values["cagr"], metric="return a year", form=units.pct2, noun=noun,
            own=answer.policy.offset, tranched=tranched, tranches=answer.tranches,
        ),
        alt=f"Return a year on {len(answer.offsets)} days of the check{reach}",
        key="lab-by-day",
    )  # fmt: skip
    widgets.subheader("Wealth against that of the median day")
    widgets.chart(
        timing_fan(answer.dates, answer.band, answer.own, answer.tranched_wealth, answer.tranches),
        alt=f"Wealth of all {len(answer.offsets)} days relative to the median day, with this policy and its tranches",
        key="lab-fan",
    )
    st.table(_spreads(answer), border="horizontal", alt="How each figure varies with the day of the check")
    st.caption(
        "Pale: all days. Darker: the middle half. Ringed: the day of this policy. In tranches it looks on several."
    )


def _bought(answer: Purchases, noun: str) -> None:
    """Draws a policy by the day it was bought on."""
    widgets.subheader("Return a year, by the day of the purchase")
    returns, days = answer.values["cagr"], answer.spreads["cagr"]
    reach = f" from {units.pct2(days.low)} to {units.pct2(days.high)}" if days else ""
    widgets.chart(
        by_day(
            answer.sessions, returns, metric="return a year", form=units.pct2, noun=noun, own=0,
            tranched=None, tranches=1,
        ),
        alt=f"Return a year of {len(returns)} days of the purchase{reach}",
        key="lab-by-purchase",
    )  # fmt: skip
    st.table(_purchases(answer), border="horizontal", alt="How each figure varies with the day of the purchase")
    st.caption(
        f"Each bought so many {noun}s later, all measured from the last purchase on. "
        "Ringed: the first day, as this policy was bought."
    )


def _purchases(answer: Purchases) -> Styler:
    """One row a metric: lowest, median and highest over the days of purchase, and over the bands a little different."""
    import pandas as pd

    known = {metric: days for metric in SHOWN if (days := answer.spreads.get(metric)) is not None}
    columns = {
        "Lowest": [days.low for days in known.values()],
        "Median": [days.median for days in known.values()],
        "Highest": [days.high for days in known.values()],
    }
    if answer.widths:
        near = [answer.widths[metric] for metric in known]
        columns["Bands ±10%, lowest"] = [_number(one.low if one else None) for one in near]
        columns["Highest of them"] = [_number(one.high if one else None) for one in near]
    style = pd.DataFrame(columns, index=pd.Index([METRICS[metric].label for metric in known], name="Figure")).style
    for metric in known:
        style = style.format(METRICS[metric].fine, subset=pd.IndexSlice[[METRICS[metric].label], :])
    return style


def _spreads(answer: Fan) -> Styler:
    """One row a metric: lowest, median and highest over the days, and in tranches."""
    import pandas as pd

    known = {metric: spread for metric in SHOWN if (spread := answer.spreads.get(metric)) is not None}
    frame = pd.DataFrame(
        {
            "Lowest": [s.low for s in known.values()],
            "Median": [s.median for s in known.values()],
            "Highest": [s.high for s in known.values()],
            "Tranches": [_number(answer.tranched_values.get(metric)) for metric in known],
        },
        index=pd.Index([METRICS[metric].label for metric in known], name="Figure"),
    )
    style = frame.style
    for metric in known:
        style = style.format(METRICS[metric].fine, subset=pd.IndexSlice[[METRICS[metric].label], :])
    return style


def _starts(pair: Pair) -> None:
    answer = _answer(answers.rolling(pair), "lab-starts")
    if not answer:
        return
    labels = {_horizon(one): one for one in answer}
    held = st.segmented_control("Held for", list(labels), default=next(iter(labels)), required=True, key="lab-horizon")
    one = labels.get(held) or answer[0]
    st.markdown(widgets.plain(luck.words(one)))
    lead = one.differences["cagr"]
    higher, lower, of = one.higher("cagr")
    widgets.chart(
        by_start(one.starts, lead, metric="return a year", form=METRICS["cagr"].apart),
        alt=f"Lead of {one.a} over {one.b} a year by date of purchase: ahead {higher}, behind {lower} of {of} times",
        key="lab-by-start",
    )
    st.caption(
        f"Return a year of {widgets.plain(one.a)} less that of {widgets.plain(one.b)}, bought at each month's end. "
        "Neighbouring starts share most of their years."
    )


def _horizon(one: RollingStarts) -> str:
    return "To the end" if one.horizon is None else f"{one.horizon} years"


def _many(pair: Pair, found: Landscape, now: Choices, on: Stage, seed: int) -> None:
    job = answers.skill(on, found, now.cost, pair.reference, seed)
    answer = _answer(job, "lab-many")
    if answer is None:
        if job.finished() and job.error is None and not job.interrupted:
            st.markdown(":orange-badge[:material/warning: Stopped] The test needs every policy it compares.")
            if st.button("Begin again", key="lab-many-again"):
                waiting.begin_again(job)
                st.rerun()
        return
    st.markdown(widgets.plain(luck.words(answer)))
    with st.container(horizontal=True):
        for label, value, term in (
            ("Chance by luck", _chance(answer), "chance by luck"),
            ("Reliably ahead", f"{len(answer.better):,}", "steady lead"),
            ("As good as the best", f"{len(answer.undistinguished):,}", "confidence set"),
        ):
            st.metric(label, value, help=vocabulary.tip(term) or None, border=True, width=170)
    step = session_noun(found.frequency) if answer.step == "session" else answer.step
    st.table(_best(answer), border="horizontal", alt="The policies with the highest return and what the tests say")
    st.caption(
        f"{len(answer.names):,} distinct policies of {answer.of:,} compared with {widgets.plain(answer.reference)} "
        f"over {answer.periods:,} {step}s. {answer.draws:,} histories, seed {answer.seed}, "
        f"blocks of {answer.block} {_many_of(step, answer.block)}. "
        "Below 10% a policy could hardly be the best."
    )


def _chance(answer: Skill) -> str:
    """The p-value in percent, no finer than its draws allow."""
    least = 1 / answer.draws
    return f"<{100 * least:.2g}%" if answer.p_value < least else units.pct(answer.p_value, 1)


def _best(answer: Skill) -> Styler:
    """The policies with the highest leads: the lead, and the level at which each drops out of the best."""
    import pandas as pd

    order = np.argsort(-answer.lead, kind="stable")[:MOST_LISTED]
    names = [answer.names[i] for i in order]
    frame = pd.DataFrame(
        {
            "Lead a year": answer.lead[order],
            "Could be the best": [answer.set_p_values[name] for name in names],
        },
        index=pd.Index([widgets.plain(name) for name in names], name="Policy"),
    )
    return frame.style.format({"Lead a year": METRICS["cagr"].apart, "Could be the best": _whole})
