"""The question a study was asked, and its JSON form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from keel.domain.policy.as_json import parse_policy, parse_run_settings, policy_json, settings_json
from keel.domain.policy.records import Policy, RunSettings


@dataclass(frozen=True, slots=True)
class Request:
    """What a study was asked; ``dataset`` empty: the one that serves best; ``benchmark`` empty: none."""

    portfolio_id: str
    policies: Mapping[str, Policy]
    settings: RunSettings
    start: date | None = None
    end: date | None = None
    benchmark: str = ""
    dataset: str = ""
    proxies: bool = True


def request_json(request: Request) -> dict[str, object]:
    """The request as JSON values, without the portfolio's id; ``parse_request`` reads it back equal."""
    return {
        "policies": {name: policy_json(policy) for name, policy in request.policies.items()},
        "settings": settings_json(request.settings),
        "start": request.start.isoformat() if request.start else None,
        "end": request.end.isoformat() if request.end else None,
        "benchmark": request.benchmark,
        "dataset": request.dataset,
        "proxies": request.proxies,
    }


def parse_request(portfolio_id: str, asked: Mapping[str, Any]) -> Request:
    """The request of ``request_json``.

    >>> request = Request("pf_1", {"Never": Policy()}, RunSettings(), start=date(2020, 1, 1))
    >>> parse_request("pf_1", request_json(request)) == request
    True
    """
    return Request(
        portfolio_id=portfolio_id,
        policies={name: parse_policy(policy) for name, policy in asked["policies"].items()},
        settings=parse_run_settings(asked["settings"]),
        start=date.fromisoformat(asked["start"]) if asked["start"] else None,
        end=date.fromisoformat(asked["end"]) if asked["end"] else None,
        benchmark=asked["benchmark"],
        dataset=asked["dataset"],
        proxies=asked["proxies"],
    )
