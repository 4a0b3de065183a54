"""What commands read: frameworks, prices, policies, run settings. Every complaint names the file and the place."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from keel.errors import InputError, KeelError

if TYPE_CHECKING:
    from keel.domain.framework.records import Framework
    from keel.domain.framework.rules import Rules
    from keel.domain.issue import Finding
    from keel.domain.market.prices import PriceMatrix
    from keel.domain.policy.records import Policy, RunSettings
    from keel.domain.portfolio.book import Book
    from keel.domain.portfolio.score_weights import ScoreWeights
    from keel.domain.study.blend import Blend

MAX_JSON_BYTES = 1_000_000
SCALED = "scaled"


class Day(click.ParamType[date]):
    """A calendar date, written YYYY-MM-DD."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The date, or a usage error that says how to write one."""
        if isinstance(value, date):
            return value
        from keel.domain.reading.day import parse_day

        day = parse_day(value)
        if day is None:
            self.fail(f"{value!r} is not a date; write it as YYYY-MM-DD.", param, ctx)
        return day


DAY = Day()


class Whole(click.IntRange):
    """A whole number in a range."""

    name = "whole number"


@contextmanager
def about(name: str, doing: str = "read") -> Iterator[None]:
    """Whatever goes wrong inside is said about ``name``: a file or an option; ``doing`` it was not possible."""
    if not name.strip():
        raise InputError("A file was given that has no name.")
    try:
        yield
    except KeelError as error:
        if name not in error.message and Path(name).name in error.message:
            error.message = error.message.replace(Path(name).name, name, 1)  # the path as it was given
        if name in error.message:
            raise
        raise InputError(f"{name}: {error.message}", hint=error.hint, subject=name) from error
    except OSError as error:
        raise InputError(f"{name} cannot be {doing}: {error.strerror or error}.", subject=name) from error
    except UnicodeError as error:
        raise InputError(f"{name} is not text.", subject=name) from error


def read_framework(path: str) -> tuple[Framework, tuple[Finding, ...]]:
    """The framework in a JSON, CSV or XLSX file and every issue of it, errors and warnings."""
    from keel.domain.framework import validation
    from keel.settings import load
    from keel.sources.files.disk import read_bytes
    from keel.sources.sheets.framework import read_framework_file

    with about(path):
        framework, notes = read_framework_file(read_bytes(Path(path), load().max_framework_bytes), path)
        return framework, (*notes, *validation.check(framework))


def framework(path: str) -> tuple[Framework, tuple[str, ...]]:
    """The framework in a file, which must be valid, and what reading changed (weights scaled to sum to 100%)."""
    from keel.domain.framework.validation import first_error
    from keel.errors import InvalidFrameworkError

    found, issues = read_framework(path)
    wrong = first_error(issues)
    if wrong:
        hint = f"keel validate {path} lists everything."
        raise InvalidFrameworkError(f"{path}: {wrong}", issues=issues, hint=hint, subject=path)
    return found, tuple(issue.message for issue in issues if issue.code == SCALED)


def prices(path: str) -> PriceMatrix:
    """The price matrix in a wide CSV or parquet file."""
    from keel.sources.files.prices import read_prices

    with about(path):
        return read_prices(Path(path))


def json_argument(text: str, option: str) -> tuple[Any, str]:
    """The value of an option that is JSON or the path of a JSON file, and what to call it in a complaint."""
    from keel.domain.reading.load_json import load_json
    from keel.domain.reading.place import Place

    if text.lstrip().startswith(("{", "[")):
        return load_json(text, Place(option)), option
    from keel.domain.reading.text import decode
    from keel.sources.files.disk import read_bytes

    with about(text):
        place = Place(text)
        return load_json(decode(read_bytes(Path(text), MAX_JSON_BYTES), place), place), text


def benchmark(text: str) -> str | Blend:
    """The symbol of a column, or the blend that is written as JSON or kept in a JSON file."""
    from keel.domain.reading.place import Place
    from keel.domain.study.blend import parse_blend

    if not text.lstrip().startswith("{") and not text.endswith(".json"):
        return text
    value, name = json_argument(text, "--benchmark")
    named = {"name": "Benchmark", **value} if isinstance(value, dict) else value
    return parse_blend(named, Place(name))


def policy(text: str) -> Policy:
    """The policy named by a preset, written as JSON, or kept in a JSON file; run settings beside it are left aside."""
    from keel.domain.policy.as_json import parse_policy
    from keel.domain.policy.presets import PRESETS

    if text in PRESETS:
        return PRESETS[text]
    if not text.lstrip().startswith("{") and not os.path.exists(text):
        close = get_close_matches(text, PRESETS, n=1)
        hint = f"Did you mean {close[0]}?" if close else f"The presets are {', '.join(PRESETS)}."
        raise InputError(f"--policy: {text!r} is neither a preset, a JSON object nor a file.", hint=hint, subject=text)
    value, name = json_argument(text, "--policy")
    with about(name):
        return parse_policy(_divided(value)[0])


