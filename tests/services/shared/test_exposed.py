"""What products bring, in the words of buckets."""

from __future__ import annotations

from datetime import date

import pytest

from keel.domain.constraints.exposures import Line
from keel.domain.framework.records import Bucket, Framework
from keel.domain.portfolio.records import Pick
from keel.services.shared.exposed import compositions, exposed_lines, exposed_picks
from keel.store import instruments
from keel.store.connection import Database
from keel.store.market import facts
from keel.store.market.facts import Part, Said


def test_parts_are_called_as_buckets_call_them_and_followed_when_they_change(db: Database) -> None:
    said = (
        Part("sector", "Technology", 0.2),
        Part("sector", "Information Technology", 0.1),
        Part("region", "USA", 1.0),
    )
    facts.write(db, Said("VT", "X", date(2026, 1, 2), {}, said))
    fund = instruments.find(db, "VT")
    assert fund is not None
    made = {"sector": {"sector:information_technology": pytest.approx(0.3)}, "region": {"region:us": 1.0}}
    assert compositions(db)[fund.id] == made
    facts.write(db, Said("VT", "X", date(2026, 1, 3), {}, (Part("region", "Japan", 1.0),)))
    assert compositions(db)[fund.id] == {"region": {"region:international": 1.0}}
    (line,) = exposed_lines(db, [Line("A/B", "B", "VT", 1.0)])
    one = Framework("One", (Bucket("A/B", "B", 1.0),))
    assert exposed_picks(db, one, {"A/B": (Pick("A/B", fund.id, "VT", 1.0),)}) == (line,)
    assert line.parts("region") == {"region:international": 1.0}
