"""Portfolio limits: well formed, and met or not by targets and holdings."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.domain.trees import flat, six

from keel.domain.constraints.evaluation import Status, Verdict, as_fraction, evaluate, evaluate_all
from keel.domain.constraints.exposures import Exposure, of_targets
from keel.domain.constraints.types import Stage
from keel.domain.framework.records import Constraint, Framework
from keel.domain.framework.rules import Rules
from keel.domain.framework.validation import check
from keel.domain.issue import Severity


def on_targets(framework: Framework) -> tuple[Verdict, ...]:
    return evaluate_all(framework, of_targets(framework), Stage.design)


def limited(*constraints: Constraint) -> Framework:
    return replace(six(), constraints=constraints)


def test_targets_that_contradict_a_limit_are_an_error() -> None:
    issue = check(limited(Constraint("min_bonds", 40)))[0]
    assert (issue.code, issue.severity, issue.subject) == ("contradicted", Severity.error, "min_bonds")
    assert issue.message == "Bonds must be at least 40.0%; now 30.0%."


@pytest.mark.parametrize(
    ("constraint", "status", "observed"),
    [
        (Constraint("min_bonds", 30), Status.passed, 0.3),
        (Constraint("min_bonds", 0.3, "fraction"), Status.passed, 0.3),
        (Constraint("min_bonds", 3001, "bps"), Status.failed, 0.3),
        (Constraint("max_alternatives", 5), Status.failed, 0.1),
        (Constraint("max_asset_class", 50), Status.failed, 0.6),
        (Constraint("max_asset_class", 60), Status.passed, 0.6),
        (Constraint("max_region", 25), Status.failed, 0.3),
        (Constraint("max_region", 90), Status.passed, 0.3),
        (Constraint("max_region", 35), Status.unknown, 0.3),
        (Constraint("min_cash", 5), Status.failed, 0.0),
        (Constraint("max_asset_class", 30, scope="AssetClass/Bonds"), Status.passed, 0.3),
        (Constraint("max_leverage", 1, "fraction"), Status.unknown, None),
        (Constraint("max_expense_ratio", 2), Status.unknown, None),
        (Constraint("max_turnover", 20), Status.unknown, None),
        (Constraint("max_holdings", 4), Status.unknown, 0.0),
        (Constraint("min_bonds", 100, "dollars"), Status.unknown, 0.3),
    ],
)
def test_what_targets_alone_say(constraint: Constraint, status: Status, observed: float | None) -> None:
    verdict = evaluate(constraint, of_targets(limited(constraint)))
    assert verdict.status is status
    assert verdict.observed == (None if observed is None else pytest.approx(observed, abs=1e-12))


def test_turnover_is_judged_on_a_plan_alone() -> None:
    framework = limited(Constraint("max_turnover", 20), Constraint("min_bonds", 30))
    assert [v.constraint.type for v in on_targets(framework)] == ["min_bonds"]
    assert len(evaluate_all(framework, of_targets(framework), Stage.plan)) == 2


def test_what_is_not_known_never_fails_a_limit_it_could_meet() -> None:
    sleeves = replace(flat(0.7, 0.3), constraints=(Constraint("min_bonds", 40), Constraint("max_alternatives", 10)))
    assert [v.status for v in on_targets(sleeves)] == [Status.unknown, Status.unknown]
    assert check(sleeves) == ()


def test_what_could_meet_a_limit_is_said_as_a_range() -> None:
    lines = (
        Exposure("A/B", "Bonds", 0.3, "BND", frozenset({"asset_class:bonds"}), expense_ratio=0.001),
        Exposure("A/S", "Stocks", 0.608, "VTI", frozenset({"asset_class:equity"}), expense_ratio=0.001),
        Exposure("A/N", "New", 0.092, "NEW"),
    )

    def told(type: str, value: float) -> tuple[Status, str]:
        verdict = evaluate(Constraint(type, value), lines)
        return verdict.status, verdict.message.split("; ")[1]

    assert told("min_bonds", 40) == (Status.failed, "now 30.0% known, 39.2% at most.")
    assert told("min_bonds", 35) == (Status.unknown, "now 30.0% known, 39.2% at most.")
    assert told("max_asset_class", 65) == (Status.unknown, "now 60.8% known, 70.0% at most.")
    assert told("max_asset_class", 75) == (Status.passed, "now 60.8% known, 70.0% at most.")
    assert told("max_expense_ratio", 1) == (Status.unknown, "now 0.09% at least, the rest is not known.")
    assert told("max_leverage", 100) == (
        Status.unknown,
        "what is held is not known well enough to tell.",
    )
    known = evaluate(Constraint("min_bonds", 40), lines)
    assert (known.observed, known.observed_most) == (pytest.approx(0.3), pytest.approx(0.392))


HELD = (
    Exposure("A/S", "Stocks", 0.5, "AAPL", frozenset({"asset_class:equity", "sector:growth"}), "Stock", 0.0, 1.0),
    Exposure("A/S", "Stocks", 0.3, "VTI", frozenset({"asset_class:equity", "sector:energy"}), "ETF", 0.001, 1.0),
    Exposure("A/L", "Geared", 0.1, "SSO", frozenset({"asset_class:equity"}), "ETF", 0.01, 2.0),
    Exposure("A/C", "Cash", 0.1, "CASH", expense_ratio=0.0, leverage=0.0),
)


@pytest.mark.parametrize(
    ("constraint", "status", "offenders"),
    [
        (Constraint("max_single_name", 10), Status.failed, ("AAPL",)),
        (Constraint("max_single_name", 50), Status.passed, ()),
        (Constraint("max_holdings", 2, "count"), Status.failed, ()),
        (Constraint("max_holdings", 3), Status.passed, ()),
        (Constraint("max_leverage", 100), Status.passed, ()),
        (Constraint("max_leverage", 0.9, "fraction"), Status.failed, ()),
        (Constraint("max_expense_ratio", 13, "bps"), Status.passed, ()),
        (Constraint("max_expense_ratio", 12, "bps"), Status.failed, ()),
        (Constraint("min_cash", 10), Status.passed, ()),
        (Constraint("max_asset_class", 80), Status.failed, ("asset_class:equity",)),
        (Constraint("max_sector", 20), Status.failed, ("sector:energy",)),
        (Constraint("min_cash", 2_000, "dollars"), Status.failed, ()),
        (Constraint("max_turnover", 20), Status.failed, ()),
    ],
)
def test_what_holdings_say(constraint: Constraint, status: Status, offenders: tuple[str, ...]) -> None:
    verdict = evaluate(constraint, HELD, portfolio_value=10_000, turnover=0.25)
    assert verdict.status is status
    assert (verdict.offenders == offenders) if offenders else True


@pytest.mark.parametrize(
    ("constraint", "status", "observed"),
    [
        (Constraint("max_holdings", 2, "count"), Status.failed, 3.0),
        (Constraint("max_holdings", 3, "count"), Status.unknown, 3.0),
        (Constraint("max_expense_ratio", 12, "bps"), Status.failed, 0.0013),
        (Constraint("max_expense_ratio", 13, "bps"), Status.unknown, 0.0013),
        (Constraint("max_leverage", 0.9, "fraction"), Status.failed, 1.0),
    ],
)
def test_what_is_known_alone_can_break_a_limit(constraint: Constraint, status: Status, observed: float) -> None:
    verdict = evaluate(constraint, (*HELD, Exposure("A/N", "New", 0.1)))
    assert (verdict.status, verdict.observed) == (status, pytest.approx(observed))


@pytest.mark.parametrize(
    ("constraint", "code"),
    [
        (Constraint("max_everything", 10), "unknown_constraint"),
        (Constraint("max_sector", 10, "percent"), "constraint_unit"),
        (Constraint("max_sector", 101), "constraint_value"),
        (Constraint("max_sector", -1), "constraint_value"),
        (Constraint("max_sector", 1.5, "fraction"), "constraint_value"),
        (Constraint("max_sector", 10_001, "bps"), "constraint_value"),
        (Constraint("max_sector", float("nan")), "constraint_value"),
        (Constraint("max_holdings", 2.5), "constraint_value"),
        (Constraint("max_sector", 50, scope="AssetClass/Gold"), "unknown_scope"),
    ],
)
def test_a_malformed_limit_is_an_error(constraint: Constraint, code: str) -> None:
    issues = check(limited(constraint))
    assert [(i.code, i.severity, i.subject) for i in issues] == [(code, Severity.error, "constraints[0]")]


@pytest.mark.parametrize("value", [0.4, 1.0])
def test_a_percentage_that_looks_like_a_fraction_is_a_warning(value: float) -> None:
    issue = check(limited(Constraint("min_bonds", value)))[0]
    assert (issue.code, issue.severity) == ("looks_like_a_fraction", Severity.warning)
    assert f"means {value:g}%" in issue.message


def test_leverage_in_times_is_noticed() -> None:
    assert [i.code for i in check(limited(Constraint("max_leverage", 1.5)))] == ["looks_like_a_fraction"]
    assert check(limited(Constraint("max_leverage", 150))) == ()


def test_dollars_need_a_portfolio_value() -> None:
    assert as_fraction(Constraint("max_sector", 500, "dollars")) is None
    assert as_fraction(Constraint("max_sector", 500, "dollars"), 10_000) == 0.05


def test_a_bucket_of_single_stocks_is_judged_by_name() -> None:
    made = flat(0.6, 0.4)
    stocks = replace(made.buckets[0], rules=Rules(allowed_types=("Stock",)))
    made = replace(made, buckets=(stocks, made.buckets[1]), constraints=(Constraint("max_single_name", 10),))
    assert on_targets(made)[0].status is Status.unknown


def test_what_is_seen_has_one_decimal_unless_that_hides_the_breach() -> None:
    def said(held: float, limit: float, unit: str = "percentage") -> str:
        line = Exposure("A/B", "B", held, "X", frozenset({"asset_class:bonds"}))
        return evaluate(Constraint("max_single_product", limit, unit), (line,), portfolio_value=9_000).message

    assert said(0.306122, 20).endswith("must be at most 20.0%; now 30.6%.")
    assert said(0.2504, 25).endswith("must be at most 25.0%; now 25.04%.")
    assert said(0.25, 25).endswith("must be at most 25.0%; now 25.0%.")
    assert said(0.5, 1_000, "dollars").endswith("must be at most 11.1%; now 50.0%.")
