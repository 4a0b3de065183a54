"""The whole framework as JSON, both ways without loss."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from keel.domain.exchange.completion import MOST_BUCKETS, Draft, as_given, finish
from keel.domain.exchange.holdings import read_holdings
from keel.domain.exchange.rules import RULE_LISTS, RULE_NUMBERS, read_rules
from keel.domain.framework.records import ANNUAL, Bucket, Constraint, Framework
from keel.domain.framework.rules import Rules
from keel.domain.issue import Finding, Severity
from keel.domain.policy.as_json import band_json, parse_band, parse_policy, policy_json
from keel.domain.policy.kinds import Band
from keel.domain.policy.records import Policy
from keel.domain.reading.day import read_moment
from keel.domain.reading.load_json import load_json
from keel.domain.reading.place import Place
from keel.domain.reading.text import decode
from keel.domain.reading.values import (
    read_list,
    read_number,
    read_object,
    read_path,
    read_switch,
    read_text,
    read_weight,
    require_few,
    unknown_fields,
)
from keel.domain.text import named, plain, shown
from keel.errors import InvalidFrameworkError, InvalidPolicyError

FORMAT = 1
LONGEST_DESCRIPTION = 20_000
MOST_CONSTRAINTS = 500
METHODS = ("template", "custom", "imported", "generated")
FIELDS = (
    "keel",
    "name",
    "description",
    "base_ccy",
    "method",
    "risk_band",
    "benchmark",
    "profile_id",
    "rebalancing",
    "constraints",
    "buckets",
    "id",
    "version",
    "created_at",
    "updated_at",
)
BUCKET_FIELDS = (
    "path",
    "label",
    "target_weight",
    "min_weight",
    "max_weight",
    "band",
    "locked",
    "rules",
    "holdings",
)
CONSTRAINT_FIELDS = ("type", "value", "unit", "scope")

Object = dict[str, object]
Value = TypeVar("Value")


def framework_json(framework: Framework) -> str:
    """The framework as a JSON text that reads back equal. Raises InvalidFrameworkError for NaN and infinity."""
    try:
        return json.dumps(_framework(framework), indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    except ValueError:
        message = f"{framework.name} holds a number that is not finite."
        raise InvalidFrameworkError(message, hint="Correct the weights.", subject=framework.name) from None


def _framework(framework: Framework) -> Object:
    given: Object = {
        "keel": FORMAT,
        "name": framework.name,
        "description": framework.description,
        "base_ccy": framework.base_ccy,
        "method": framework.method,
        "risk_band": framework.risk_band,
        "benchmark": framework.benchmark,
        "profile_id": framework.profile_id,
        "rebalancing": policy_json(framework.rebalancing),
        "constraints": [_constraint(c) for c in framework.constraints],
        "buckets": [_bucket(b) for b in framework.buckets],
    }
    if framework.id:
        given["id"] = framework.id
    if framework.version:
        given["version"] = framework.version
    if framework.created_at:
        given["created_at"] = framework.created_at.isoformat()
    if framework.updated_at:
        given["updated_at"] = framework.updated_at.isoformat()
    return given


def _constraint(constraint: Constraint) -> Object:
    given: Object = {"type": constraint.type, "value": constraint.value, "unit": constraint.unit}
    return given | ({"scope": constraint.scope} if constraint.scope else {})


def _bucket(bucket: Bucket) -> Object:
    given: Object = {"path": bucket.path, "label": bucket.label, "target_weight": bucket.target_weight}
    if bucket.min_weight is not None:
        given["min_weight"] = bucket.min_weight
    if bucket.max_weight is not None:
        given["max_weight"] = bucket.max_weight
    if bucket.band is not None:
        given["band"] = band_json(bucket.band)
    if bucket.locked:
        given["locked"] = True
    if bucket.rules != Rules():
        given["rules"] = rules_json(bucket.rules)
    if bucket.holdings:
        given["holdings"] = [{"symbol": h.symbol, "share": h.share} for h in bucket.holdings]
    return given


def rules_json(rules: Rules) -> Object:
    """The rules as an object without what is not asked.

    >>> rules_json(Rules(include_tags=("region:us",), min_history_years=3.0))
    {'include_tags': ['region:us'], 'min_history_years': 3.0}
    """
    lists: Object = {name: list(getattr(rules, name)) for name in RULE_LISTS if getattr(rules, name)}
    return lists | {name: getattr(rules, name) for name in RULE_NUMBERS if getattr(rules, name) is not None}


def read_json(text: str, place: Place, name: str) -> tuple[Framework, tuple[Finding, ...]]:
    """The framework of a file's text and what is worth saying about it; ``name`` serves when it has none of its own."""
    return _read(text, place, Manner(finish, name, "imported"))


