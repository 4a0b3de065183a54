from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keel.domain.drift.report import OUTSIDE, DriftReport, Occasion, leaves_now, report
from keel.domain.framework.records import Bucket, Framework, Holding
from keel.domain.policy.kinds import Absolute, Trigger
from keel.domain.policy.records import Cadence, Policy
from keel.domain.portfolio.book import book
from keel.domain.portfolio.position import Position, Role
from keel.errors import InputError

BAND = Policy(trigger=Trigger.band, band=Absolute(500))
EDGE = Policy(trigger=Trigger.band, band=Absolute(500), destination=1.0)
MADE = Framework(
    "F",
    (
        Bucket("A/Equity", "Equity", 0.6, holdings=(Holding("VTI", 0.5), Holding("VXUS", 0.5))),
        Bucket("A/Bonds", "Bonds", 0.4, holdings=(Holding("BND", 1.0),)),
    ),
    rebalancing=BAND,
)
CLOSES = {"VTI": 100.0, "VXUS": 50.0, "BND": 80.0, "GLD": 200.0}
AS_OF = date(2026, 1, 5)


def live(*positions: Position, policy: Policy | None = None, closes: Mapping[str, float] = CLOSES) -> DriftReport:
    return report(MADE, book(MADE), positions, closes, Occasion(AS_OF), policy=policy)


def of(vti: float, vxus: float, bnd: float, *more: Position) -> tuple[Position, ...]:
    return (Position("VTI", vti), Position("VXUS", vxus), Position("BND", bnd), *more)


def test_by_hand() -> None:
    # 4,000 + 3,000 and 3,000: equity at 70 % is 10 pp over its 60 % and goes back to 6,000
    found = live(*of(40, 60, 37.5))
    assert found.value == 10_000
    assert [(r.label, round(r.drift, 12), str(r.status)) for r in found.buckets] == [
        ("Equity", 0.1, "over"),
        ("Bonds", -0.1, "under"),
    ]
    assert found.rebalance_needed
    assert (found.totals.total_drift, found.totals.max_drift) == (pytest.approx(0.1), pytest.approx(0.1))
    assert [h.value_to_trade for h in found.holdings] == pytest.approx([-1000, 0, 1000])
    assert [h.target for h in found.holdings] == pytest.approx([0.3, 0.3, 0.4])
    assert [h.below for h in found.holdings] == pytest.approx([0.025, 0.025, 0.05])
    assert found.next_check == date(2026, 1, 6)
    assert found.judged_against == ""


def test_the_leaves_of_now_are_those_of_the_report() -> None:
    priced = [replace(p, price=CLOSES[p.symbol]) for p in of(40, 60, 37.5, Position("GLD", 1))]
    leaves = leaves_now(book(MADE), priced, BAND)
    told = [row for row in report(MADE, book(MADE), priced, {}, Occasion(AS_OF)).buckets if row.leaf]
    assert [(r.label, r.actual, r.status) for r in leaves] == [(r.label, r.actual, r.status) for r in told]
    assert leaves[-1].label == OUTSIDE
    with pytest.raises(InputError, match="worth nothing"):
        leaves_now(book(MADE), [Position("VTI", 1)], BAND)


def test_in_band_nothing_is_traded_by_a_band_policy_but_a_calendar_goes_to_target() -> None:
    positions = of(32, 64, 45)  # 3,200 + 3,200 and 3,600: 64/36
    calm = live(*positions)
    assert not calm.rebalance_needed
    assert [row.value_to_trade for row in calm.buckets] == pytest.approx([0, 0])
    annual = live(*positions, policy=Policy(trigger=Trigger.calendar, look=Cadence.annual))
    assert not annual.rebalance_needed
    assert [row.value_to_trade for row in annual.buckets] == pytest.approx([-400, 400])
    assert annual.judged_against == "5/25 bands"
    assert annual.next_check == date(2026, 12, 31)
    assert live(*positions, policy=Policy(trigger=Trigger.never)).next_check is None


def test_the_destination_of_the_policy_is_the_goal() -> None:
    found = live(*of(40, 60, 37.5), policy=EDGE)
    assert [row.value_to_trade for row in found.buckets] == pytest.approx([-500, 500])


