"""What a source of public prices answers for one symbol: its bars, day by day, or why there are none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

import numpy as np

from keel.domain.arrays import Days, Floats, Mask

VOLUME_SESSIONS = 63  # a quarter
SAME = 1e-5  # relative: what a source's own rounding makes of one close; the smallest dividends are ten times that
MINOR = {"GBp": ("GBP", 0.01), "GBX": ("GBP", 0.01), "ZAc": ("ZAR", 0.01), "ILA": ("ILS", 0.01)}  # quoted in hundredths


class FailureClass(StrEnum):
    """Why a symbol has no new prices."""

    delisted = "delisted"
    empty = "empty"
    timeout = "timeout"
    rate_limited = "rate_limited"
    malformed = "malformed"
    restated = "restated"


@dataclass(frozen=True, slots=True)
class Failure:
    """What could not be fetched, the class of that, and a sentence."""

    symbol: str
    kind: FailureClass
    message: str


@dataclass(frozen=True, slots=True, eq=False)
class Bars:
    """One symbol's days, all arrays (n,), dates ascending, NaN where a number is not known.

    ``closes`` are raw, ``adjusted`` for splits and dividends. ``dividends`` are amounts a share and ``splits`` the new
    shares for an old one, 0 on days without. ``about`` are facts that came along: ``name``, ``currency``, ``type``.
    """

    symbol: str
    dates: Days
    closes: Floats
    adjusted: Floats
    volumes: Floats
    dividends: Floats
    splits: Floats
    about: Mapping[str, str] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.dates)

    @property
    def currency(self) -> str:
        """The currency of the closes; empty when it is not known."""
        return self.about.get("currency", "")

    def where(self, chosen: Mask) -> Bars:
        """The days that are chosen."""
        names = ("dates", "closes", "adjusted", "volumes", "dividends", "splits")
        return replace(self, **{name: getattr(self, name)[chosen] for name in names})

    def since(self, day: np.datetime64) -> Bars:
        """The days from ``day`` on."""
        return self.where(self.dates >= day)


def settled(bars: Bars, open_day: date | None = None) -> Bars:
    """The days that are over and fully written: before ``open_day``, with a close and an adjusted close.

    Splits are taken out before (``as_traded``): one that took effect on a day left out here counts all the same.
    """
    known = np.isfinite(bars.closes) & np.isfinite(bars.adjusted)
    if open_day is not None:
        known &= bars.dates < np.datetime64(open_day, "D")
    return bars.where(known)


def flaw(bars: Bars) -> str:
    """What makes the bars unfit to be stored, as the end of a sentence; empty when nothing does.

    >>> days = np.array(["2024-01-02", "2024-01-03"], dtype="datetime64[D]")
    >>> ones, none = np.ones(2), np.zeros(2)
    >>> flaw(Bars("A", days, np.array([1.0, -1.0]), ones, ones, none, none))
    'the price of 2024-01-03 is -1'
    """
    prices = np.column_stack([bars.closes, bars.adjusted])
    wrong = np.flatnonzero(~(np.isfinite(prices) & (prices > 0)).all(axis=1))
    if len(wrong):
        values = prices[wrong[0]]
        value = next(v for v in values if not (np.isfinite(v) and v > 0))
        return f"the price of {bars.dates[wrong[0]]} is {value:g}"
    if (np.diff(bars.dates) <= np.timedelta64(0, "D")).any():
        return "its days are not in order"
    if not np.isfinite(bars.splits).all() or (bars.splits < 0).any():
        return "a split is not a ratio"
    return "" if np.isfinite(bars.dividends).all() else "a dividend is not a number"


def as_traded(bars: Bars) -> Bars:
    """The bars with closes, volumes and dividends as they were on the day: without the splits that came later.

    A split of 2 on a day means that every close before it was twice what the source, which counts in today's shares,
    says. The bars must reach to the present.

    >>> days = np.array(["2024-01-02", "2024-01-03"], dtype="datetime64[D]")
    >>> closes, volumes, splits = np.array([50.0, 51.0]), np.array([20.0, 9.0]), np.array([0.0, 2.0])
    >>> given = Bars("A", days, closes, closes, volumes, np.zeros(2), splits)
    >>> as_traded(given).closes.tolist(), as_traded(given).volumes.tolist()
    ([100.0, 51.0], [10.0, 9.0])
    """
    ratios = np.where(bars.splits > 0, bars.splits, 1.0)
    later = np.append(np.cumprod(ratios[::-1])[::-1][1:], 1.0)[: len(bars)]
    return replace(bars, closes=bars.closes * later, volumes=bars.volumes / later, dividends=bars.dividends * later)


def in_major_units(bars: Bars) -> Bars:
    """The bars in the currency itself where the source quotes in its hundredths, as London does in pence."""
    if bars.currency not in MINOR:
        return bars
    currency, unit = MINOR[bars.currency]
    return replace(
        bars,
        closes=bars.closes * unit,
        adjusted=bars.adjusted * unit,
        dividends=bars.dividends * unit,
        about={**bars.about, "currency": currency},
    )


def restated(stored: Bars, fresh: Bars) -> bool:
    """Whether ``fresh`` tells the days of ``stored`` otherwise: other days, other closes or other adjusted closes.

    Both begin on the same day; a volume that was corrected is no restatement.
    """
    again = fresh.where(fresh.dates <= stored.dates[-1])
    if len(again) != len(stored) or (again.dates != stored.dates).any():
        return True
    return not (_same(again.closes, stored.closes) and _same(again.adjusted, stored.adjusted))


def _same(fresh: Floats, stored: Floats) -> bool:
    return bool(np.allclose(fresh, stored, rtol=SAME, atol=0.0, equal_nan=True))


def dollar_volume(closes: Floats, volumes: Floats) -> float | None:
    """The median of close × volume over the last 63 sessions; None when fewer are known, or nothing was traded.

    >>> dollar_volume(np.full(100, 2.0), np.full(100, 5.0)), dollar_volume(np.full(10, 2.0), np.full(10, 5.0))
    (10.0, None)
    """
    traded = (closes * volumes)[-VOLUME_SESSIONS:]
    if len(traded) < VOLUME_SESSIONS or not np.isfinite(traded).all():
        return None
    return float(np.median(traded)) or None
