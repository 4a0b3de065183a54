"""A drift report's holdings as the lines that limits and X-rays look at."""

from __future__ import annotations

from keel.domain.constraints.exposures import Line
from keel.domain.drift.report import DriftReport


def lines(report: DriftReport) -> tuple[Line, ...]:
    """What is held and has a price, by bucket; outside the framework the path is empty."""
    return tuple(Line(h.path, h.label, h.symbol, h.actual) for h in report.holdings if h.value)
