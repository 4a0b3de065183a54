"""The question: everything a study is asked, one record from the page, link or command to the engine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from types import MappingProxyType
from typing import Any

from keel.domain.frozen import Frozen
from keel.domain.policy.as_json import parse_policy, policy_json
from keel.domain.policy.records import Policy, RunSettings
from keel.domain.policy.settings import parse_run_settings, settings_json
from keel.domain.reading.day import read_day
from keel.domain.reading.place import Place
from keel.domain.reading.values import require_few
from keel.domain.study.blend import Blend, blend_json, parse_blend
from keel.domain.text import named

Object = dict[str, object]
ASKED = Place("the question")
MOST_POLICIES = 50  # side by side; each is a whole path, and the policy lab has thousands


def _form(read: Callable[[str, Any], object], write: Callable[[Any], object]) -> Mapping[str, Any]:
    """How one field is read from JSON (given its name, for complaints) and written."""
    return MappingProxyType({"read": read, "write": write})


def _policies(name: str, value: Any) -> Mapping[str, Policy]:
    if not isinstance(value, Mapping):
        raise ASKED.field(name).error(f"must be an object, not {named(value)}.")
    require_few(len(value), MOST_POLICIES, "policies", ASKED.field(name))
    return Frozen({label: parse_policy(policy) for label, policy in value.items()})


def _day(name: str, value: Any) -> date | None:
    return None if value in (None, "") else read_day(value, ASKED.field(name))


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise ASKED.field(name).error(f"must be text, not {named(value)}.")
    return value


def _benchmark(name: str, value: Any) -> str | Blend:
    return parse_blend(value, ASKED.field(name)) if isinstance(value, Mapping) else _text(name, value)


def _flag(name: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise ASKED.field(name).error(f"must be true or false, not {named(value)}.")
    return value


def _same(value: Any) -> object:
    return value


POLICIES = _form(_policies, lambda policies: {label: policy_json(policy) for label, policy in policies.items()})
SETTINGS = _form(lambda _, value: parse_run_settings(value), settings_json)
DAY = _form(_day, lambda day: day.isoformat() if day else None)
TEXT = _form(_text, _same)
FLAG = _form(_flag, _same)
BENCHMARK = _form(_benchmark, lambda value: blend_json(value) if isinstance(value, Blend) else value)


@dataclass(frozen=True, slots=True)
class Question:
    """What a study is asked of a portfolio; ``start`` and ``end`` None: all there is.

    ``benchmark`` is a symbol, a stored blend's name or a blend; empty: none. ``dataset`` empty: the one that serves
    best. ``proxies``: similar series may stand in for a product. ``portfolio_version`` None: the newest. Each field
    says how it is written in JSON; the portfolio's id and version stand beside the JSON, not in it.
    """

    portfolio_id: str
    policies: Mapping[str, Policy] = field(default_factory=dict, metadata=POLICIES)
    settings: RunSettings = field(default=RunSettings(), metadata=SETTINGS)
    start: date | None = field(default=None, metadata=DAY)
    end: date | None = field(default=None, metadata=DAY)
    benchmark: str | Blend = field(default="", metadata=BENCHMARK)
    dataset: str = field(default="", metadata=TEXT)
    proxies: bool = field(default=True, metadata=FLAG)
    portfolio_version: int | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "policies", Frozen(self.policies))


def question_json(question: Question) -> Object:
    """The question as JSON values, without the portfolio; ``parse_question`` reads it back equal."""
    return {f.name: f.metadata["write"](getattr(question, f.name)) for f in fields(question) if f.metadata}


def changes(question: Question, base: Question) -> Object:
    """What a question asks otherwise than another of the same portfolio, as JSON; the settings one by one."""
    asked, known = question_json(question), question_json(base)
    inside = settings_json(base.settings)
    settings = {name: value for name, value in settings_json(question.settings).items() if value != inside[name]}
    beside = {name: value for name, value in asked.items() if name != "settings" and value != known[name]}
    return beside | ({"settings": settings} if settings else {})


def changed(base: Question, given: Mapping[str, Any]) -> Question:
    """The question with the ``changes`` of another made in it. Raises ImportFormatError and InvalidPolicyError.

    >>> base, other = Question("pf_1"), Question("pf_1", settings=RunSettings(fixed_fee=5.0), dataset="monthly")
    >>> changes(other, base)
    {'dataset': 'monthly', 'settings': {'fixed_fee': 5.0}}
    >>> changed(base, changes(other, base)) == other
    True
    """
    if not isinstance(given, Mapping) or not isinstance(given.get("settings", {}), Mapping):
        raise ASKED.error("must be an object.")
    settings = settings_json(base.settings) | dict(given.get("settings", {}))
    asked = parse_question(base.portfolio_id, {**question_json(base), **given, "settings": settings})
    return replace(asked, portfolio_version=base.portfolio_version)


def parse_question(portfolio_id: str, given: Mapping[str, Any]) -> Question:
    """The question of ``question_json``; what is missing takes its default, what it does not know is left aside.

    Raises ImportFormatError and InvalidPolicyError, naming the field.

    >>> question = Question("pf_1", {"Never": Policy()}, start=date(2020, 1, 1))
    >>> parse_question("pf_1", question_json(question)) == question
    True
    """
    known = [f for f in fields(Question) if f.metadata and f.name in given]
    values: dict[str, Any] = {f.name: f.metadata["read"](f.name, given[f.name]) for f in known}
    return replace(Question(portfolio_id), **values)