def read_edit(data: bytes, place: Place) -> tuple[Framework, tuple[Finding, ...]]:
    """The framework of an edit, judged as it stands: a name, every parent and every target must be there.

    Sums are left as they are, for ``check``. Raises ImportFormatError for what cannot be read.

    >>> edit = b'{"name": "Mix", "buckets": [{"path": "A/Stocks", "target_weight": 0.9995}]}'
    >>> [bucket.target_weight for bucket in read_edit(edit, Place("the body"))[0].buckets]
    [0.9995]
    """
    return _read(decode(data, place), place, Manner(as_given, "", "custom"))


@dataclass(frozen=True, slots=True)
class Manner:
    """How a text is read: what makes its tree whole, and the name (empty: it must have one) and method it else has."""

    complete: Callable[[Sequence[Draft], Place], tuple[tuple[Bucket, ...], list[Finding]]]
    name: str
    method: str


def _read(text: str, place: Place, manner: Manner) -> tuple[Framework, tuple[Finding, ...]]:
    value = load_json(text, place)
    if not isinstance(value, dict):
        raise place.error(f"a framework is a JSON object, not {named(value)}.")
    given: Mapping[str, object] = value
    _require_format(given, place)
    if not (_name(given, place) or manner.name):
        raise place.field("name").error("is missing.", "Give the framework a name.")
    if "buckets" not in given:
        raise place.field("buckets").error("is missing.", "Give the list of buckets.")
    at = place.field("buckets")
    rows = read_list(given["buckets"], at)
    require_few(len(rows), MOST_BUCKETS, "buckets", at)
    drafts = [_draft(row, at.item(n)) for n, row in enumerate(rows)]
    buckets, tree_notes = manner.complete([draft for draft, _ in drafts], at)
    bucket_notes = (note for _, notes in drafts for note in notes)
    policy, policy_notes = _policy(given.get("rebalancing"), place.field("rebalancing"))
    constraints, constraint_notes = _constraints(given, place)
    method = _optional(given, "method", place, read_text, manner.method)
    if method not in METHODS:
        raise place.field("method").error(f"{shown(method)} is none of {', '.join(METHODS)}.")
    framework = Framework(
        name=_name(given, place) or manner.name,
        buckets=buckets,
        description=_description(given, place),
        method=method,
        base_ccy=_optional(given, "base_ccy", place, read_text, "USD").upper(),
        benchmark=_optional(given, "benchmark", place, read_text, ""),
        risk_band=_optional(given, "risk_band", place, read_text, ""),
        profile_id=_optional(given, "profile_id", place, read_text, ""),
        rebalancing=policy,
        constraints=constraints,
        id=_optional(given, "id", place, read_text, ""),
        version=_version(given, place),
        created_at=_moment(given, "created_at", place),
        updated_at=_moment(given, "updated_at", place),
    )
    unknown = unknown_fields(given, FIELDS, place)
    return framework, (*unknown, *bucket_notes, *policy_notes, *constraint_notes, *tree_notes)


def _name(given: Mapping[str, object], place: Place) -> str:
    return _optional(given, "name", place, read_text, "")


def _require_format(given: Mapping[str, object], place: Place) -> None:
    number = given.get("keel", FORMAT)
    if isinstance(number, bool) or number != FORMAT:
        seen = f"{number:g}" if isinstance(number, float) else plain(str(number), 20)
        raise place.field("keel").error(f"this Keel reads format {FORMAT}, not {seen}.")


def _optional(
    given: Mapping[str, object], name: str, place: Place, read: Callable[[object, Place], Value], default: Value
) -> Value:
    value = given.get(name)
    return default if value is None else read(value, place.field(name))


