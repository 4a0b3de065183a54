"""One kind of finding, from a framework, a series of prices or a bucket without products."""

from __future__ import annotations

from datetime import date

import pytest
from tests.domain.trees import flat

from keel import journey
from keel.domain.framework.records import Framework
from keel.domain.framework.validation import check
from keel.domain.issue import Finding, Fix, Severity, errors, rows, warnings
from keel.domain.mapping.matching import rank
from keel.domain.mapping.remedies import Remedy
from keel.domain.market.availability import Availability
from keel.domain.market.health import check as examine
from keel.domain.market.instrument import Coverage, Instrument, InstrumentType
from keel.domain.market.resolution import resolve

FUND = Instrument("1", "SPY", "S&P 500", InstrumentType.etf)
OLD = Coverage("OLD", date(2000, 1, 3), date(2001, 1, 3), 250, "daily", "total_return", "a")


@pytest.mark.parametrize(
    ("findings", "subject", "step"),
    [
        (check(Framework("Empty")), "", "allocation"),
        (check(flat(0.6, 0.3)), "A", "allocation"),
        (examine(FUND, Availability(None, False, "No prices.")), "SPY", "data"),
        (resolve([FUND], []).issues, "SPY", "mapping"),
        (rank(flat(1.0), [], [OLD])[0].gaps, flat(1.0).buckets[0].path, "mapping"),
    ],
)
def test_everything_that_is_wrong_is_a_finding_with_what_to_do(
    findings: tuple[Finding, ...], subject: str, step: str
) -> None:
    assert [(type(f), f.subject, f.step) for f in findings[:1]] == [(Finding, subject, step)]
    assert findings[0].fix
    assert step in {s.id for s in journey.STEPS}


def test_errors_and_warnings_are_told_apart_and_a_note_is_neither() -> None:
    one = [Finding("a", severity, "", "") for severity in Severity]
    assert errors(tuple(one)) == (one[0],)
    assert warnings(tuple(one)) == (one[1],)


def test_a_remedy_of_mapping_is_a_fix_of_its_gap() -> None:
    assert issubclass(Remedy, Fix)
    remedy = Remedy(label="Use other prices", admits=2, dataset="b")
    assert (remedy.edits, remedy.path, remedy.rules) == ((), "", None)


def test_a_finding_is_said_in_json_in_one_form() -> None:
    found = Finding("sum", Severity.error, "A/B", "Too much.", "Take less.", (Fix("Scale"),), "Everything.", "mapping")
    assert rows([found]) == [{"code": "sum", "subject": "A/B", "message": "Too much.", "fix": "Take less."}]
