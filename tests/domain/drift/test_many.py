"""The drift of many portfolios is that of each."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from keel.domain.drift.held import by_leaf, lay_out
from keel.domain.drift.many import Shelf, drift_of_many
from keel.domain.drift.measure import leaf_widths
from keel.domain.drift.report import Occasion, report
from keel.domain.framework.records import Bucket, Framework, Holding
from keel.domain.policy.presets import PRESETS
from keel.domain.portfolio.book import book
from keel.domain.portfolio.position import Position

BAND = PRESETS["five_twenty_five"]


def test_every_row_says_what_its_report_says() -> None:
    rng = np.random.default_rng(5)
    names = [f"S{n}" for n in range(6)]
    rows, reports = [], []
    for _ in range(12):
        targets = rng.dirichlet(np.ones(6))
        made = Framework(
            "F",
            tuple(
                Bucket(f"A/{s}", s, float(t), holdings=(Holding(s, 1.0),)) for s, t in zip(names, targets, strict=True)
            ),
        )
        amounts = targets * rng.uniform(0.8, 1.2, 6) * 100
        held = [Position(s, float(v)) for s, v in zip(names, amounts, strict=True)]
        held += [Position("X", float(rng.choice([0.0, 3.0]))), Position("CASH", float(rng.choice([0.0, 2.0])))]
        laid = book(made)
        closes = dict.fromkeys([*names, "X"], 1.0)
        reports.append(report(made, laid, held, closes, Occasion(date(2026, 1, 5)), policy=BAND))
        stock = lay_out(laid, held, closes)
        rows.append((by_leaf(laid, stock.value), laid.targets, *leaf_widths(laid, BAND), stock.strange, stock.idle))
    columns = [np.array(column) for column in zip(*rows, strict=True)]
    found = drift_of_many(Shelf(*columns, frozen=np.zeros((12, 6), dtype=bool)))
    assert found.total_drift == pytest.approx([r.totals.total_drift for r in reports])
    assert found.value == pytest.approx([r.value for r in reports])
    assert found.rebalance_needed.tolist() == [r.rebalance_needed for r in reports]
    order = found.worst_first()
    needed = found.rebalance_needed[order]
    assert (np.diff(needed.astype(int)) <= 0).all()
    assert (np.diff(found.total_drift[order][needed]) <= 0).all()


def test_frozen_leaves_and_portfolios_worth_nothing_are_calm() -> None:
    half = np.array([[0.5, 0.5], [0.5, 0.5]])
    values = np.array([[90.0, 10.0], [0.0, 0.0]])
    none = np.zeros(2)
    found = drift_of_many(Shelf(values, half, half * 0.1, half * 0.1, none, none, np.ones((2, 2), dtype=bool)))
    assert found.rebalance_needed.tolist() == [False, False]
    assert (found.total_drift.tolist(), found.max_drift.tolist()) == (
        [pytest.approx(0.4), 0.0],
        [pytest.approx(0.4), 0.0],
    )
    assert found.largest[0] == 0
