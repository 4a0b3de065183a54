"""Stored portfolios, drafts and positions seen through their products."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from keel.domain.constraints.evaluation import Status
from keel.domain.framework.records import Bucket, Constraint, Framework, Holding
from keel.domain.framework.rules import Rules
from keel.domain.lookthrough.xray import XRay
from keel.domain.portfolio.position import Position
from keel.domain.portfolio.records import Pick
from keel.errors import InputError, InstrumentNotFoundError
from keel.services import design, mapping
from keel.services.lookthrough import imports, xray
from keel.store import instruments
from keel.store.connection import Database

US = Rules(include_tags=("asset_class:equity", "region:us"))
ABROAD = Rules(include_tags=("asset_class:equity", "region:international"))
PAIR = Framework(
    "Pair",
    (
        Bucket("A/US", "US", 0.5, max_weight=0.55, rules=US, holdings=(Holding("VT", 1.0),)),
        Bucket("A/Abroad", "Abroad", 0.5, rules=ABROAD, holdings=(Holding("VEA", 1.0),)),
    ),
    constraints=(Constraint("max_region", 80),),
)
FILE = "symbol,dimension,member,weight\nVT,region,United States,60%\nVT,region,Japan,30%\n"


@pytest.fixture
def told(db: Database, tmp_path: Path) -> Database:
    """A database that knows where a world fund is invested, nine tenths of it."""
    path = tmp_path / "e.csv"
    path.write_text(FILE, encoding="utf-8")
    imports.commit(db, path, "e.csv", date(2026, 1, 2))
    return db


def held(found: XRay, name: str) -> dict[str, float]:
    return {s.label: pytest.approx(s.held) for d in found if d.name == name for s in d.slices}


def test_a_portfolio_is_seen_through_its_products(told: Database) -> None:
    made = design.save_new(told, PAIR, ())
    portfolio = mapping.accept(told, made.id, made.version, mapping.best(told, made))
    found = xray.xray(told, portfolio.id)
    assert held(found.xray, "region") == {"International": 0.65, "US": 0.3, "Not known": 0.05}
    assert held(found.xray, "bucket") == {"US": 0.3, "Abroad": 0.65, "Not known": 0.05}
    assert [(v.status, v.observed) for v in found.verdicts] == [(Status.passed, pytest.approx(0.65))]
    assert found == xray.xray_of_framework(told, made)


def test_limits_look_through_funds_and_count_what_is_not_known(told: Database) -> None:
    vt = instruments.find(told, "VT")
    assert vt is not None
    picks = {"A/US": [Pick("A/US", vt.id, "VT", 1.0)]}
    for most, status in ((29, Status.failed), (31, Status.unknown), (35, Status.passed)):
        limited = Framework("F", PAIR.buckets, constraints=(Constraint("max_region", most),))
        (verdict,) = xray.xray_of_picks(told, limited, picks).verdicts
        assert verdict.status is status
        assert mapping.limits(told, limited, picks) == (verdict,)


def test_positions_are_judged_by_limits_and_bounds(told: Database) -> None:
    found = xray.xray_of_positions(told, PAIR, (Position("VT", 6), Position("VEA", 40, 10)), {"VT": 100, "VEA": 1})
    assert held(found.xray, "region") == {"International": 0.58, "US": 0.36, "Not known": 0.06}
    assert [(v.constraint.type, v.status) for v in found.verdicts] == [
        ("max_region", Status.passed),
        ("max_weight", Status.failed),
    ]
    with pytest.raises(InputError, match="VT has no price"):
        xray.xray_of_positions(told, PAIR, (Position("VT", 6),), {})


def test_a_product_says_what_it_is_made_of_and_by_whom(told: Database) -> None:
    made = xray.made_of(told, "VT", PAIR)
    assert held(made.xray, "region") == {"US": 0.6, "International": 0.3, "Not known": 0.1}
    assert held(made.xray, "bucket") == {"US": 0.6, "Abroad": 0.3, "Not known": 0.1}
    assert made.sources == (("region", "e.csv", date(2026, 1, 2)),)
    assert xray.made_of(told, "BND").sources == ()


def test_what_two_products_share_needs_to_be_known(told: Database) -> None:
    assert xray.overlap(told, "VT", "VEA").least is None
    assert xray.overlap(told, "AAPL", "AAPL").least == 1.0
    with pytest.raises(InstrumentNotFoundError):
        xray.overlap(told, "VT", "NONE")
