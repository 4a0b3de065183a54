"""Suggestions as plain values, ready for JSON: the command line and REST print the same."""

from __future__ import annotations

from collections.abc import Sequence

from keel.domain.framework.choices import in_words
from keel.domain.issue import Finding, rows
from keel.domain.mapping.duplicates import shared
from keel.domain.mapping.matching import BucketSuggestions, Suggestion, best_picks, even_split
from keel.domain.mapping.named import UNKNOWN_PRODUCT
from keel.domain.market.health import LEVELS, worst
from keel.domain.portfolio.score_weights import ScoreWeights


def matching_json(
    buckets: Sequence[BucketSuggestions], weights: ScoreWeights, named: Sequence[Finding] = ()
) -> dict[str, object]:
    """All buckets as ``map --json`` prints them, ranked by these weights, and what the best of each would be warned of
    together. ``named`` is what is to be said of the products that the framework names: one not known here is a gap.
    """
    lacking = [finding for finding in named if finding.code == UNKNOWN_PRODUCT]
    said = [finding for finding in named if finding.code != UNKNOWN_PRODUCT]
    return {
        "score_weights": weights.of_parts(),
        "buckets": [_bucket(b, [*b.gaps, *(gap for gap in lacking if gap.subject == b.path)]) for b in buckets],
        "warnings": rows([*said, *shared(buckets, best_picks(buckets))]),
    }


def _bucket(bucket: BucketSuggestions, gaps: Sequence[Finding]) -> dict[str, object]:
    return {
        "path": bucket.path,
        "label": bucket.label,
        "target": bucket.target,
        "considered": bucket.considered,
        "rejected": dict(bucket.rejected),
        "unknown": dict(bucket.unknown),
        "suggestions": [_suggestion(suggestion) for suggestion in bucket.suggestions],
        "near_misses": [
            {"symbol": miss.instrument.symbol, "rule": miss.line.rule, "seen": miss.line.seen, "limit": miss.limit}
            for miss in bucket.near_misses
        ],
        "gaps": [{"code": gap.code, "message": gap.message} for gap in gaps],
        "dataset": bucket.dataset,
        "even_split": [pick.symbol for pick in even_split(bucket)],
        "contents": in_words(bucket.rules.include_tags),
    }


def _suggestion(found: Suggestion) -> dict[str, object]:
    """One suggestion; a rule's ``passed`` null means that the fact is not known."""
    findings = [{"code": f.code, "level": LEVELS[f.severity], "message": f.message} for f in found.health]
    return {
        "symbol": found.instrument.symbol,
        "id": found.instrument.id,
        "name": found.instrument.name,
        "score": found.score,
        "parts": dict(found.parts),
        "rules": [{"rule": line.rule, "passed": line.passed, "seen": line.seen} for line in found.rules],
        "health": {"level": worst(found.health), "findings": findings},
        "usable": found.usable,
        "prices": found.price_note,
    }
