"""Where the portfolio stands: weights against targets on a day, what is held, and what a return would trade."""

from __future__ import annotations

from collections.abc import Iterator

from keel import units
from keel.domain.drift.measure import BucketDrift, Status
from keel.domain.drift.report import DriftReport, HoldingDrift
from keel.domain.drift.words import out_of_band
from keel.domain.framework.tree import segments
from keel.pack.paper.bars import bullets
from keel.pack.paper.document import Block, Bullets, Facts, Figure, Lead, Row, Section, Table, Text, Title

STATUS = {
    Status.in_band: "in band",
    Status.under: "under",
    Status.over: "over",
    Status.not_targeted: "no target",
    Status.frozen: "frozen",
    Status.no_price: "no price",
}
LEGEND = "Grey: the band. Upright: the target. Dot: the weight; a diamond lies outside its band."


def standing_section(report: DriftReport, ccy: str) -> Section:
    """The chapter of what is held and how far it is off."""
    ends = tuple(row for row in report.buckets if row.leaf)
    lines = tuple(map(_holding, report.holdings))
    blocks: list[Block] = [
        Lead(standing(report)),
        Figure(bullets(ends), _in_words(ends)),
        Text(LEGEND, quiet=True),
        Facts(_facts(report, ccy)),
        Title("By bucket"),
        Table(
            ("Bucket", "Weight", "Target", "Drift", "Band", f"To trade, {ccy}", "Status"),
            tuple(map(_bucket, report.buckets)),
        ),
        Title("By product"),
        Table(("Product", "Quantity", f"Price, {ccy}", f"Value, {ccy}", "Weight"), lines),
        *_accounts(report, ccy),
        *_notes(report),
    ]
    return Section("Where it stands", tuple(blocks))


def standing(report: DriftReport) -> str:
    """The chapter's finding in one sentence."""
    out, day = out_of_band(report), units.day(report.as_of)
    if not out:
        return f"In band on {day}; a full return to target would trade {units.pct(report.totals.total_drift)}."
    many = "1 bucket is" if len(out) == 1 else f"{len(out)} buckets are"
    return f"{many} outside the band on {day}, {out[0].label} furthest."


def _in_words(rows: tuple[BucketDrift, ...]) -> str:
    return "; ".join(f"{row.label} {units.pct(row.actual)}, target {units.pct(row.target)}" for row in rows)


def _facts(report: DriftReport, ccy: str) -> tuple[tuple[str, str], ...]:
    return (
        ("Value", units.money(report.value, ccy)),
        ("Prices of", units.day(report.priced_at)),
        ("Total drift", units.pct(report.totals.total_drift)),
        ("Largest drift", f"{report.totals.largest}, {units.pct(report.totals.max_drift)}"),
        ("Last rebalance", units.day(report.last_rebalance)),
        ("Next look", units.day(report.next_check)),
    )


def _bucket(row: BucketDrift) -> Row:
    cells = (
        row.label,
        units.pct(row.actual),
        units.pct(row.target),
        units.pp(row.drift),
        units.band(row.below, row.above),
    )
    depth = max(len(segments(row.path)) - 2, 0) if row.path else 0
    return Row((*cells, units.number(row.value_to_trade, 0), STATUS[row.status]), depth, strong=not row.leaf)


def _holding(row: HoldingDrift) -> Row:
    quantity = units.number(row.quantity, 4).rstrip("0").rstrip(".")
    figures = (quantity, units.number(row.price), units.number(row.value, 0))
    return Row((row.symbol, *figures, units.pct(row.actual)))


def _accounts(report: DriftReport, ccy: str) -> Iterator[Block]:
    """Each account's part of the whole, where there are several."""
    parts = [account.whole for account in report.accounts]
    if len(parts) > 1:
        rows = (Row((part.name, units.number(part.value, 0), units.pct(part.weight))) for part in parts)
        yield Title("By account")
        yield Table(("Account", f"Value, {ccy}", "Weight"), tuple(rows))


def _notes(report: DriftReport) -> Iterator[Block]:
    said = (*(f"{doubt.message} {doubt.affects}" for doubt in report.findings), *report.notes)
    if said:
        yield Bullets(said, quiet=True)
