"""Live drift in words: the finding of a report, and the chances of a breach."""

from __future__ import annotations

from keel import units
from keel.domain.drift.forecast import HORIZONS, Chances, Forecast
from keel.domain.drift.measure import OUT_OF_BAND, BucketDrift, Status
from keel.domain.drift.report import IDLE, DriftReport

SMALLEST = 0.005  # a smaller chance would read 0%, a larger one than its complement 100%


def out_of_band(report: DriftReport) -> tuple[BucketDrift, ...]:
    """The buckets that are out of band, the one furthest out first; idle cash is none of them."""
    out = (row for row in report.buckets if row.leaf and row.status in OUT_OF_BAND and row.label != IDLE)
    return tuple(sorted(out, key=lambda row: -round(abs(row.drift), 9)))


def finding(report: DriftReport) -> str:
    """How many buckets are out of band and the one that is furthest out, or that none is."""
    out = out_of_band(report)
    if not out:
        return "Every bucket is in band"
    worst = out[0]
    count = "1 bucket" if len(out) == 1 else f"{len(out)} buckets"
    return f"{count} out of band: {distance(worst)}"


def distance(row: BucketDrift) -> str:
    """How far a bucket is from its target, such as ``Gold 3.4 pp under``.

    >>> from keel.domain.drift.measure import measure
    >>> distance(measure([0.66, 0.34], [0.7, 0.3], [0.01] * 2, [0.01] * 2, labels=["Equity", "Bonds"])[0])
    'Equity 4.0\\xa0pp under'
    """
    if row.status is Status.not_targeted:
        return f"{row.label} {units.pct(row.actual)} without a target"
    side = "over" if row.drift > 0 else "under"
    return f"{row.label} {units.pp(abs(row.drift)).lstrip('+')} {side}"


def chance(of: float | None) -> str:
    """A chance in percent, never 0 or 100 where it is not certain.

    >>> chance(0.124), chance(0.0004), chance(0.0), chance(0.9999), chance(1.0), chance(None)
    ('12%', '<1%', '0%', '>99%', '100%', '–')
    """
    if of is None or of in (0.0, 1.0):
        return units.pct(of, 0)
    return "<1%" if of < SMALLEST else ">99%" if of > 1.0 - SMALLEST else units.pct(of, 0)


def chances_words(of: Chances) -> str:
    """The chances by horizon on one line.

    >>> chances_words((0.12, 0.3, None)), chances_words((1.0, 1.0, 1.0)), chances_words(())
    ('12% · 30% · –', 'out already', '–')
    """
    if of and all(one == 1.0 for one in of):
        return "out already"
    return " · ".join(chance(one) for one in of) or units.MISSING


def ahead_words(forecast: Forecast) -> str:
    """How likely it is that any bucket leaves its band; empty where one is out already or nothing can be said."""
    known = [(n, one) for n, one in zip(HORIZONS, forecast.any, strict=True) if one is not None]
    if not known or all(one == 1.0 for _, one in known):
        return ""
    spans = [f"{chance(one)} within {n} sessions" for n, one in known]
    return f"Chance that a bucket leaves its band: {', '.join(spans)}."


def basis_words(forecast: Forecast) -> str:
    """What the chances rest on, in a sentence; empty when there are none."""
    if not forecast.returns:
        return ""
    history = f"{forecast.frequency} prices {units.span(forecast.first, forecast.last)}"
    return f"From {forecast.draws:,} resampled histories of what is held, {history}, nothing traded."
