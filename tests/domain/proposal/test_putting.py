"""Questions as a generator puts them: what the rules suggest, and what a model may say."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest

from keel.domain.proposal.putting import (
    Put,
    Situation,
    by_rules,
    facts,
    put_json,
    read_put,
    stored_put,
    taken,
)
from keel.domain.proposal.schema import questions_schema
from keel.domain.workflow.definition import Question, Step, StepKind
from keel.errors import ImportFormatError

ASKED = (
    Question("template", "Which?", by_generator=True),
    Question("name", "Called?", by_generator=True),
    Question("id", "?"),
)
STEP = Step(
    "f",
    "F",
    StepKind.decision,
    "framework",
    "template",
    questions=ASKED,
    needs=(frozenset({"id"}), frozenset({"template"})),
)
FITS = Situation("low", (("conservative", "Conservative"), ("careful", "Careful")), "Ann Smith's")


def test_the_rules_put_what_they_may_and_suggest_what_they_know() -> None:
    template, name, id = by_rules(STEP, FITS)
    assert (template.words, template.answer, template.choices) == (
        "Low risk: Conservative or Careful?",
        "conservative",
        ("conservative", "careful"),
    )
    assert (name.answer, id) == ("Ann Smith's", Put("id", "?"))
    assert by_rules(STEP, Situation())[:2] == (Put("template", "Which?", "rules"), Put("name", "Called?"))
    assert all(stored_put(json.loads(json.dumps(put_json(put)))) == put for put in (template, name, id))


def test_what_is_suggested_is_taken_where_it_is_enough() -> None:
    assert taken(STEP, by_rules(STEP, FITS)) == {"template": "conservative"}
    assert taken(STEP, by_rules(STEP, Situation())) == {}


def test_a_model_is_told_our_own_words_alone() -> None:
    told = facts(STEP, by_rules(STEP, FITS), FITS)
    assert "Ann" not in told
    assert [one["id"] for one in json.loads(told)["questions"]] == ["template", "name"]


def test_what_a_model_says_replaces_the_words_and_the_rest_stays() -> None:
    puts = by_rules(STEP, FITS)
    said = {"questions": [{"id": "template", "words": "How about\nit?", "answer": "careful", "reason": "It is calm."}]}
    jsonschema.validate(said, questions_schema({"template": puts[0].choices, "name": ()}))
    (template, name, _), findings = read_put(said, STEP, puts, "llama")
    assert (template.words, template.by, template.answer) == ("How about it?", "llama", "careful")
    assert (name, findings) == (puts[1], ())


@pytest.mark.parametrize("row", [{"id": "template", "words": " "}, {"id": "template", "words": "?", "answer": "gold"}])
def test_what_is_wrong_with_it_is_found(row: dict[str, Any]) -> None:
    assert read_put({"questions": [row]}, STEP, by_rules(STEP, FITS), "llama")[1] != ()


@pytest.mark.parametrize(
    "said", [None, {}, {"questions": [{"id": "id", "words": "?"}]}, {"questions": [{"id": "template", "words": 1}]}]
)
def test_what_cannot_be_read_is_refused(said: object) -> None:
    with pytest.raises(ImportFormatError, match="the questions"):
        read_put(said, STEP, by_rules(STEP, FITS), "llama")
