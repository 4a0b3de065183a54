"""What counts in the score, and what narrows the universe: set behind "More", said in a line where it is unusual."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import streamlit as st

from keel import units
from keel.domain.framework.rules import Rules
from keel.domain.mapping.screening import dollars, percent, years_text
from keel.domain.market.instrument import InstrumentType
from keel.domain.portfolio.score_weights import USUAL, ScoreWeights
from keel.ui.frame import widgets

MEANING = {
    "cost": "the lower fee",
    "liquidity": "more traded a day",
    "history": "longer in existence",
    "fit": "closer to what the bucket asks",
    "size": "the larger fund",
}
MILLION, PERCENT = 1e6, 100.0
ANY = "any"
NARROW, HALF = 110, 300  # px
Use = Callable[[ScoreWeights, Rules], None]


def more(weights: ScoreWeights, filters: Rules, currencies: Sequence[str], use: Use) -> None:
    """Draws what ranks and what narrows products; what is sent is used, or refused in a sentence."""
    with st.popover("More", icon=":material/tune:", key="mapping-more", on_change="rerun") as opened:
        if not opened.open:
            return
        with st.form("mapping-asking", border=False):
            st.markdown("**What counts in the score**, in percent")
            counted = _weights(weights)
            st.markdown("**Consider only**")
            narrowed = _filters(filters, currencies)
            sent = st.form_submit_button("Use these", key="mapping-use")
            nothing = not any(counted.of_parts().values())
            if sent and nothing:
                st.error("At least one part of the score must count.")
        if weights != USUAL or filters != Rules():
            st.button("Back to the usual", key="mapping-usual", type="tertiary", on_click=use, args=(USUAL, Rules()))
    if sent and not nothing:
        use(counted, narrowed)
        st.rerun()


def _weights(weights: ScoreWeights) -> ScoreWeights:
    """The weights as typed; shown as parts of a hundred."""
    total = sum(weights.of_parts().values())
    shown = {name: round(PERCENT * part / total, 2) for name, part in weights.of_parts().items()}
    with st.container(horizontal=True):
        typed = {
            name: widgets.number(name.capitalize(), percent, 0, 100, 5, help=MEANING[name], width=NARROW)
            for name, percent in shown.items()
        }
    return weights if typed == shown else ScoreWeights(**{name: part / PERCENT for name, part in typed.items()})


def _filters(filters: Rules, currencies: Sequence[str]) -> Rules:
    """The filters as typed; what is left empty narrows nothing."""
    types = st.multiselect("Types", list(map(str, InstrumentType)), list(filters.allowed_types), placeholder=ANY)
    known = sorted({*currencies, *filters.currencies})
    money = st.multiselect("Currencies", known, list(filters.currencies), placeholder=ANY)
    with st.container(horizontal=True):
        fee = _limit("Highest fee, % a year", filters.max_expense_ratio, PERCENT, 0.05)
        volume = _limit("Least traded a day, $ million", filters.min_adv_usd, 1 / MILLION, 1.0)
        size = _limit("Least size, $ million", filters.min_aum_usd, 1 / MILLION, 100.0)
        years = _limit("Least history, years", filters.min_history_years, 1.0, 1.0)
    return replace(
        filters,
        allowed_types=tuple(types),
        currencies=tuple(money),
        max_expense_ratio=fee,
        min_adv_usd=volume,
        min_aum_usd=size,
        min_history_years=years,
    )


def _limit(label: str, limit: float | None, shown: float, step: float) -> float | None:
    """A limit as typed, ``shown`` times itself; None while the field is empty."""
    value = None if limit is None else limit * shown
    typed = st.number_input(label, 0.0, None, value, step, format="%.6g", placeholder=ANY, width=HALF)
    return limit if typed == value else None if typed is None else typed / shown


def said(weights: ScoreWeights, filters: Rules) -> None:
    """Says what ranks and what narrows products, where it is not the usual."""
    if weights != USUAL:
        st.markdown(f":gray-badge[:material/tune: Score] {widgets.plain(in_percent(weights))}.")
    if filters != Rules():
        st.markdown(f":gray-badge[:material/filter_alt: Only] {widgets.plain(in_words(filters))}.")


def in_percent(weights: ScoreWeights) -> str:
    """The parts that count, in percent of the score.

    >>> in_percent(ScoreWeights(1, 0, 0, 0, 3))
    'cost 25%, size 75%'
    """
    total = sum(weights.of_parts().values())
    return ", ".join(f"{name} {units.pct(part / total, 0)}" for name, part in weights.of_parts().items() if part)


def in_words(filters: Rules) -> str:
    """What is considered only.

    >>> in_words(Rules(allowed_types=("ETF", "Fund"), max_expense_ratio=0.002, min_adv_usd=5e6))
    'ETF or Fund, fee at most 0.20%, at least $5 million traded a day'
    """
    tags = (*filters.include_tags, *(f"not {tag}" for tag in filters.exclude_tags))
    least = {
        "traded a day": filters.min_adv_usd and dollars(filters.min_adv_usd),
        "in size": filters.min_aum_usd and dollars(filters.min_aum_usd),
        "of history": filters.min_history_years and years_text(filters.min_history_years),
    }
    words = [
        " or ".join(filters.allowed_types),
        *tags,
        "" if filters.max_expense_ratio is None else f"fee at most {percent(filters.max_expense_ratio)}",
        *(f"at least {amount} {what}" for what, amount in least.items() if amount),
        f"in {' or '.join(filters.currencies)}" if filters.currencies else "",
        f"without {', '.join(filters.exclude_symbols)}" if filters.exclude_symbols else "",
    ]
    return ", ".join(filter(None, words))
