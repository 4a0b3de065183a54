"""The last step: every product with its bucket, weight, cost, health and limits, as the backtest will hold it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import streamlit as st

from keel import units
from keel.domain.constraints.evaluation import Status, Verdict
from keel.domain.mapping.matching import BucketSuggestions
from keel.domain.market.health import LEVELS
from keel.ui.frame import widgets
from keel.ui.mapping.desk import Desk
from keel.ui.mapping.row import WORDS


class Line(NamedTuple):
    """One product in one bucket; ``weight`` of the whole, ``cost`` a year, NaN where it is not known."""

    symbol: str
    bucket: str
    weight: float
    cost: float
    health: str
    limits: str


def lines(buckets: Sequence[BucketSuggestions], desk: Desk, verdicts: Sequence[Verdict]) -> Iterator[Line]:
    """A line for each pick, in the order of the tree."""
    for bucket in buckets:
        for pick in desk.draft.get(bucket.path, ()):
            known = desk.universe.get(pick.instrument_id)
            cost = known.expense_ratio if known is not None and known.expense_ratio is not None else float("nan")
            prices = desk.prices(bucket, pick)
            grade = LEVELS[prices.health[0].severity] if prices is not None and prices.health else ""
            weight = bucket.target * pick.share
            limits = limits_of(pick.symbol, verdicts)
            symbol, label = widgets.plain(pick.symbol), widgets.plain(bucket.label)  # cells are read as Markdown
            yield Line(symbol, label, weight, cost, WORDS.get(grade, "Sound"), limits)


def limits_of(symbol: str, verdicts: Sequence[Verdict]) -> str:
    """How a product stands in the limits: those it breaks by name, else whether there are any."""
    broken = [v.message.partition(" must ")[0] for v in verdicts if v.status is Status.failed and symbol in v.offenders]
    return ", ".join(broken) or ("met" if verdicts else units.MISSING)


def table(buckets: Sequence[BucketSuggestions], desk: Desk, verdicts: Sequence[Verdict]) -> None:
    """Draws the products once more, all of them, as they will be held."""
    import pandas as pd

    rows = list(lines(buckets, desk, verdicts))
    frame = pd.DataFrame(
        {
            "Bucket": [line.bucket for line in rows],
            "Weight": [line.weight for line in rows],
            "Cost a year": [line.cost for line in rows],
            "Health": [line.health for line in rows],
            "Limits": [line.limits for line in rows],
        },
        index=pd.Index([line.symbol for line in rows], name="Symbol"),
    )
    style = frame.style.format({"Weight": "{:.1%}", "Cost a year": "{:.2%}"}, na_rep=units.MISSING)
    st.table(style, border="horizontal", alt="Products with bucket, weight, cost, health and limits")
