"""The question: its JSON, both ways, and what stored runs said before."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date

import pytest

from keel.domain.policy.presets import PRESETS
from keel.domain.policy.records import Contributions, RunSettings
from keel.domain.study.question import Question, changed, changes, parse_question, question_json
from keel.errors import ImportFormatError, InvalidPolicyError

WHOLE = Question(
    "pf_1",
    {"Never": PRESETS["never"], "Edge": PRESETS["edge_5pp"]},
    RunSettings(cost_bps={"SPY": 5.0}, contributions=Contributions(100.0), frozen=("A/B",), risk_free="BIL"),
    date(2010, 1, 31),
    date(2020, 6, 30),
    "SPY",
    "monthly",
    proxies=False,
)


def test_every_field_but_the_portfolio_has_json_and_reads_back() -> None:
    written = question_json(WHOLE)
    assert {*written, "portfolio_id", "portfolio_version"} == {f.name for f in fields(Question)}
    assert parse_question("pf_1", written) == WHOLE
    assert all(getattr(WHOLE, f.name) != getattr(Question(""), f.name) for f in fields(Question) if f.metadata)


def test_policies_side_by_side_are_few() -> None:
    with pytest.raises(ImportFormatError, match="more than 50 policies"):
        parse_question("pf_1", {"policies": {f"P{n}": "never" for n in range(51)}})
    assert len(parse_question("pf_1", {"policies": {f"P{n}": "never" for n in range(50)}}).policies) == 50


def test_a_run_stored_by_an_earlier_version_reads_as_it_was_asked() -> None:
    stored = {
        "policies": {"Yearly": {"trigger": "calendar", "look": "annual"}},
        "settings": {"lag": None, "cost_bps": 10.0, "initial_value": 10000.0},
        "start": "2005-01-01",
        "end": None,
        "benchmark": "MSCI US",
        "dataset": "",
        "proxies": True,
    }
    question = parse_question("pf_1", stored)
    assert question == Question(
        "pf_1", {"Yearly": PRESETS["annual"]}, RunSettings(cost_bps=10.0), date(2005, 1, 1), None, "MSCI US"
    )
    assert list(question_json(question)) == list(stored)


def test_the_same_question_is_the_same_key_and_the_order_of_policies_is_part_of_it() -> None:
    assert hash(parse_question("pf_1", question_json(WHOLE))) == hash(WHOLE)
    other = Question("pf_1", {name: WHOLE.policies[name] for name in ("Edge", "Never")})
    assert other != Question("pf_1", WHOLE.policies)


@pytest.mark.parametrize("given", [{"start": "soon"}, {"end": 5}, {"proxies": "no"}, {"dataset": 1}, {"policies": []}])
def test_nonsense_names_its_field(given: dict[str, object]) -> None:
    with pytest.raises(ImportFormatError, match=next(iter(given))):
        parse_question("pf_1", given)


def test_settings_out_of_range_are_refused() -> None:
    with pytest.raises(InvalidPolicyError, match="lag"):
        parse_question("pf_1", {"settings": {"lag": -1}})


def test_changes_made_in_the_question_they_were_taken_from_give_the_other() -> None:
    base = replace(WHOLE, portfolio_version=3)
    other = replace(base, start=None, settings=replace(base.settings, fixed_fee=5.0, frozen=()))
    assert changes(other, base) == {"start": None, "settings": {"fixed_fee": 5.0, "frozen": []}}
    assert changed(base, changes(other, base)) == other
    assert changes(base, base) == {}
    with pytest.raises(ImportFormatError):
        changed(base, {"settings": 5})
