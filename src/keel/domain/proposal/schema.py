"""What a generator may say, as JSON Schema: a framework in parts with a reason each, or products for buckets.

The one place that says it: a model is held to it, REST shows it, and what comes back is read by it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from keel.domain.constraints.types import COUNT, TYPES, UNITS
from keel.domain.policy.presets import PRESETS
from keel.domain.profile.as_json import TAGS
from keel.domain.text import NAME, TEXT

MOST_BUCKETS, MOST_LIMITS, MOST_NOTES, MOST_PRODUCTS = 60, 20, 10, 10
LONGEST_WORDS, LONGEST_REASON = 200, 300
DEEPEST = 10  # parts of a path; each of them that is missing becomes a bucket
LARGEST_LIMIT = 1e12  # of any unit; beyond it are numbers that no float holds
PATH = rf"^(?![^/]*(?:/[^/]*){{{DEEPEST}}}){NAME.removeprefix('^')}"
KEPT_OUT = ("leveraged", "inverse")  # tags that are only ever excluded

Schema = dict[str, object]


def framework_schema() -> Schema:
    """The schema of a proposed framework.

    >>> sorted(framework_schema()["properties"])
    ['benchmark', 'benchmark_reason', 'buckets', 'constraints', 'notes', 'rebalancing', 'rebalancing_reason']
    """
    rules = _object(
        {
            "include_tags": _list({"enum": sorted(TAGS)}, "Tags that each product carries."),
            "exclude_tags": _list({"enum": [*sorted(TAGS), *KEPT_OUT]}, "Tags that no product carries."),
        }
    )
    bucket = _object(
        {
            "path": _text(200, "AssetClass/Equity, and AssetClass/Equity/US for a part of it.", PATH),
            "label": _text(60, "What it is called."),
            "target_weight": _fraction("Of the whole portfolio; parts sum to their bucket, the top to 1."),
            "min_weight": _fraction("Of the whole portfolio."),
            "max_weight": _fraction("Of the whole portfolio."),
            "rules": rules,
            "reason": _text(LONGEST_REASON, "Why it is there, and why it is as large."),
        },
        ("path", "label", "target_weight", "rules", "reason"),
    )
    limit = _object(
        {
            "type": {"enum": list(TYPES)},
            "value": {"type": "number", "minimum": 0, "maximum": LARGEST_LIMIT},
            "unit": {"enum": [*UNITS, COUNT]},
            "reason": _text(LONGEST_REASON, "Why."),
        },
        ("type", "value", "unit", "reason"),
    )
    return _object(
        {
            "buckets": _list(bucket, "The tree, each bucket before its parts.", MOST_BUCKETS, least=1),
            "constraints": _list(limit, "Limits of the whole portfolio.", MOST_LIMITS),
            "rebalancing": {"enum": list(PRESETS)},
            "rebalancing_reason": _text(LONGEST_REASON, "Why."),
            "benchmark": _text(20, "A symbol to compare with."),
            "benchmark_reason": _text(LONGEST_REASON, "Why."),
            "notes": _list(_text(LONGEST_REASON, ""), "Wishes that are not met, and why.", MOST_NOTES),
        },
        ("buckets", "rebalancing", "rebalancing_reason"),
    )


def picks_schema(offered: Mapping[str, Collection[str]]) -> Schema:
    """The schema of products for buckets; ``offered`` are the symbols that each bucket may take, by its name."""
    symbols = sorted({symbol for names in offered.values() for symbol in names})
    product = _object({"symbol": {"enum": symbols}, "share": _fraction("Of the bucket; they sum to 1.")}, every=True)
    pick = _object(
        {
            "bucket": {"enum": list(offered)},
            "products": _list(product, "What fills it.", MOST_PRODUCTS, least=1),
            "reason": _text(LONGEST_REASON, "Why these."),
        },
        every=True,
    )
    return _object({"picks": _list(pick, "One for each bucket.", len(offered))}, every=True)


def questions_schema(choices: Mapping[str, Collection[str]]) -> Schema:
    """The schema of questions as a model puts them; ``choices`` are the answers of each question, by its id."""
    answers = sorted({answer for some in choices.values() for answer in some})
    question = _object(
        {
            "id": {"enum": list(choices)},
            "words": _text(LONGEST_WORDS, "The question, as it is put.", NAME),
            **({"answer": {"enum": answers}} if answers else {}),
            "reason": _text(LONGEST_REASON, "Why that answer."),
        },
        ("id", "words"),
    )
    return _object({"questions": _list(question, "One for each question.", len(choices))}, every=True)


def _object(fields: Schema, required: Collection[str] = (), *, every: bool = False) -> Schema:
    names = list(fields) if every else list(required)
    return {"type": "object", "properties": fields, "required": names, "additionalProperties": False}


def _list(item: Schema, words: str, most: int = 20, *, least: int = 0) -> Schema:
    return {"type": "array", "items": item, "description": words, "minItems": least, "maxItems": most}


def _text(longest: int, words: str, pattern: str = TEXT) -> Schema:
    return {"type": "string", "maxLength": longest, "pattern": pattern, "description": words}


def _fraction(words: str) -> Schema:
    return {"type": "number", "minimum": 0, "maximum": 1, "description": words}
