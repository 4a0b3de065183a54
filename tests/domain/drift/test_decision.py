"""What a policy decides at a close, by hand."""

from __future__ import annotations

import numpy as np
import pytest
from tests.oracles import book_of

from keel.domain.drift.decision import decision
from keel.domain.policy.kinds import Absolute, Trigger
from keel.domain.policy.records import Policy

BOOK = book_of({"Stocks": 0.6, "Bonds": 0.4}, [("Stocks", 0.5), ("Stocks", 0.5), ("Bonds", 1.0)])
WEIGHTS, HOLDINGS = np.array([0.7, 0.3]), np.array([0.4, 0.3, 0.3])


def test_the_whole_book_goes_to_target_and_its_shares() -> None:
    goal = decision(WEIGHTS, HOLDINGS, BOOK, Policy(Trigger.calendar))
    assert goal.tolist() == pytest.approx([0.3, 0.3, 0.4])


def test_to_the_edge_stops_where_the_band_does() -> None:
    edge = Policy(Trigger.band, band=Absolute(500), destination=1.0)
    goal = decision(WEIGHTS, HOLDINGS, BOOK, edge)
    assert goal[:2].sum() == pytest.approx(0.65)
    assert goal.sum() == pytest.approx(1.0)


def test_a_frozen_bucket_keeps_what_it_has() -> None:
    goal = decision(WEIGHTS, HOLDINGS, BOOK, Policy(Trigger.calendar), frozen=(BOOK.labels[1],))
    assert goal[2] == pytest.approx(0.3)