def test_a_position_outside_the_framework_calls_for_a_rebalance() -> None:
    found = live(*of(29, 58, 47.5, Position("GLD", 2)))  # on target within the rest, but 4 % gold
    outside = found.buckets[-1]
    assert (outside.label, outside.path, str(outside.status)) == ("Outside the framework", "", "not_targeted")
    assert found.rebalance_needed
    assert outside.value_to_trade == -400
    assert sum(row.value_to_trade or 0 for row in found.buckets) == pytest.approx(0)


def test_idle_cash_counts_as_drift_but_calls_for_nothing() -> None:
    found = live(*of(29.5, 59, 48.75, Position("CASH", 200)))
    assert found.value == 10_000
    assert found.buckets[-1].label == "Idle cash"
    assert found.totals.total_drift == pytest.approx(0.02)
    assert not found.rebalance_needed


def test_excluded_is_outside_the_value_and_frozen_is_not_traded() -> None:
    found = live(
        Position("VTI", 40, role=Role.frozen),
        Position("VXUS", 60),
        Position("BND", 37.5),
        Position("GLD", 5, role=Role.excluded),
    )
    assert (found.value, found.excluded) == (10_000, 1_000)
    assert [h.value_to_trade for h in found.holdings] == pytest.approx([0, -1000, 1000])
    assert str(found.holdings[0].status) == "frozen"
    assert "Excluded" in found.notes[0]


def test_a_frozen_bucket_never_triggers() -> None:
    both = [Position("VTI", 40, role=Role.frozen), Position("VXUS", 60, role=Role.frozen), Position("BND", 37.5)]
    found = live(*both)
    assert [str(row.status) for row in found.buckets] == ["frozen", "under"]
    assert [row.value_to_trade for row in found.buckets] == pytest.approx([0, 0])


def test_a_holding_without_a_price_is_named() -> None:
    found = live(*of(30, 60, 50), closes={"VTI": 100.0, "VXUS": 50.0})
    assert found.value == 6_000
    assert str(found.buckets[1].status) == "no_price"
    assert found.holdings[2].value is None
    assert found.holdings[2].value_to_trade is None
    assert found.notes == ("No price for BND: left out of the value.",)
    assert live(*of(30, 60, 0), Position("BND", 50, 80.0), closes={"VTI": 100.0, "VXUS": 50.0}).value == 10_000


def test_holdings_worth_nothing_and_bad_quantities_are_refused() -> None:
    for positions in ((), (Position("VTI", 0),), (Position("VTI", -1),), (Position("VTI", float("nan")),)):
        with pytest.raises(InputError):
            live(*positions)


def test_lots_add_up_and_order_does_not_matter() -> None:
    once = live(*of(40, 60, 37.5))
    lots = live(*of(15, 60, 0), Position("BND", 37.5), Position("VTI", 25))
    assert lots.buckets == once.buckets


def test_a_symbol_in_two_buckets_is_split_by_their_targets() -> None:
    twice = Framework(
        "T",
        (
            Bucket("A/Core", "Core", 0.75, holdings=(Holding("VTI", 1.0),)),
            Bucket("A/US", "US", 0.25, holdings=(Holding("VTI", 1.0),)),
        ),
        rebalancing=BAND,
    )
    found = report(twice, book(twice), [Position("VTI", 8)], CLOSES, Occasion(AS_OF))
    assert [row.value for row in found.buckets] == pytest.approx([600, 200])


@given(st.lists(st.floats(0.0, 1000.0), min_size=3, max_size=3), st.floats(0.01, 100), st.sampled_from([BAND, EDGE]))
def test_trades_sum_to_zero_and_scale_with_the_holdings(quantities: list[float], scale: float, policy: Policy) -> None:
    if sum(quantities) < 1:
        return
    first = live(*of(*quantities), policy=policy)
    larger = live(*of(*(scale * q for q in quantities)), policy=policy)
    assert sum(h.value_to_trade or 0 for h in first.holdings) == pytest.approx(0, abs=1e-6 * first.value)
    assert sum(row.drift for row in first.buckets) == pytest.approx(0, abs=1e-9)
    assert [row.actual for row in larger.buckets] == pytest.approx([row.actual for row in first.buckets])
