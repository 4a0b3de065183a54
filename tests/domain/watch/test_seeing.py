"""What a look at a portfolio sees."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from keel.domain.drift.measure import OUT_OF_BAND, BucketDrift, Status
from keel.domain.drift.report import IDLE, OUTSIDE
from keel.domain.market.health import old_closes
from keel.domain.plan.ask import Ask
from keel.domain.plan.record import PlanRecord, PlanStatus
from keel.domain.watch.alert import Kind
from keel.domain.watch.seeing import breaches, left_plans, old_prices

GOLD = BucketDrift("A/Gold", "Gold", 0.160004, 0.1, 0.06, 0.6, 0.05, 0.05, Status.over)
TODAY = date(2026, 1, 9)  # a Friday


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_a_leaf_out_of_its_band_is_a_breach_and_nothing_else_is() -> None:
    (seen,) = breaches(
        "pf_1",
        [GOLD, replace(GOLD, leaf=False), *(replace(GOLD, status=s) for s in Status if s not in OUT_OF_BAND)],
    )
    assert (seen.portfolio_id, seen.kind, seen.subject) == ("pf_1", Kind.breach, "A/Gold")
    assert plain(seen.message) == "Gold: 16.0%, +6.0 pp off its target of 10.0% and outside its band of ±5.0 pp."


def test_what_has_no_target_is_a_breach_and_idle_cash_is_none() -> None:
    stray = replace(GOLD, path="", label=OUTSIDE, actual=0.16, target=0.0, status=Status.not_targeted)
    (seen,) = breaches("pf_1", [stray, replace(stray, label=IDLE)])
    assert (seen.subject, seen.message) == ("outside", "Outside the framework: 16.0% is held, with no target.")
    (seen,) = breaches("pf_1", [replace(stray, path="A/Gold", label="Gold")])
    assert (seen.subject, seen.message) == ("A/Gold", "Gold: 16.0% is held, with no target.")


def test_a_plan_waits_two_days() -> None:
    plan = PlanRecord("pf_1", 1, Ask(), {}, {}, {}, {}, PlanStatus.accepted, "pln_1")
    waiting = replace(plan, accepted_at=datetime(2026, 1, 7, 23, tzinfo=UTC))
    (seen,) = left_plans([waiting, replace(waiting, status=PlanStatus.executed), plan], TODAY)
    assert (seen.subject, seen.message) == ("pln_1", "A plan accepted on 7 Jan 2026 is not executed.")
    assert not list(left_plans([waiting], date(2026, 1, 8)))


def test_old_prices_are_seen_as_the_report_says_them() -> None:
    assert not list(old_prices("pf_1", ()))
    (seen,) = old_prices("pf_1", old_closes({"SPY": date(2025, 12, 31)}, TODAY))
    assert (seen.kind, seen.subject) == (Kind.prices, "prices")
    assert seen.message == "The last price of SPY is of 31 Dec 2025."
