"""Verdicts as the command line and REST print them."""

from __future__ import annotations

from dataclasses import replace

from tests.domain.trees import six

from keel.domain.constraints.as_json import kept_verdicts, verdicts_json
from keel.domain.constraints.evaluation import at_design
from keel.domain.framework.records import Constraint


def test_a_verdict_stands_with_its_constraint() -> None:
    limited = replace(six(), constraints=(Constraint("min_bonds", 40), Constraint("max_sector", 5, "dollars")))
    broken, unknown = verdicts_json(at_design(limited))
    assert broken == {
        "type": "min_bonds",
        "value": 40,
        "unit": "percentage",
        "scope": "",
        "status": "fail",
        "observed": 0.3,
        "observed_most": 0.3,
        "limit": 0.4,
        "offenders": [],
        "message": "Bonds must be at least 40.0%; now 30.0%.",
    }
    assert (unknown["status"], unknown["limit"]) == ("unknown", None)
    assert "needs a portfolio value" in str(unknown["message"])


def test_verdicts_are_read_again_also_as_they_were_written_before() -> None:
    limited = replace(six(), constraints=(Constraint("max_region", 35),))
    (verdict,) = at_design(limited)
    assert kept_verdicts(verdicts_json([verdict])) == (verdict,)
    (old,) = ({k: v for k, v in row.items() if k != "observed_most"} for row in verdicts_json([verdict]))
    assert kept_verdicts([old])[0].observed_most == verdict.observed
