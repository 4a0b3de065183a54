"""Who is asked to propose; how it is asked is tested with the proposals."""

from __future__ import annotations

import pytest

from keel.errors import GeneratorError, InputError
from keel.services.shared.asking.model import generator_of, instead


def test_who_proposes_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KEEL_MODEL", raising=False)
    assert generator_of("rules") is None
    for by in ("model", "somebody"):
        with pytest.raises(InputError):
            generator_of(by)
    monkeypatch.setenv("KEEL_MODEL", "openai:llama")
    model = generator_of("model")
    assert model is not None
    assert model.name == "llama"


def test_a_failure_says_who_proposes_instead() -> None:
    assert instead(GeneratorError("It is away.")) == "It is away. The rules propose instead."
