"""The plan: what is to be traded, in which account, and what that leaves; the newest that is kept of the portfolio."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from keel import units
from keel.domain.constraints.evaluation import Status
from keel.domain.plan.deposits.rules import LABELS
from keel.domain.plan.record import PlanRecord, PlanStatus
from keel.pack.paper.document import Block, Bullets, Facts, Lead, Row, Section, Table, Text, Title
from keel.pack.sections.policy import VERDICTS

SAID = {
    PlanStatus.draft: "A draft",
    PlanStatus.accepted: "Accepted, to be traded",
    PlanStatus.executed: "Executed",
}
FACTORS = "Limits let through"


def plan_section(plan: PlanRecord, ccy: str) -> Section:
    """The chapter of what is to be traded."""
    said: Mapping[str, Any] = plan.said
    blocks: list[Block] = [
        Lead(finding(plan), _when(plan)),
        Facts(tuple(_facts(plan, ccy))),
        *_orders(said["trades"], ccy, several=_several(plan)),
        Title("What it leaves"),
        Table(("Bucket", "Before", "After", "Target"), tuple(map(_bucket, said["buckets"]))),
        *_limits(said["constraints"]),
        *((Bullets(tuple(said["notes"]), quiet=True),) if said["notes"] else ()),
    ]
    return Section("The plan", tuple(blocks))


def finding(plan: PlanRecord) -> str:
    """The chapter's finding in one sentence."""
    said: Mapping[str, Any] = plan.said
    count = len(said["trades"])
    if not count:
        return "Nothing is to be traded."
    orders = "1 order brings" if count == 1 else f"{count} orders bring"
    return f"{orders} total drift from {units.pct(said['drift_before'])} to {units.pct(said['drift_after'])}."


def _when(plan: PlanRecord) -> str:
    """What the plan is, and of which day."""
    on = plan.executed_at or plan.accepted_at or plan.created_at
    return f"{SAID[plan.status]}{f', {units.day(on.date())}' if on else ''}."


def _facts(plan: PlanRecord, ccy: str) -> Iterator[tuple[str, str]]:
    said: Mapping[str, Any] = plan.said
    ask = plan.ask
    match ask.kind:
        case "deposit":
            yield "Deposit", f"{units.money(ask.deposit, ccy)}, {LABELS[ask.rule].lower()}"
        case "withdrawal":
            yield "Withdrawal", f"{units.money(ask.withdraw, ccy)}, {LABELS[ask.rule].lower()}"
        case _:
            yield "Trades", "to where the policy leads"
    yield (
        "Value before and after",
        f"{units.money(said['total_before'], ccy)}, then {units.money(said['total_after'], ccy)}",
    )
    yield "Realised gain", units.money(said["realised_gain"], ccy)
    yield "Tax on it", units.money(said["tax"], ccy)
    yield "Cash left", units.money(said["leftover"], ccy)
    held_back = [f"{name.replace('_', ' ')} {units.pct(part)}" for name, part in said["factors"].items() if part < 1]
    if held_back:
        yield FACTORS, ", ".join(held_back)


def _several(plan: PlanRecord) -> bool:
    """Whether the portfolio has several accounts, also where the orders are in one."""
    return len({*plan.cash_change, *(row["account"] for row in plan.said["trades"])}) > 1


def _orders(trades: Sequence[Mapping[str, Any]], ccy: str, *, several: bool) -> Iterator[Block]:
    """The orders, with their account where the portfolio has ``several``."""
    if not trades:
        return
    gains = any(row["gain"] is not None for row in trades)
    head = ("Quantity", f"Price, {ccy}", f"Value, {ccy}", *((f"Gain, {ccy}",) if gains else ()))
    yield Title("Orders")
    yield Table(
        (*(("Account",) if several else ()), "Product", "Order", *head),
        tuple(_order(row, several=several, gains=gains) for row in trades),
        left=3 if several else 2,
    )
    if gains:
        yield Text("A gain is realised by a sale in a taxable account.", quiet=True)


def _order(row: Mapping[str, Any], *, several: bool, gains: bool) -> Row:
    quantity = units.number(abs(row["quantity"]), 4).rstrip("0").rstrip(".")
    figures = (quantity, units.number(row["price"]), units.number(row["value"], 0))
    gain = (units.number(row["gain"], 0),) if gains else ()
    return Row(
        (*((row["account"],) if several else ()), row["symbol"], "Sell" if row["value"] < 0 else "Buy", *figures, *gain)
    )


def _bucket(row: Mapping[str, Any]) -> Row:
    return Row((row["label"], *(units.pct(row[name]) for name in ("before", "after", "target"))))


def _limits(constraints: Sequence[Mapping[str, Any]]) -> Iterator[Block]:
    if constraints:
        yield Title("Limits after the plan")
        rows = tuple(Row((row["message"], VERDICTS[Status(row["status"])])) for row in constraints)
        yield Table(("Limit", "Status"), rows, left=2)
