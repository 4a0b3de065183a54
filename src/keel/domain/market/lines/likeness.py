"""How a fund moved with the series that stands in for it, on the sessions both have."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from keel.domain.arrays import Floats
from keel.domain.issue import Finding, Severity
from keel.domain.market.frequency import periods_in_year, session_noun
from keel.domain.market.series import Line, date_like
from keel.units import month, number, pct

WEAK = 0.9  # a correlation below it: another thing than the fund
FEWEST = 3  # closes: one return varies with nothing
STILL = 1e-18  # a variance below it is that of rounding


@dataclass(frozen=True, slots=True)
class Likeness:
    """How ``symbol`` moved with ``series``: over ``sessions`` closes both have, from ``first`` to ``last``.

    ``beta`` is the fund's on the proxy, ``tracking_error`` the deviation of their difference a year, a fraction. All
    three are None under three closes, and where one of the two never moved those that this leaves undefined.
    """

    symbol: str
    series: str
    sessions: int = 0
    frequency: str = "daily"
    first: date | None = None
    last: date | None = None
    correlation: float | None = None
    beta: float | None = None
    tracking_error: float | None = None

    @property
    def weak(self) -> bool:
        """Whether the two are known to move apart."""
        return self.correlation is not None and self.correlation < WEAK


def likeness(symbol: str, series: str, own: Line, proxy: Line, frequency: str) -> Likeness:
    """How the fund's closes moved with the proxy's, both of that frequency, on the sessions both have.

    r and q are their simple returns between sessions both have: corr(r, q), cov(r, q) / var(q) and
    std(r - q, ddof 1) · √(periods a year).

    >>> days = np.array(["2020-01-31", "2020-02-29", "2020-03-31"], dtype="datetime64[D]")
    >>> fund, index = (days, np.array([1.0, 1.2, 1.08])), (days, np.array([1.0, 1.1, 1.045]))
    >>> found = likeness("FUND", "INDEX", fund, index, "monthly")
    >>> found.sessions, round(found.correlation, 12), round(found.beta, 12), round(found.tracking_error, 6)
    (3, 1.0, 2.0, 0.367423)
    """
    dated, values = date_like(proxy, own[0], frequency)
    dates, mine, its = np.intersect1d(own[0], dated, return_indices=True)
    if not len(dates):
        return Likeness(symbol, series, frequency=frequency)
    common = Likeness(symbol, series, len(dates), frequency, dates[0].item(), dates[-1].item())
    if len(dates) < FEWEST:
        return common
    r, q = _returns(own[1][mine]), _returns(values[its])
    (varies, together), (_, its_own) = np.cov(r, q)
    return replace(
        common,
        correlation=_correlation(varies, its_own, together),
        beta=float(together / its_own) if its_own > STILL else None,
        tracking_error=float(np.std(r - q, ddof=1) * math.sqrt(periods_in_year(frequency))),
    )


def nothing_alike(found: Likeness) -> str:
    """Why nothing could be measured; empty when something was.

    >>> nothing_alike(Likeness("VTI", "MSCI US"))
    'Not measured: VTI and MSCI US have no session in common.'
    """
    if found.tracking_error is not None:
        return ""
    common = "no session" if not found.sessions else f"only {_sessions(found)}"
    return f"Not measured: {found.symbol} and {found.series} have {common} in common."


def in_words(found: Likeness) -> str:
    """How alike they are, in one sentence."""
    if nothing := nothing_alike(found):
        return nothing
    together = f"over {_sessions(found)} to {month(found.last)}" if found.last else ""
    figures = [
        f"correlation {number(found.correlation, 2)}" if found.correlation is not None else "no correlation defined",
        *([f"beta {number(found.beta, 2)}"] if found.beta is not None else []),
        f"tracking error {pct(found.tracking_error)} a year",
    ]
    return f"{found.symbol} with {found.series} {together}: {', '.join(figures)}."


def in_short(found: Iterable[Likeness]) -> tuple[str, ...]:
    """How alike each pair is; those that share no session in one sentence for all of them.

    >>> in_short([Likeness("VTI", "MSCI US"), Likeness("VT", "MSCI World")])
    ('Not measured, for want of a session in common: VTI and MSCI US, VT and MSCI World.',)
    """
    each = tuple(found)
    apart = [one for one in each if nothing_alike(one) and not one.sessions]
    if len(apart) < 2:
        return tuple(map(in_words, each))
    named = ", ".join(f"{one.symbol} and {one.series}" for one in apart)
    said = [in_words(one) for one in each if one not in apart]
    return (*said, f"Not measured, for want of a session in common: {named}.")


def weak_proxies(found: Iterable[Likeness]) -> tuple[Finding, ...]:
    """A warning for each proxy that moves apart from its fund."""
    return tuple(
        Finding(
            "weak_proxy",
            Severity.warning,
            each.symbol,
            f"{each.series} is a weak proxy of {each.symbol}: correlation {number(_rounded_down(each), 2)}.",
            "Choose a product with prices of its own, or do without proxies.",
            affects="Where it stands in, results are of another thing than the fund.",
            step="mapping",
        )
        for each in found
        if each.weak
    )


def told(health: Iterable[Finding], found: Likeness | None) -> tuple[Finding, ...]:
    """The health of a product's prices with how alike its proxy is, the grave findings first."""
    if found is None:
        return tuple(health)
    said = [replace(f, message=f"{f.message} {in_words(found)}") if f.code == "proxied" else f for f in health]
    if not any(f.code == "proxied" for f in said):
        words = f"{found.series} may stand in before its own prices. {in_words(found)}"
        affects = "Returns of that time are the series' less the fee."
        said.append(Finding("extended", Severity.note, found.symbol, words, affects=affects, step="data"))
    return tuple(sorted((*said, *weak_proxies([found])), key=lambda finding: list(Severity).index(finding.severity)))


def likeness_json(found: Likeness) -> dict[str, object]:
    """The likeness as JSON values."""
    return {
        "symbol": found.symbol,
        "series": found.series,
        "sessions": found.sessions,
        "frequency": found.frequency,
        "first": found.first.isoformat() if found.first else None,
        "last": found.last.isoformat() if found.last else None,
        "correlation": found.correlation,
        "beta": found.beta,
        "tracking_error": found.tracking_error,
    }


def _rounded_down(found: Likeness) -> float | None:
    """The correlation with two digits, so that one just under the limit is not said to be at it."""
    return None if found.correlation is None else math.floor(100 * found.correlation) / 100


def _sessions(found: Likeness) -> str:
    return f"{found.sessions:,} {session_noun(found.frequency)}{'' if found.sessions == 1 else 's'}"


def _returns(closes: Floats) -> Floats:
    return np.asarray(closes[1:] / closes[:-1] - 1.0, dtype=np.float64)


def _correlation(varies: float, its_own: float, together: float) -> float | None:
    """The correlation of two lines of that variance and covariance; None where one never moves."""
    if min(varies, its_own) <= STILL:
        return None
    return float(np.clip(together / math.sqrt(varies * its_own), -1.0, 1.0))
