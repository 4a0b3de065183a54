"""The schema of what a generator may say, and that our own example in the documents is of it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from tests.domain.profile.answered import answered
from tests.domain.proposal.of_schema import drawn
from tests.domain.proposal.said import bucket, pair

from keel.domain.exchange.framework_json import framework_json
from keel.domain.issue import errors
from keel.domain.profile.record import assessed
from keel.domain.proposal.reading import read_proposal
from keel.domain.proposal.schema import DEEPEST, LONGEST_REASON, MOST_BUCKETS, framework_schema, picks_schema

SCHEMA: Any = framework_schema()


def test_it_is_a_json_schema_that_the_documents_example_meets_and_the_reader_takes() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.Draft202012Validator.check_schema(picks_schema({"A/B": ["VT"]}))
    text = (Path(__file__).parents[3] / "docs" / "proposals.md").read_text(encoding="utf-8")
    block = re.search(r"```json\n(.*?)```", text, re.DOTALL)
    assert block is not None
    said = json.loads(block.group(1))
    jsonschema.validate(said, SCHEMA)
    assert errors(read_proposal(said, assessed("Ann", answered(-1)), "a model")[1]) == ()


@settings(max_examples=20)
@given(drawn(SCHEMA))
def test_what_is_of_it_can_be_read_whatever_it_says(said: dict[str, Any]) -> None:
    proposal, _ = read_proposal(said, assessed("Ann", answered(2)), "a model")
    assert json.loads(framework_json(proposal.framework))["method"] == "generated"


def test_the_largest_of_it_can_be_read() -> None:
    deep = [f"{n:02d}" + "/a" * (DEEPEST - 1) for n in range(MOST_BUCKETS)]
    said = pair(buckets=[bucket(path, 1, label="x" * 60, reason="x" * LONGEST_REASON) for path in deep])
    jsonschema.validate(said, SCHEMA)
    proposal, _ = read_proposal(said, assessed("Ann", answered(2)), "a model")
    assert len(proposal.framework.buckets) == MOST_BUCKETS * (DEEPEST - 1)


@pytest.mark.parametrize(
    "wrong",
    [
        {"rebalancing": "now"},
        {"id": "fw_1"},
        {"buckets": []},
        {"benchmark": "x" * 21},
        {"benchmark": "\x1b"},
        {"buckets": [bucket("/".join("a" * (DEEPEST + 1)), 1)]},
        {"buckets": [bucket(" ", 1)]},
        {"constraints": [{"type": "max_region", "value": 10**400, "unit": "bps", "reason": "x"}]},
    ],
)
def test_what_is_outside_it_is_refused(wrong: dict[str, Any]) -> None:
    jsonschema.validate(pair(), SCHEMA)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(pair() | wrong, SCHEMA)
