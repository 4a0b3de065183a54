"""The figures of a plan: its finding, what limited it, before and after, the rules and the fewest trades."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from keel import units, vocabulary
from keel.domain.plan.ask import Ask
from keel.domain.plan.deposits.rules import Rule
from keel.domain.plan.words import Line, factor_words, finding
from keel.domain.policy.words import describe
from keel.domain.study.trust import doubtful
from keel.errors import InputError
from keel.services.live import plan, standing
from keel.services.market import health
from keel.ui.charts.drift import drift_bullets
from keel.ui.drift import live
from keel.ui.frame import trust, widgets
from keel.ui.frame.verdicts import verdicts
from keel.ui.handover import presenting
from keel.ui.rebalance.asking import RULE, keep, own_key

if TYPE_CHECKING:
    from datetime import date

    from keel.domain.plan.record import PlanRecord
    from keel.services.report import Judged
    from keel.store.connection import Database


def planned(db: Database, portfolio_id: str, ask: Ask, today: date) -> tuple[PlanRecord, InputError | None]:
    """The plan that is asked; where it is refused that without a person's edits, or of nothing, and why."""
    asked, refused = plan.Asked(today), None
    for attempt in (ask, ask.unedited, Ask()):
        try:
            return plan.preview(db, portfolio_id, attempt, asked), refused
        except InputError as error:
            refused = refused or error
    raise refused or InputError("There is no plan.")


def head(db: Database, made: PlanRecord, seen: Judged) -> None:
    """Draws the finding, what it rests on, what is doubtful, and the plan in short."""
    framework, said = seen.framework, made.said
    money, drift = framework.base_ccy, (_number(said, "drift_before"), _number(said, "drift_after"))
    orders = plan.orders(made)
    lines = [Line(str(row["symbol"]), float(row["value"])) for row in orders]
    out_of_cash = made.ask.withdraw and not lines
    widgets.title(
        f"Cash pays the {units.amount(made.ask.withdraw, money)}: nothing to sell"
        if out_of_cash
        else finding(lines, drift, money, seen.report.rebalance_needed)
    )
    widgets.context(
        live.whose(seen),
        f"{units.money(_number(said, 'total_before'), money)}, prices up to {units.day(seen.report.priced_at)}",
        describe(framework.rebalancing),
    )
    trust.row(doubtful(health.of_products(db, standing.sources(db, seen.report))), "plan")
    widgets.doubts(seen.report.findings)
    with st.container(horizontal=True):
        st.metric(
            "Total drift",
            f"{units.pct(drift[0])} → {units.pct(drift[1])}",
            width=170,
            help=vocabulary.tip("total drift"),
        )
        bought = sum(max(line.value, 0.0) for line in lines)
        st.metric("To buy", units.money(bought, money), width=170)
        gain, tax = _number(said, "realised_gain"), _number(said, "tax")
        st.metric("Realised gain", units.money(gain, money), width=170, help="Of sales in taxable accounts.")
        st.metric("Tax on it", units.money(tax, money), width=170, help="At the rates under Limits.")
        st.metric("Cash left", units.money(_number(said, "leftover"), money), width=170)


def present(db: Database, made: PlanRecord, seen: Judged) -> None:
    """Draws the plan as a client is shown it."""
    presenting.firm(db)
    head(db, made, seen)
    widgets.header("Orders")
    orders(plan.orders(made), seen.framework.base_ccy)
    said(made)
    before_and_after(made, seen)
    limits(made, seen)
    presenting.leave("rebalance")


def orders(rows: Sequence[Mapping[str, Any]], money: str) -> None:
    """The orders to read."""
    import pandas as pd

    if not rows:
        st.markdown("Nothing is to be traded.")
        return
    index = pd.Index([widgets.plain(str(row["symbol"])) for row in rows], name="Product")
    frame = pd.DataFrame(
        {
            "Account": [widgets.plain(str(row["account"])) for row in rows],
            "Order": ["Buy" if row["value"] > 0 else "Sell" for row in rows],
            "Quantity": [abs(float(row["quantity"])) for row in rows],
            "Price": [float(row["price"]) for row in rows],
            "Value": [abs(float(row["value"])) for row in rows],
        },
        index=index,
    )
    forms: dict[Any, Any] = {
        "Quantity": lambda n: units.number(n, 4).rstrip("0").rstrip("."),
        "Price": lambda amount: units.money(amount, money, 2),
        "Value": lambda amount: units.money(amount, money),
    }
    st.table(frame.style.format(forms), border="horizontal", alt="Orders, a row a product and account")


def refusal(why: InputError, seen: Judged) -> None:
    """Draws that there is no plan, and why."""
    framework = seen.framework
    widgets.title(why.message.rstrip("."))
    widgets.context(
        why.hint.rstrip("."),
        live.whose(seen),
        units.money(seen.report.value, framework.base_ccy),
    )


def said(made: PlanRecord) -> None:
    """Draws what cut the orders down, and what else a person has to know."""
    for words in (*factor_words(made.said["factors"]), *made.said["notes"]):
        st.caption(widgets.plain(words))


