"""What a generator said, read: the framework of it by the rules of any import, and its reasons."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from keel.domain.exchange.framework_json import read_json
from keel.domain.framework.validation import check
from keel.domain.issue import Finding, Severity
from keel.domain.policy.presets import PRESETS
from keel.domain.profile.as_json import TAGS
from keel.domain.profile.record import InvestorProfile
from keel.domain.proposal.judging import judged
from keel.domain.proposal.records import BENCHMARK, REBALANCING, Proposal, Reason
from keel.domain.proposal.schema import (
    KEPT_OUT,
    LONGEST_REASON,
    MOST_BUCKETS,
    MOST_LIMITS,
    MOST_NOTES,
)
from keel.domain.reading.place import Place
from keel.domain.reading.values import read_list, read_object, read_text, require_few
from keel.domain.text import named, plain

SAID = Place("the proposal")
BUCKET, LIMIT = ("path", "label", "target_weight", "min_weight", "max_weight"), ("type", "value", "unit")

Fields = Mapping[str, object]


def read_proposal(
    value: object, profile: InvestorProfile, source: str, place: Place = SAID
) -> tuple[Proposal, tuple[Finding, ...]]:
    """The proposal and everything wrong with it, judged as a file and against the profile.

    Its name, band and profile are those of the profile: a generator has no say in them. Raises ImportFormatError for
    what cannot be read at all.
    """
    given = read_object(value, place)
    buckets = _rows(given, "buckets", place, MOST_BUCKETS)
    limits = _rows(given, "constraints", place, MOST_LIMITS)
    _require_known(given, buckets, place)
    tree = {
        "buckets": [_only(BUCKET, row) | {"rules": _funds(row)} for row in buckets],
        "constraints": [_only(LIMIT, row) for row in limits],
        "rebalancing": given.get("rebalancing"),
        "benchmark": _text(given, "benchmark", place),
    }
    framework, notes = read_json(json.dumps(tree), place, f"{profile.assessed.risk_band.capitalize()} risk, proposed")
    framework = replace(
        framework,
        description=f"Proposed by {source} for {profile.assessed.risk_band} risk.",
        method="generated",
        risk_band=profile.assessed.risk_band,
        profile_id=profile.id,
    )
    about = [(_text(row, "path", place), row) for row in buckets] + [(_text(row, "type", place), row) for row in limits]
    reasons = [Reason(name, _text(row, "reason", place)) for name, row in about]
    reasons += [Reason(name, _text(given, f"{name}_reason", place)) for name in (REBALANCING, BENCHMARK)]
    told = [
        plain(read_text(note, place.field("notes")), LONGEST_REASON)
        for note in _list(given, "notes", place, MOST_NOTES)
    ]
    proposal = Proposal(framework, tuple(r for r in reasons if r.words), tuple(told), source)
    return proposal, (*notes, *check(framework), *_silent(buckets, place), *judged(framework, profile))


def _require_known(given: Fields, buckets: Iterable[Fields], place: Place) -> None:
    """Raise for a policy without a name and a tag that no product carries."""
    policy = given.get("rebalancing")
    if not isinstance(policy, str) or policy not in PRESETS:
        raise place.field("rebalancing").error(f"must be one of {', '.join(PRESETS)}, not {named(policy)}.")
    for n, row in enumerate(buckets):
        at = place.field("buckets").item(n).field("rules")
        rules = read_object(row.get("rules", {}), at)
        for name in ("include_tags", "exclude_tags"):
            for word in _list(rules, name, at, len(TAGS)):
                tag = read_text(word, at.field(name))
                if tag not in TAGS and not (name == "exclude_tags" and tag in KEPT_OUT):
                    raise at.field(name).error(f"{named(tag)} is no tag that can be asked for.")


def _silent(buckets: Iterable[Fields], place: Place) -> Iterator[Finding]:
    for row in buckets:
        if not _text(row, "reason", place):
            path = _text(row, "path", place)
            yield Finding("no_reason", Severity.warning, path, "No reason is given for this bucket.", "Ask for one.")


def _rows(given: Fields, name: str, place: Place, most: int) -> list[Fields]:
    rows = _list(given, name, place, most)
    return [read_object(row, place.field(name).item(n)) for n, row in enumerate(rows)]


def _list(given: Fields, name: str, place: Place, most: int) -> list[object]:
    rows = read_list(given.get(name, []), place.field(name))
    require_few(len(rows), most, name, place.field(name))
    return rows


def _text(given: Fields, name: str, place: Place) -> str:
    value = given.get(name)
    return "" if value is None else plain(read_text(value, place.field(name)), LONGEST_REASON)


def _funds(row: Fields) -> dict[str, object]:
    """The rules of a bucket, held to funds that are not geared: a generator does not choose shares or leverage."""
    rules = dict(read_object(row.get("rules", {}), SAID))
    out = [*KEPT_OUT, *read_list(rules.get("exclude_tags", []), SAID)]
    return _only(("include_tags",), rules) | {"exclude_tags": out, "allowed_types": ["ETF"]}


def _only(names: Iterable[str], row: Fields) -> dict[str, object]:
    return {name: row[name] for name in names if row.get(name) is not None}
