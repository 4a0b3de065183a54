"""A card per template: its picture, its weights in words, what it is for, and how it did on the sample."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import streamlit as st

from keel import units
from keel.domain.exchange.templates import Template
from keel.domain.framework import tree
from keel.domain.framework.slots import slots
from keel.domain.market.instrument import Instrument
from keel.domain.market.series import PRICE_KINDS
from keel.services.market import catalogue
from keel.services.market.record import template_record
from keel.ui.allocation import tree_rows
from keel.ui.charts.strip import allocation_strip
from keel.ui.frame import widgets

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

    from keel.services.market.record import Record
    from keel.store.connection import Database

DEFAULT = "balanced"


def fitting(templates: tuple[Template, ...], risk: str) -> str:
    """The id of the template to propose: the first that fits the profile, else the usual one."""
    return next((t.id for t in templates if t.risk_band == risk and t.framework.buckets), DEFAULT)


def card(template: Template, *, proposed: bool) -> tuple[bool, DeltaGenerator]:
    """(True when the template was chosen, the place for its record).

    The record comes later: on a cold server it waits for the engine, and the cards must not.
    """
    framework = template.framework
    with st.container(horizontal=True, vertical_alignment="center", wrap=False):
        widgets.header(template.name)
        widgets.risk_badge(template.risk_band)
    labels, weights, colours = tree_rows.strip(framework, slots(framework))
    alt = "Targets: " + (", ".join(f"{n} {units.weight(w, 0)}" for n, w in zip(labels, weights, strict=True)) or "none")
    widgets.chart(allocation_strip(labels, weights, colours), alt=alt, key=f"strip-{template.id}")
    st.markdown(weights_in_words(template))
    st.markdown(widgets.plain(template.purpose))
    place = st.container()
    st.space("stretch")
    words, key = f"Use {template.name}", f"use-{template.id}"
    button = widgets.action if proposed else st.button
    return button(words, key=key, width="stretch"), place


def weights_in_words(template: Template) -> str:
    """The top level as Markdown, each part on one line with its weight.

    >>> from keel.domain.framework.records import Bucket, Framework
    >>> pair = Framework("X", (Bucket("A/B", "B", 0.6), Bucket("A/C", "C", 0.4)))
    >>> weights_in_words(Template("x", "X", "", "", pair, {}))
    'B\\xa0**60%**\\xa0· C\\xa0**40%**'
    """
    parts = (f"{widgets.plain(b.label)} **{units.weight(b.target_weight, 0)}**" for b in tree.top(template.framework))
    return f"{units.SPACE}· ".join(part.replace(" ", units.SPACE) for part in parts) or "No buckets yet"


def record(db: Database, template: Template) -> None:
    """The numbers of the sample, with the dates, what filled it and what is missing beside them."""
    funds = {i.symbol: i for i in catalogue.universe(db)}
    found = template_record(db, template)
    if found.metrics:
        st.markdown(f":small[{numbers(found.metrics)}]")
    st.caption(widgets.plain(" ".join(part for part in (basis(found), filled(found, funds), found.note) if part)))


def filled(found: Record, funds: Mapping[str, Instrument]) -> str:
    """Which products a record used, each with the series that stood in for it; empty for none."""
    symbols = list(dict.fromkeys(found.series.values()))
    if not symbols:
        return ""
    monthly = found.frequency == "monthly"
    proxies = {s: funds[s].proxy for s in symbols if monthly and s in funds and funds[s].proxy}
    words = ", ".join(f"{s} through {proxies[s]}" if s in proxies else s for s in symbols)
    many = "similar series" if len(proxies) > 1 else "a similar series"
    return f"{words}{f': {many}, less fees' if proxies else ''}."


def numbers(metrics: Mapping[str, object]) -> str:
    """The four numbers of a record as Markdown; a year that is not complete counts too, and is marked.

    >>> numbers({"cagr": 0.062, "max_drawdown": -0.33, "longest_under_water_days": 1400, "calendar_years": []})
    '**6.2%** a year\\xa0· deepest\\xa0fall\\xa0**−33%**\\xa0· up\\xa0to\\xa0**3.8\\xa0years** under\\xa0water'
    """
    worst = worst_year(metrics)
    days = cast("float | None", metrics.get("longest_under_water_days"))
    parts = [f"**{units.pct(cast('float | None', metrics.get('cagr')))}** a year"]
    if worst is not None:
        parts.append(f"worst year **{units.pct(worst.fall, 0)}** ({worst.when})")
    parts.append(f"deepest fall **{units.pct(cast('float | None', metrics.get('max_drawdown')), 0)}**")
    if days is not None:
        parts.append(f"up to **{units.number(days / units.DAYS_PER_YEAR, 1)} years** under water")
    first, *rest = parts
    return f"{units.SPACE}· ".join([first, *(part.replace(" ", units.SPACE) for part in rest)]).replace(
        f"**{units.SPACE}under", "** under"
    )


@dataclass(frozen=True, slots=True)
class WorstYear:
    """The lowest return of a calendar year in a record, and that year in words."""

    fall: float
    when: str


def worst_year(metrics: Mapping[str, object]) -> WorstYear | None:
    """The worst year of a record; one that is not complete counts too, and says so.

    >>> worst_year({"calendar_years": [{"year": 2008, "return": -0.23, "partial": True}]})
    WorstYear(fall=-0.23, when='2008, part')
    """
    years = [y for y in cast("list[dict[str, object]]", metrics.get("calendar_years") or []) if y["return"] is not None]
    worst = min(years, key=lambda y: cast(float, y["return"]), default=None)
    if worst is None:
        return None
    return WorstYear(cast(float, worst["return"]), f"{worst['year']}{', part' if worst.get('partial') else ''}")


def against_worst_year(name: str, worst: WorstYear, bearable: float) -> str:
    """A template's own worst year beside the worst that the answers can bear, as Markdown.

    >>> against_worst_year("Balanced", WorstYear(-0.23, "2008"), -0.15)
    '**Balanced**: worst year −23% (2008), deeper than the −15% you could live with'
    """
    deeper = worst.fall < bearable
    tail = f", deeper than the {units.pct(bearable, 0)} you could live with" if deeper else ""
    return f"**{widgets.plain(name)}**: worst year {units.pct(worst.fall, 0)} ({worst.when}){tail}"


def basis(found: Record) -> str:
    """What the record was measured on, in a few words."""
    if found.first is None or found.last is None:
        return "No record."
    kind = PRICE_KINDS.get(found.price_kind, "prices")
    return f"{found.frequency.capitalize()} {units.span(found.first, found.last)}, {kind}."
