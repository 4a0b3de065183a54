"""The growth of an amount as a picture: wealth on a log axis, the lead over a reference, and drawdown below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from keel import palette, units
from keel.backtest.result import BacktestResult
from keel.domain.arrays import Days, Floats
from keel.domain.market.series import drawdowns
from keel.domain.picture import money_ladder, percent_marks, set_apart, thin
from keel.domain.study.headline import policy_slots, reference
from keel.domain.text import plain
from keel.pack.paper.picture import Axis, Line, Mark, Picture, Word, path

WIDTH, LEFT, RIGHT = 470.0, 48.0, 104.0
TOP, FOOT, GAP = 6.0, 16.0, 12.0
GROWTH, LEAD, FALL = 170.0, 62.0, 70.0  # heights of the panels
TICK = 3.0  # half a rebalance's
RAIL = 8.0  # a policy's rebalances
GRID = "#E3E8EC"
MOST_POINTS = 700
MOST_YEARS = 8
YEAR_STEPS = (1, 2, 5, 10, 20, 50)
LONGEST_NAME = 22
NAME, BELOW = 8.0, 9.5  # size of a line's name, distance to its value


@dataclass(frozen=True, slots=True)
class Path:
    """One line: wealth (n,) with a name, its stroke, the days of its rebalances; ``compared`` with the reference."""

    name: str
    wealth: Floats
    colour: str
    dash: str
    width: float
    events: tuple[date, ...]
    compared: bool = False


def growth(results: Sequence[BacktestResult], benchmark: BacktestResult | None, ccy: str) -> Picture:
    """Growth of the initial amount under each policy, a tick a rebalance, the lead over the reference, and drawdown."""
    lines, base = _lines(results, benchmark)
    dates, others = results[0].dates, [line for line in lines if line.compared]
    keep = thin(base.wealth, MOST_POINTS)
    days = dates.astype("datetime64[D]").astype(float)[keep]
    across = Axis(float(days[0]), float(days[-1]), LEFT, WIDTH - RIGHT)
    marks: list[Mark] = []
    bottom = _wealth(marks, lines, results[0].settings.initial_value, ccy, across, days, keep)
    for line in (line for line in lines if line.events):
        bottom = _rail(marks, line, across, bottom)
    if others:
        leads = {line.name: line.wealth / base.wealth - 1 for line in others}
        words = f"against {plain(base.name, LONGEST_NAME)}"
        bottom = _panel(marks, (others, leads), (across, days, keep), (bottom + GAP, LEAD), words, signed=True)
    falls = {line.name: drawdowns(line.wealth) for line in lines}
    bottom = _panel(marks, (lines, falls), (across, days, keep), (bottom + GAP, FALL), "drawdown", signed=False)
    marks += [Word((across.at(at), bottom + 10), text, anchor="middle") for at, text in years(dates)]
    return Picture(WIDTH, bottom + FOOT, tuple(marks))


def _lines(results: Sequence[BacktestResult], benchmark: BacktestResult | None) -> tuple[list[Path], Path]:
    """The lines, the reference first, and the reference."""
    names = [result.name for result in results]
    base, slots = reference(names), policy_slots(names) if len(names) > 1 else {names[0]: 0}
    lines = [
        Path(
            result.name,
            result.wealth,
            palette.SLOTS[slots[result.name] % len(palette.SLOTS)],
            "dotted" if result.name == base and len(results) > 1 else "solid",
            1.3,
            tuple(event.date for event in result.events),
            result.name != base,
        )
        for result in results
    ]
    lines.sort(key=lambda line: line.name != base)
    if benchmark is not None and len(benchmark.dates) == len(results[0].dates):
        lines.append(Path(benchmark.name, benchmark.wealth, palette.QUIET, "dashed", 1.0, ()))
    return lines, lines[0]


def _wealth(
    marks: list[Mark], lines: Sequence[Path], amount: float, ccy: str, across: Axis, days: Floats, keep: np.ndarray
) -> float:
    """Adds the upper panel; where it ends."""
    every = np.concatenate([line.wealth for line in lines]) * amount
    down = Axis(float(np.log10(every.min() * 0.96)), float(np.log10(every.max() * 1.08)), TOP + GROWTH, TOP)
    for value in money_ladder(down.low, down.high):
        _rule(marks, down.at(float(np.log10(value))), units.money(value, ccy))
    marks += [_stroke(line, np.log10(amount * line.wealth[keep]), across, down, days) for line in lines]
    ends = [down.at(float(np.log10(amount * line.wealth[-1]))) for line in lines]
    places = set_apart(ends, gap=2 * BELOW + 3, high=TOP + GROWTH - BELOW)
    for line, place in zip(lines, places, strict=True):
        at, end = WIDTH - RIGHT + 6, units.money(amount * float(line.wealth[-1]), ccy)
        marks.append(Word((at, place - 2), plain(line.name, LONGEST_NAME), line.colour, NAME, strong=True))
        marks.append(Word((at, place - 2 + BELOW), end, line.colour, NAME))
    return TOP + GROWTH


def _rail(marks: list[Mark], line: Path, across: Axis, top: float) -> float:
    """Adds a tick for each rebalance of a policy; where they end."""
    middle = top + RAIL / 2 + 2
    for day in line.events:
        at = across.at(float(np.datetime64(day, "D").astype(float)))
        marks.append(Line(((at, middle - TICK), (at, middle + TICK)), line.colour, 0.8))
    marks.append(Word((WIDTH - RIGHT + 6, middle), _times(len(line.events)), line.colour, 7.0))
    return top + RAIL


def _times(count: int) -> str:
    return "1 rebalance" if count == 1 else f"{count:,} rebalances"


def _panel(
    marks: list[Mark],
    drawn: tuple[Sequence[Path], Mapping[str, Floats]],
    along: tuple[Axis, Floats, np.ndarray],
    place: tuple[float, float],
    words: str,
    *,
    signed: bool,
) -> float:
    """Adds a panel of percentages around zero; where it ends."""
    (lines, values), (across, days, keep), (top, height) = drawn, along, place
    every = np.concatenate(list(values.values()))
    down = Axis(min(0.0, float(every.min())), max(0.0, float(every.max())), top + height, top)
    for value, text in percent_marks(every, signed=signed):
        _rule(marks, down.at(value), text)
    marks += [_stroke(line, values[line.name][keep], across, down, days) for line in lines]
    marks.append(Word((WIDTH - RIGHT + 6, top + height / 2), words))
    return top + height


def _stroke(line: Path, values: Floats, across: Axis, down: Axis, days: Floats) -> Line:
    return Line(path(days.tolist(), values.tolist(), across, down), line.colour, line.width, line.dash)


def _rule(marks: list[Mark], y: float, text: str) -> None:
    """Adds a gridline with its words."""
    marks.append(Line(((LEFT, y), (WIDTH - RIGHT, y)), GRID, 0.6))
    marks.append(Word((LEFT - 6, y), text, anchor="end"))


def years(dates: Days) -> list[tuple[float, str]]:
    """Days since 1970 of the beginnings of years to mark, and their words; the ends where there are no two of them.

    >>> [text for _, text in years(np.array(["1999-12-31", "2026-06-30"], dtype="datetime64[D]"))]
    ['2000', '2005', '2010', '2015', '2020', '2025']
    """
    low, high = (float(day.astype("datetime64[D]").astype(float)) for day in (dates[0], dates[-1]))
    first, last = (_day(day).year for day in (dates[0], dates[-1]))
    step = next(s for s in (*YEAR_STEPS, last - first + 1) if (last - first) / s <= MOST_YEARS)
    begun = [
        (float(np.datetime64(f"{y}-01-01").astype(float)), str(y)) for y in range(first, last + 1) if y % step == 0
    ]
    inside = [(at, text) for at, text in begun if low <= at <= high]
    ends = [(low, units.month(_day(dates[0]))), (high, units.month(_day(dates[-1])))]
    return inside if len(inside) > 1 else ends


def _day(day: np.datetime64) -> date:
    when: date = day.astype("datetime64[D]").item()
    return when
