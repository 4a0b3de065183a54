"""What a study of policies found in one sentence, and which of them the others are compared with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from keel import units

NO_DIFFERENCE = 0.0005  # below 0.05 pp a year a gap rounds to 0.0 and is called none
NEVER = "Never"
GREY = 6  # the colour slot of what others are compared with


def reference(names: Sequence[str]) -> str:
    """The name that the others are compared with: never rebalancing, else the first.

    >>> reference(["Yearly", "Never"]), reference(["Yearly", "Monthly"])
    ('Never', 'Yearly')
    """
    return NEVER if NEVER in names else names[0]


def policy_slots(names: Sequence[str]) -> dict[str, int]:
    """The colour slot of each policy: 0, 1, 2 in the order chosen, the reference grey.

    >>> policy_slots(["Yearly", "Never", "Monthly"])
    {'Yearly': 0, 'Monthly': 1, 'Never': 6}
    """
    base = reference(names)
    return {name: i for i, name in enumerate(name for name in names if name != base)} | {base: GREY}


def worse_part(metrics: Mapping[str, Any], first: date, last: date) -> str:
    """The year that is not whole in the window and was worse than the worst full one, in words; empty without any.

    >>> years = [{"year": 2008, "return": -0.31, "partial": True}, {"year": 2009, "return": 0.2, "partial": False}]
    >>> worse_part({"worst_year": 0.2, "calendar_years": years}, date(2008, 1, 2), date(2010, 1, 4))
    '2008 is not whole here, it begins on 2 Jan 2008: it came to −31.0%, worse than the worst full year.'
    """
    worst = metrics.get("worst_year")
    parts = [row for row in metrics.get("calendar_years") or () if row["partial"] and row["return"] is not None]
    row = min(parts, key=lambda row: float(row["return"]), default=None)
    if row is None or worst is None or row["return"] >= worst:
        return ""
    year = row["year"]
    edge = f"begins on {units.day(first)}" if year == first.year else f"ends on {units.day(last)}"
    return (
        f"{year} is not whole here, it {edge}: it came to {units.pct(row['return'])}, worse than the worst full year."
    )


def backtest_finding(cagr: Mapping[str, float | None], falls: Mapping[str, float | None]) -> str:
    """What rebalancing did to the return a year and the deepest fall, or what the policies differ by.

    Names in the order chosen; falls are ≤ 0.

    >>> returns = {"Never": 0.0668, "Yearly": 0.0699, "5/25 band": 0.0741}
    >>> backtest_finding(returns, {"Never": -0.40, "Yearly": -0.37, "5/25 band": -0.39})
    'Rebalancing added 0.3 to 0.7\\xa0points a year, with smaller falls'
    >>> backtest_finding({"Never": 0.07, "Yearly": 0.0702}, {"Never": -0.30, "Yearly": -0.35})
    'Rebalancing made no difference to the return, but fell deeper'
    >>> backtest_finding({"Monthly": 0.07, "Yearly": 0.08}, {"Monthly": -0.30, "Yearly": -0.31})
    'The policies differ by 1.0\\xa0points a year, and by 1.0\\xa0points in their deepest fall'
    >>> backtest_finding({"Yearly": 0.07}, {"Yearly": -0.309})
    'Yearly returned 7.00% a year, and fell 30.9% at its deepest'
    """
    known = {name: value for name, value in cagr.items() if value is not None}
    fell = {name: value for name in known if (value := falls.get(name)) is not None}
    if not known:
        return "Too short a history for a return a year"
    if len(known) == 1:
        ((name, value),) = known.items()
        return f"{name} {'returned' if value >= 0 else 'lost'} {units.pct2(abs(value))} a year{_deepest(fell)}"
    if NEVER not in known:
        gap = max(known.values()) - min(known.values())
        words = (
            "The policies returned the same" if gap < NO_DIFFERENCE else f"The policies differ by {_points(gap)} a year"
        )
        return words + _apart(fell)
    words = _against_never([value - known[NEVER] for name, value in known.items() if name != NEVER])
    return words + _deeper(fell, but="no difference" in words)


def _deepest(fell: Mapping[str, float]) -> str:
    """How far the one policy fell."""
    fall = min(fell.values(), default=0.0)
    return f", and fell {units.pct(-fall)} at its deepest" if fall < 0 else ""


def _apart(fell: Mapping[str, float]) -> str:
    """How far apart the deepest falls lie, when that can be seen."""
    gap = max(fell.values(), default=0.0) - min(fell.values(), default=0.0)
    return f", and by {_points(gap)} in their deepest fall" if gap >= NO_DIFFERENCE else ""


def _deeper(fell: Mapping[str, float], *, but: bool) -> str:
    """The deepest falls against that of never rebalancing."""
    if NEVER not in fell or len(fell) < 2:
        return ""
    leads = [value - fell[NEVER] for name, value in fell.items() if name != NEVER]
    smaller, larger = max(leads) >= NO_DIFFERENCE, min(leads) <= -NO_DIFFERENCE
    if smaller and larger:
        return ", with some falls smaller and some deeper"
    if larger:
        return f", {'but' if but else 'and'} fell deeper"
    return ", with smaller falls" if smaller else ", with equal falls"


def _against_never(leads: Sequence[float]) -> str:
    """The sentence for leads over never rebalancing, of one sign only where every tile (to 0.01 pp) has that sign."""
    low, high = round(min(leads), 4), round(max(leads), 4)
    if max(abs(low), abs(high)) < NO_DIFFERENCE:
        return "Rebalancing made no difference to the return"
    if low >= 0:
        return f"Rebalancing added {_between(low, high)} a year"
    if high <= 0:
        return f"Rebalancing cost {_between(-high, -low)} a year"
    return f"Rebalancing changed the return by {_signed(low, high)} a year"


def _signed(low: float, high: float) -> str:
    """A gap on both sides of zero, in hundredths where a tenth would hide a side."""
    digits = 1 if min(abs(low), abs(high)) >= NO_DIFFERENCE else 2
    return f"{units.pp(low, digits)} to {units.pp(high, digits)}"


def _points(x: float) -> str:
    """Unsigned percentage points, as in ``0.3 points``."""
    return units.pp(x).lstrip("+−").replace("pp", "points")


def _between(low: float, high: float) -> str:
    """``0.3 to 0.7 points``; one number when both round to the same, and only the larger where the other is nothing."""
    first, last = _points(low), _points(high)
    if low < NO_DIFFERENCE:
        return f"up to {last}"
    return last if first == last else f"{first.removesuffix('points').rstrip()} to {last}"