def _description(given: Mapping[str, object], place: Place) -> str:
    value = given.get("description") or ""
    if not isinstance(value, str):
        raise place.field("description").error(f"must be text, not {named(value)}.")
    if len(value) > LONGEST_DESCRIPTION:
        raise place.field("description").error(f"has {len(value):,} characters; at most {LONGEST_DESCRIPTION:,} fit.")
    return value


def _version(given: Mapping[str, object], place: Place) -> int:
    number = _optional(given, "version", place, read_number, 0.0)
    if not 0 <= number <= 10**9 or number != int(number):
        raise place.field("version").error("must be a whole number from 0.")
    return int(number)


def _moment(given: Mapping[str, object], name: str, place: Place) -> datetime | None:
    return read_moment(given[name], place.field(name)) if given.get(name) else None


def _policy(value: object, place: Place) -> tuple[Policy, tuple[Finding, ...]]:
    """The policy; one that cannot be used becomes an error beside it, so that all problems are listed at once."""
    if value is None:
        return ANNUAL, ()
    if not isinstance(value, dict | str):
        raise place.error(f"must be an object or a preset's name, not {named(value)}.")
    try:
        return parse_policy(value), ()
    except InvalidPolicyError as error:
        subject = f"{place.column}.{error.subject}" if error.subject and isinstance(value, dict) else place.column
        return ANNUAL, (Finding("invalid_policy", Severity.error, plain(subject, 120), error.message, error.hint),)


def read_band(value: object, place: Place, path: str) -> tuple[Band | None, tuple[Finding, ...]]:
    """A bucket's band; one that cannot be used becomes an error beside it."""
    if value is None:
        return None, ()
    read_object(value, place)
    try:
        return parse_band(value), ()
    except InvalidPolicyError as error:
        message = f"{place}: {error.message}"
        return None, (Finding("invalid_band", Severity.error, plain(path, 120), message, error.hint),)


def _draft(value: object, place: Place) -> tuple[Draft, tuple[Finding, ...]]:
    given = read_object(value, place)
    path = read_path(given.get("path"), place.field("path"))
    asked, held = given.get("rules"), given.get("holdings")
    rules, rule_notes = read_rules({} if asked is None else asked, place.field("rules"))
    holdings, holding_notes = read_holdings([] if held is None else held, place.field("holdings"))
    target = _optional(given, "target_weight", place, read_weight, None)
    label = _optional(given, "label", place, read_text, "") or path.rpartition("/")[2]
    low = _optional(given, "min_weight", place, read_weight, None)
    high = _optional(given, "max_weight", place, read_weight, None)
    band, band_notes = read_band(given.get("band"), place.field("band"), path)
    bucket = Bucket(
        path=path,
        label=label,
        target_weight=0.0 if target is None else target,
        min_weight=low,
        max_weight=high,
        band=band,
        locked=_optional(given, "locked", place, _json_switch, False),
        rules=rules,
        holdings=holdings,
    )
    notes = (*unknown_fields(given, BUCKET_FIELDS, place), *rule_notes, *holding_notes, *band_notes)
    return Draft(bucket, target is not None, place.field("target_weight")), notes


def _json_switch(value: object, place: Place) -> bool:
    if not isinstance(value, bool):
        raise place.error(f"must be true or false, not {named(value)}.")
    return read_switch(value, place)


def _constraints(given: Mapping[str, object], place: Place) -> tuple[tuple[Constraint, ...], list[Finding]]:
    at = place.field("constraints")
    listed = given.get("constraints")
    items = [] if listed is None else read_list(listed, at)
    require_few(len(items), MOST_CONSTRAINTS, "limits", at)
    rows = [(read_object(item, at.item(n)), at.item(n)) for n, item in enumerate(items)]
    notes = [note for row, spot in rows for note in unknown_fields(row, CONSTRAINT_FIELDS, spot)]
    return tuple(_read_constraint(row, spot) for row, spot in rows), notes


def _read_constraint(given: Mapping[str, object], place: Place) -> Constraint:
    return Constraint(
        type=read_text(given.get("type"), place.field("type")),
        value=read_number(given.get("value"), place.field("value")),
        unit=_optional(given, "unit", place, read_text, "percentage"),
        scope=_optional(given, "scope", place, read_text, ""),
    )
