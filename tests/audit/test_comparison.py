from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from tests.audit.runs import DEAR, results

from keel.audit.comparison import TOLERANCE, Audit, Parting, compare, sentence, to_json

RUN = results(DEAR, "never")[0]


def test_the_same_wealth_agrees_and_says_how_far_apart_it_lies() -> None:
    audit = compare(RUN, RUN.wealth * (1.0 + 0.5 * TOLERANCE), "1.2.0", 7)
    assert audit.ok
    assert audit.largest_difference == pytest.approx(0.5 * TOLERANCE, rel=1e-3)
    assert sentence(audit).startswith("audited against vectorbt 1.2.0, largest difference 5e-10")


def test_the_first_day_that_differs_is_named_with_both_wealths() -> None:
    audited = RUN.wealth.copy()
    audited[5] *= 1.0 + 1e-6
    audited[9] *= 2.0
    audit = compare(RUN, audited, "1.2.0", 7)
    assert not audit.ok
    assert audit.first_difference is not None
    assert audit.first_difference.date == RUN.dates[5].astype("datetime64[D]").item()
    assert audit.largest_difference == pytest.approx(0.5)
    assert "differs from vectorbt 1.2.0 first on" in sentence(audit)


def test_a_wealth_that_is_no_number_is_a_difference() -> None:
    audited = RUN.wealth.copy()
    audited[3] = np.nan
    assert not compare(RUN, audited, "1.2.0", 7).ok


def test_the_document_has_every_field_and_no_difference_is_null() -> None:
    audit = Audit("Yearly", "1.2.0", 9, 3.2e-12, None)
    assert to_json(audit)["first_difference"] is None
    parted = replace(audit, first_difference=Parting(date(2024, 1, 3), 1.1, 1.2))
    assert to_json(parted)["first_difference"] == {"date": "2024-01-03", "keel": 1.1, "auditor": 1.2}
    assert set(to_json(audit)) == {
        "policy",
        "auditor",
        "version",
        "orders",
        "largest_difference",
        "first_difference",
        "ok",
    }
