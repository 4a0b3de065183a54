"""A model is asked over the real protocols, by an endpoint on this machine that answers well, badly, or never."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest
from tests.sources.llm.stand_in import Answer, endpoint, ends, fails, is_broken, never_ends, refuses, says

from keel.errors import GeneratorError
from keel.sources.llm.model import Asked, ask

SCHEMA: dict[str, object] = {
    "type": "object", "properties": {"share": {"type": "number"}}, "required": ["share"], "additionalProperties": False,
}  # fmt: skip


def complaint(said: object) -> str:
    """An answer must not ask for more than there is."""
    assert isinstance(said, dict)
    share = said.get("share")
    return "" if isinstance(share, int | float) and share <= 1 else "The share is above 1."


ASKED = Asked("Choose a share.", '{"risk_band": "low"}', SCHEMA, complaint)


@pytest.mark.parametrize("protocol", ["openai", "anthropic"])
def test_each_protocol_is_spoken_and_the_schema_goes_along(protocol: str) -> None:
    with endpoint(says({"share": 0.5})) as here:
        assert ask(here.model(protocol), ASKED) == {"share": 0.5}
    (sent,) = here.sent
    tool = sent["tools"][0]
    schema = tool["function"]["parameters"] if protocol == "openai" else tool["input_schema"]
    assert schema["properties"] == SCHEMA["properties"]
    assert '{\\"risk_band\\": \\"low\\"}' in json.dumps(sent)
    assert "SECRET-KEY" in here.keys[0]


def test_what_is_wrong_with_an_answer_is_said_and_it_is_asked_once_more() -> None:
    with endpoint(says({"share": 7}), says({"share": 1})) as here:
        assert ask(here.model(), ASKED) == {"share": 1}
    assert "The share is above 1." in json.dumps(here.sent[1])


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (refuses, "refused to answer"),
        (says({"share": 7}), "cannot be used"),
        (says("{not json"), "cannot be used"),
        (is_broken, "test-model"),
        (fails(401), "refused the key"),
        (fails(400), "status 400"),
        (says({"share": 0.5}, tokens=20_000), "budget of 30,000 tokens"),
    ],
)  # fmt: skip
def test_what_goes_wrong_is_one_sentence_without_the_key(
    answer: Answer, words: str, caplog: pytest.LogCaptureFixture, capfd: Any
) -> None:
    caplog.set_level(logging.DEBUG)
    with endpoint(answer) as here, pytest.raises(GeneratorError, match=words) as refused:
        ask(here.model(), ASKED)
    assert len(here.sent) <= 2
    said = [refused.value.message, refused.value.hint, caplog.text, *capfd.readouterr(), repr(here.model())]
    assert not any("SECRET-KEY" in text for text in said)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (ends("refusal", []), "refused to answer"),
        (ends("end_turn", [{"type": "text", "text": "I would rather talk."}]), "cannot be used"),
        (ends("max_tokens", [{"type": "tool_use", "id": "t1", "name": "propose", "input": {}}]), "cannot be used"),
    ],
)  # fmt: skip
def test_an_answer_that_is_none_is_said_to_be_none(answer: Answer, words: str) -> None:
    with endpoint(answer) as here, pytest.raises(GeneratorError, match=words):
        ask(here.model("anthropic"), ASKED)
    assert len(here.sent) <= 2


def test_an_answer_that_never_ends_is_given_up() -> None:
    with endpoint(never_ends) as here, pytest.raises(GeneratorError, match=r"within 0\.3 seconds"):
        ask(here.model(seconds=0.3), ASKED)


def test_nobody_waits_for_a_question_that_is_not_wanted_any_more() -> None:
    class GoneError(Exception):
        pass

    def gone() -> None:
        raise GoneError

    with endpoint(never_ends) as here, pytest.raises(GoneError):
        ask(here.model(seconds=30), ASKED, gone)


def test_nobody_there() -> None:
    with endpoint(refuses) as here:
        model = here.model()
    with pytest.raises(GeneratorError, match="cannot be reached"):
        ask(model, ASKED)


def test_without_the_library_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "pydantic_ai", None)
    with endpoint(refuses) as here, pytest.raises(GeneratorError, match="not installed") as refused:
        ask(here.model(), ASKED)
    assert "keel[models]" in refused.value.hint
