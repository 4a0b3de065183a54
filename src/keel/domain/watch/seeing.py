"""What a look at a portfolio sees: buckets out of their bands, plans left unexecuted, prices that are old."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from keel.domain.drift.measure import OUT_OF_BAND, BucketDrift, Status
from keel.domain.drift.report import IDLE
from keel.domain.issue import Finding
from keel.domain.plan.record import PlanRecord, PlanStatus
from keel.domain.text import plain
from keel.domain.watch.alert import Kind, Seen
from keel.units import day, pct, pp

LEFT = timedelta(days=2)  # that an accepted plan may wait
PRICES, OUTSIDE = "prices", "outside"  # the subjects of what is said of them; a path has a slash


def breaches(portfolio_id: str, buckets: Sequence[BucketDrift]) -> Iterator[Seen]:
    """A line for each leaf out of its band, strictly, and one for what no bucket takes; idle cash is none."""
    for bucket in buckets:
        if bucket.leaf and bucket.status in OUT_OF_BAND and (bucket.path or bucket.label != IDLE):
            yield Seen(portfolio_id, Kind.breach, bucket.path or OUTSIDE, _breach(bucket))


def _breach(bucket: BucketDrift) -> str:
    if bucket.status is Status.not_targeted:
        return f"{plain(bucket.label)}: {pct(bucket.actual)} is held, with no target."
    band = bucket.above if bucket.status is Status.over else bucket.below
    return (
        f"{plain(bucket.label)}: {pct(bucket.actual)}, {pp(bucket.drift)} off its target of"
        f" {pct(bucket.target)} and outside its band of ±{pp(band).lstrip('+')}."
    )


def left_plans(plans: Sequence[PlanRecord], today: date) -> Iterator[Seen]:
    """A line for each plan accepted two days ago or longer and not executed."""
    for plan in plans:
        accepted = plan.accepted_at
        if plan.status is PlanStatus.accepted and accepted is not None and today - accepted.date() >= LEFT:
            yield Seen(plan.portfolio_id, Kind.plan, plan.id, f"A plan accepted on {day(accepted)} is not executed.")


def old_prices(portfolio_id: str, doubts: Sequence[Finding]) -> Iterator[Seen]:
    """A line for the symbols whose prices are old; none where nothing makes the value doubtful."""
    for finding in doubts:
        yield Seen(portfolio_id, Kind.prices, PRICES, finding.message)
