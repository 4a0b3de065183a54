"""Where it stands: the drift report's numbers, as it reads on the drift page."""

from __future__ import annotations

from dataclasses import replace

from tests.pack.materials import held

from keel.domain.drift.accounts import AccountPart, Part
from keel.domain.drift.measure import Status
from keel.pack.paper.document import Lead, Table
from keel.pack.sections.standing import standing, standing_section


def test_it_says_what_lies_outside_and_what_to_trade() -> None:
    drift = held().drift
    assert drift is not None
    section = standing_section(drift, "USD")
    lead = next(block for block in section.blocks if isinstance(block, Lead))
    assert lead.text == "2 buckets are outside the band on 21 Nov 2026, US equity furthest."
    bucket = next(block for block in section.blocks if isinstance(block, Table)).rows[1]
    assert bucket.cells == ("US equity", "52.0%", "40.0%", "+12.0\xa0pp", "±5.0\xa0pp", "−1,200", "over")


def test_several_accounts_have_a_table() -> None:
    drift = held().drift
    assert drift is not None
    one = [b for b in standing_section(drift, "USD").blocks if isinstance(b, Table)]
    parts = tuple(AccountPart(Part(name, 5_000.0, 0.5), ()) for name in ("Main", "IRA"))
    two = [b for b in standing_section(replace(drift, accounts=parts), "USD").blocks if isinstance(b, Table)]
    assert len(two) == len(one) + 1
    assert two[-1].rows[1].cells == ("IRA", "5,000", "50.0%")


def test_in_band_it_says_so() -> None:
    drift = held().drift
    assert drift is not None
    rows = tuple(replace(row, status=Status.in_band) for row in drift.buckets)
    calm = replace(drift, buckets=rows, totals=replace(drift.totals, out_of_band=0, total_drift=0.01))
    assert standing(calm) == "In band on 21 Nov 2026; a full return to target would trade 1.0%."