def let_through(made: PlanRecord) -> None:
    """Draws how much of what was wanted each limit let through; nothing where there is none."""
    factors = {FACTOR_LABELS.get(name, name): float(part) for name, part in made.said["factors"].items()}
    if factors:
        with st.expander("What each limit let through"):
            _table("Limit", list(factors), {"Let through": list(factors.values())})


FACTOR_LABELS = {
    "held": "What is held",
    "no_sell": "Not to be sold",
    "no_buy": "Not to be bought",
    "turnover": "Most turnover",
    "gain_budget": "Most realised gain",
    "funding": "Cash for purchases",
    "whole_shares": "Whole shares",
    "min_trade": "Smallest order",
}


def before_and_after(made: PlanRecord, seen: Judged) -> None:
    """Draws every bucket as a bullet before and after the plan, and the same as a table."""
    rows = [row for row in plan.changes(made) if row["path"]]
    widths = {row.path: (row.below, row.above) for row in seen.report.buckets}
    below, above = np.array([widths[row["path"]] for row in rows]).T
    target = np.array([row["target"] for row in rows])
    reach = 1.05 * max(float(np.max(target + above)), *(row[key] for row in rows for key in ("before", "after")))
    widgets.header("Before and after")
    for place, name, key in zip(st.columns(2, gap="large"), ("Now", "Afterwards"), ("before", "after"), strict=True):
        with place:
            widgets.subheader(name)
            weight = np.array([row[key] for row in rows])
            words = ", ".join(f"{row['label']} {units.pct(w)}" for row, w in zip(rows, weight, strict=True))
            fig = drift_bullets([row["label"] for row in rows], target, weight, below, above)
            fig.update_xaxes(range=[0.0, reach])
            widgets.chart(fig, alt=f"{name}, weight against target and band: {words}", key=f"plan-{key}")
    with st.expander("As a table"):
        columns = {"Now": "before", "Afterwards": "after", "Target": "target"}
        every = plan.changes(made)
        _table("Bucket", [row["label"] for row in every], {n: [row[k] for row in every] for n, k in columns.items()})


def _table(name: str, labels: list[str], columns: dict[str, list[float]]) -> None:
    import pandas as pd

    frame = pd.DataFrame(columns, index=pd.Index([widgets.plain(label) for label in labels], name=name))
    forms: dict[Any, Any] = dict.fromkeys(columns, units.pct)
    styled = frame.style.format(forms)
    st.table(styled, border="horizontal", alt=f"{', '.join(columns)} by {name.lower()}")


def limits(made: PlanRecord, seen: Judged) -> None:
    """Draws how what is held meets the limits now and after the plan; nothing without limits."""
    after = plan.verdicts(made)
    if not after:
        return
    widgets.header("Limits")
    now, then = st.columns(2, gap="large")
    with now:
        widgets.subheader("Now")
        verdicts(seen.verdicts)
    with then:
        widgets.subheader("Afterwards")
        verdicts(after)


def rules(db: Database, made: PlanRecord, ask: Ask, today: date) -> None:
    """Draws the four rules side by side for the amount, and which one is followed."""
    found = plan.rules(db, made.portfolio_id, ask, plan.Asked(today))
    rows = found["rules"]
    widgets.header("Four rules")
    words = {Rule(row["rule"]): _rule_words(rows, row["rule"]) for row in rows}
    chosen = st.radio(
        "Rule",
        list(words),
        index=list(words).index(ask.rule),
        format_func=words.__getitem__,
        captions=[row["why"] for row in rows],
        label_visibility="collapsed",
        key=own_key(f"{RULE}-{'-'.join(words.values())}"),  # by its words: with others a choice is not found again
    )
    st.caption(str(found["why"]))
    if chosen is not ask.rule:
        keep(db, made.portfolio_id, replace(ask, rule=chosen))


def _rule_words(rows: list[dict[str, Any]], rule: str) -> str:
    row = next(row for row in rows if row["rule"] == rule)
    count = len(row["trades"])
    return (
        f"{row['label']}: {units.pct(row['drift_after'], 2)} drift left, {count} {'order' if count == 1 else 'orders'}"
    )


def fewest(db: Database, made: PlanRecord, ask: Ask, today: date) -> None:
    """Draws how much of the drift few orders remove, computed only when it is opened."""
    with st.expander("Fewer orders", on_change="rerun", key="plan-fewest") as box:
        if not box.open:
            return
        found = plan.curves(db, made.portfolio_id, ask, plan.Asked(today))
        steps = found["orders"]
        st.markdown(widgets.plain(str(found["sentence"])) or "There is no drift to remove.")
        columns = {"Drift left": [row["drift"] for row in steps], "At most lower by": [row["gap"] for row in steps]}
        _table("Orders", [str(row["orders"]) for row in steps], columns)
        st.caption("Choose “Most orders” under Limits to plan with so many.")


def _number(said: Any, name: str) -> float:
    return float(said[name])
