"""Values on their way into and out of columns: weights, times, ids and JSON documents."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

from keel.domain.framework.rules import Rules
from keel.domain.policy.as_json import band_json, parse_band
from keel.domain.policy.kinds import Band
from keel.errors import InputError

ELSEWHERE = "Check the id; it may belong to another database."
_LARGEST = 999_999


def new_id(noun: str) -> str:
    """A fresh id that says what it names, such as ``fw_1f0c…``."""
    return f"{noun}_{uuid4().hex[:16]}"


def now() -> datetime:
    """This moment in UTC, to the microsecond a column keeps."""
    return datetime.now(UTC)


def stamp(moment: datetime) -> datetime:
    """A moment as the columns hold it: UTC, without a zone."""
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment


def moment(stamped: datetime) -> datetime:
    """A column's time with its zone, UTC, said."""
    return stamped.replace(tzinfo=UTC)


Versions = Sequence[tuple[str, int]]


def one_or_many(noun: str, versions: Versions) -> tuple[str, dict[str, Any]]:
    """The condition that a row is of one of the versions of a noun, and its parameters.

    That of a single one is read a third quicker.

    >>> one_or_many("framework", [("fw_1", 2)])
    ('framework_id = $id and framework_version = $version', {'id': 'fw_1', 'version': 2})
    """
    if len(versions) == 1:
        id, version = versions[0]
        return f"{noun}_id = $id and {noun}_version = $version", {"id": id, "version": version}
    keys = [f"{id}@{version}" for id, version in versions]
    return f"list_contains($keys, {noun}_id || '@' || {noun}_version)", {"keys": keys}


def weight(value: float, subject: str = "") -> Decimal:
    """A fraction as its column holds it: 12 decimals. What has 12 decimals comes back as the same float.

    >>> weight(1 / 3), float(weight(0.1)) == 0.1
    (Decimal('0.333333333333'), True)
    """
    if not math.isfinite(value) or abs(value) > _LARGEST:
        raise InputError(
            f"The weight {value} of {subject or 'a bucket'} is not a number that can be kept.", subject=subject
        )
    return Decimal(f"{value:.12f}")


def optional_weight(value: float | None, subject: str = "") -> Decimal | None:
    """``weight``, with None for None."""
    return None if value is None else weight(value, subject)


def optional_float(value: Decimal | None) -> float | None:
    """The float of a weight column, with None for None."""
    return None if value is None else float(value)


def document(value: Mapping[str, object]) -> str:
    """A JSON text with full float precision; InputError for a number that is not finite, which JSON has no form for.

    >>> document({"width": 0.1})
    '{"width": 0.1}'
    """
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False)
    except ValueError:
        raise InputError("A number that is not finite cannot be stored.") from None


def band_document(band: Band | None) -> str | None:
    """A band as JSON; None when there is no override."""
    return None if band is None else document(band_json(band))


def read_band(text: str | None) -> Band | None:
    """The band of ``band_document``.

    >>> from keel.domain.policy.kinds import Absolute
    >>> read_band(band_document(Absolute(300.0)))
    Absolute(width_bps=300.0, kind='absolute')
    """
    return None if text is None else parse_band(json.loads(text))


def rules_document(rules: Rules) -> str:
    """Rules as JSON: only what is asked.

    >>> rules_document(Rules(include_tags=("region:us",), min_aum_usd=1e8))
    '{"include_tags": ["region:us"], "min_aum_usd": 100000000.0}'
    """
    return document({name: value for name, value in asdict(rules).items() if value is not None and value != ()})


def read_rules(text: str) -> Rules:
    """The rules of ``rules_document``.

    >>> read_rules('{"include_tags": ["region:us"]}').include_tags
    ('region:us',)
    """
    given: dict[str, Any] = json.loads(text)
    asked: dict[str, Any] = {name: tuple(v) if isinstance(v, list) else v for name, v in given.items()}
    return Rules(**asked)