def _divided(value: Any) -> tuple[Any, dict[str, Any]]:
    """The policy of a JSON value and the run settings beside it, as a row of a sweep has them."""
    from keel.domain.study.grid import SETTING_FIELDS

    if not isinstance(value, dict):
        return value, {}
    beside = {key: value[key] for key in value if key in SETTING_FIELDS}
    return {key: value[key] for key in value if key not in beside}, beside


def _settings_beside(texts: Sequence[str]) -> dict[str, Any]:
    """The run settings the policies bring along, which must be the same for all."""
    found = []
    for text in texts:
        if text.lstrip().startswith("{") or os.path.isfile(text):  # no error for a text too long to be a path
            value, name = json_argument(text, "--policy")
            beside = _divided(value)[1]
            with about(name):
                run_settings(json.dumps(beside))
            found.append(beside)
    if any(beside != found[0] for beside in found):
        raise InputError("--policy: the policies bring different run settings.", hint="Run them one at a time.")
    return found[0] if found else {}


def policies(texts: Sequence[str], framework: Framework) -> Mapping[str, Policy]:
    """One policy per text, keyed by it (a repeated text gets its number); without texts, the framework's own."""
    if not texts:
        from keel.domain.policy.words import preset_name

        return {preset_name(framework.rebalancing) or "framework": framework.rebalancing}
    named: dict[str, Policy] = {}
    for text in texts:
        name = text if text not in named else f"{text} ({len(named) + 1})"
        named[name] = policy(text)
    return named


def run_settings(text: str | None, policies: Sequence[str] = (), **options: object) -> RunSettings:
    """Run settings of ``--run`` (JSON or a file), over those beside the policies and under the options given."""
    from keel.domain.policy.settings import parse_run_settings

    value, name = json_argument(text, "--run") if text else ({}, "--run")
    if not isinstance(value, dict):
        raise InputError(f'{name} must hold a JSON object such as {{"cost_bps": 10}}.', subject=name)
    with about(name):
        parse_run_settings(value)
    given = {key: option for key, option in options.items() if option is not None}
    for key in given:
        with about("--" + key.replace("_", "-")):
            parse_run_settings({key: given[key]})
    return parse_run_settings({**_settings_beside(policies), **value, **given})


def rules(text: str) -> Rules:
    """The rules written as JSON or kept in a JSON file; an unknown field is refused."""
    from keel.domain.exchange.rules import read_rules
    from keel.domain.reading.place import Place

    value, name = json_argument(text, "--filters")
    with about(name):
        found, notes = read_rules(value, Place(name))
    if notes:
        message = notes[0].message.replace(" and was ignored", "")  # as a file's would be
        raise InputError(f"{name}: {message}", hint=notes[0].fix, subject=name)
    return found


def score_weights(text: str) -> ScoreWeights:
    """The weights of the score's parts, written as JSON or kept in a JSON file."""
    from keel.domain.portfolio.score_weights import read_weights
    from keel.domain.reading.place import Place

    value, name = json_argument(text, "--weights")
    return read_weights(value, Place(name))


def priced_book(framework: Framework, framework_path: str, columns: Collection[str], prices_path: str) -> Book:
    """The framework's book; raises when a leaf with a target has no price column, instead of leaving it in cash."""
    from keel.domain.market.prices import CASH
    from keel.domain.portfolio.book import book

    with about(framework_path):
        made = book(framework, columns=columns)
    lacking = {
        path: label
        for path, label, target in zip(made.paths, made.labels, made.targets, strict=True)
        if path in made.gaps and target > 0 and label.upper() != CASH
    }
    if lacking:
        many = len(lacking) > 1
        wanted = ", ".join(repr(label) for label in lacking.values())
        raise InputError(
            f"{prices_path} has no column{'s' if many else ''} {wanted} for bucket{'s' if many else ''} "
            f"{', '.join(lacking)} of {framework_path}.",
            hint=f"Add the column{'s' if many else ''}, or give the bucket{'s' if many else ''} holdings.",
            subject=next(iter(lacking)),
        )
    return made


def require_column(symbol: str, columns: Sequence[str], option: str, path: str) -> None:
    """Raise unless the price file has a column for the symbol; the sentence suggests the closest ones."""
    if symbol in columns:
        return
    close = get_close_matches(symbol, columns, n=3) or list(columns[:5])
    raise InputError(f"{option}: {path} has no column {symbol!r}.", hint=f"It has {', '.join(close)}.", subject=symbol)


def require_order(start: date | None, end: date | None) -> None:
    """Raise when the window ends before it starts."""
    if start and end and start > end:
        raise InputError(f"--start {start} lies after --end {end}.", hint="Swap them.", subject="--start")
