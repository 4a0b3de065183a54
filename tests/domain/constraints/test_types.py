"""Every type of constraint as a record: judged at each stage it names, and complete by its entry alone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.domain.trees import six

from keel.domain.constraints.evaluation import Status, evaluate, evaluate_all
from keel.domain.constraints.exposures import Exposure, of_picks, of_targets
from keel.domain.constraints.types import TYPES, UNITS, ConstraintType, Observed, Side, Situation, Stage
from keel.domain.framework.diff import diff
from keel.domain.framework.records import Constraint
from keel.domain.framework.tree import leaves
from keel.domain.framework.validation import check
from keel.domain.issue import errors
from keel.domain.market.instrument import Instrument, InstrumentType

STOCK = Instrument(
    "1", "AAPL", "Apple", InstrumentType.stock, tags=("asset_class:equity", "region:us", "sector:technology")
)
GOLD = Instrument("2", "GLD", "Gold", InstrumentType.etf, expense_ratio=0.004, tags=("asset_class:alternatives",))
BONDS = Instrument("3", "BND", "Bonds", InstrumentType.etf, expense_ratio=0.0003, tags=("asset_class:bonds",))
PRODUCTS = (STOCK, GOLD, BONDS)

# What each type sees in a third each of Apple, a gold fund and a bond fund, with a turnover of 0.25.
SEEN = {
    "max_single_name": 1 / 3,
    "max_single_product": 1 / 3,
    "max_sector": 1 / 3,
    "max_region": 1 / 3,
    "max_asset_class": 1 / 3,
    "min_bonds": 1 / 3,
    "min_cash": 0.0,
    "max_alternatives": 1 / 3,
    "max_leverage": 1.0,
    "max_expense_ratio": 0.0043 / 3,
    "max_holdings": 3.0,
    "max_turnover": 0.25,
}


def thirds() -> tuple[Exposure, ...]:
    return tuple(
        Exposure(
            "A/" + i.symbol, i.name, 1 / 3, i.symbol, frozenset(i.tags), i.type, i.expense_ratio or 0.0, i.leverage
        )
        for i in PRODUCTS
    )


def test_every_type_is_here() -> None:
    assert set(SEEN) == set(TYPES)


@pytest.mark.parametrize("type", TYPES)
def test_a_type_sees_what_it_should(type: str) -> None:
    observed = TYPES[type].observe(Situation(thirds(), 0.1, 0.25))
    assert observed.least == pytest.approx(SEEN[type], abs=1e-15)


@pytest.mark.parametrize(("type", "stage"), [(type, stage) for type, kind in TYPES.items() for stage in kind.stages])
def test_a_type_is_judged_at_every_stage_it_names(type: str, stage: Stage) -> None:
    """Its loosest limit is met, and its tightest is not, wherever its facts are known."""
    kind = TYPES[type]
    filled = {leaf.path: [(PRODUCTS[n % 3], 1.0)] for n, leaf in enumerate(leaves(six()))}
    at = {Stage.design: of_targets(six()), Stage.mapping: of_picks(six(), filled)}.get(stage, thirds())
    high = 1_000.0 if kind.counted else kind.highest
    loose, tight = (high, 1.0 if kind.counted else 0.0) if kind.side is Side.most else (0.0, high)

    def status(value: float) -> Status:
        return evaluate(Constraint(type, value, "fraction"), at, turnover=0.25).status

    unknown = Status.unknown if stage is Stage.design else None
    assert status(loose) in (Status.passed, unknown)
    assert status(tight) in (Status.failed, unknown)
    framework = replace(six(), constraints=(Constraint(type, loose, "fraction"),))
    assert [v.constraint.type for v in evaluate_all(framework, at, stage)] == [type]
    assert errors(check(framework)) == ()


def test_a_type_is_added_by_its_entry_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is read, checked, judged by what it observes (not by turnover), and worded."""
    kind = ConstraintType(
        "number of buckets", Side.most, lambda s: Observed(n := float(len(s.exposures)), n), counted=True
    )
    monkeypatch.setitem(TYPES, "max_buckets", kind)
    tight = replace(six(), constraints=(Constraint("max_buckets", 2),))
    (issue,) = check(tight)
    n = len(leaves(six()))
    assert issue.code == "contradicted"
    assert evaluate(Constraint("max_buckets", 2), of_targets(six()), turnover=0.0).observed == n
    assert [i.code for i in check(replace(six(), constraints=(Constraint("max_buckets", 2.5),)))] == [
        "constraint_value"
    ]
    (change,) = diff(six(), tight)
    assert (change.field, change.after) == ("number of buckets", "at most 2")


def test_a_floor_fails_when_too_little_is_seen_and_a_ceiling_when_too_much() -> None:
    assert evaluate(Constraint("min_bonds", 34), thirds()).status is Status.failed
    assert evaluate(Constraint("max_alternatives", 33), thirds()).offenders == ("GLD",)


def test_one_product_of_any_type_is_a_product_and_only_a_stock_is_a_company() -> None:
    held = (Exposure("A/B", "Bonds", 0.9, "BND", type="ETF"), Exposure("A/S", "Stocks", 0.1, "AAPL", type="Stock"))
    assert evaluate(Constraint("max_single_product", 50), held).offenders == ("BND",)
    assert evaluate(Constraint("max_single_name", 50), held).observed == 0.1


def test_units_are_the_same_but_for_what_is_counted() -> None:
    assert {kind.units for kind in TYPES.values() if not kind.counted} == {UNITS}
    assert [name for name, kind in TYPES.items() if "count" in kind.units] == ["max_holdings"]
