"""What a run assumes beside the policy: a model of the record of run settings, which has them once."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, get_type_hints

from pydantic import create_model

from keel.domain.policy.records import RunSettings as Record

_ALSO: dict[str, Any] = {"frozen": list[str] | None}  # what a body may say otherwise than the record
_types = get_type_hints(Record) | _ALSO
RunSettings = create_model(
    "RunSettings",
    __doc__="Run settings; `cost_bps` is one number or one a symbol, `risk_free` a rate a year or a symbol.",
    **{field.name: (_types[field.name], field.default) for field in fields(Record)},  # type: ignore[call-overload]
)
