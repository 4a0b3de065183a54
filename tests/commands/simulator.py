"""A second simulator in plain Python, written from the definitions alone: no numpy, nothing of Keel."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

EPS = 1e-9


@dataclass
class Outcome:
    wealth: list[float] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    pending: dict[str, Any] | None = None
    weights: list[list[float]] = field(default_factory=list)


def period(day: date, look: str) -> tuple[int, ...]:
    return {
        "weekly": tuple(day.isocalendar()[:2]),
        "monthly": (day.year, day.month),
        "quarterly": (day.year, (day.month - 1) // 3),
        "semiannual": (day.year, (day.month - 1) // 6),
        "annual": (day.year,),
    }[look]


def next_weekday(day: date) -> date:
    day += timedelta(days=1)
    while day.weekday() > 4:
        day += timedelta(days=1)
    return day


def looks(dates: list[date], look: Any, offset: int) -> set[int]:
    n = len(dates)
    if look == "daily":
        return set(range(max(1, offset), n)) if offset else set(range(1, n))
    if isinstance(look, dict):
        step = look["every_sessions"]
        return set(range(step + offset, n, step))
    following = [*dates[1:], next_weekday(dates[-1])]
    ends = [s for s in range(n) if period(dates[s], look) != period(following[s], look)]
    return {s + offset for s in ends if 0 < s + offset < n}


def widths(band: dict[str, Any], targets: list[float]) -> list[tuple[float, float]]:
    def one(t: float) -> tuple[float, float]:
        kind = band["kind"]
        if kind == "absolute":
            b = band.get("width_bps", 500) / 1e4
        elif kind == "relative":
            b = band.get("width_bps", 2000) / 1e4 * t
        elif kind == "five_twenty_five":
            b = min(band.get("absolute_bps", 500) / 1e4, band.get("relative_bps", 2500) / 1e4 * t)
        elif kind == "hybrid":
            b = max(band.get("relative_bps", 2000) / 1e4 * t, band.get("floor_bps", 100) / 1e4)
        else:
            return band.get("below_bps", 500) / 1e4, band.get("above_bps", 500) / 1e4
        return b, b

    return [one(t) for t in targets]


def in_breach(w: list[float], t: list[float], b: list[tuple[float, float]]) -> list[bool]:
    return [
        w[i] - t[i] > b[i][1] + EPS or t[i] - w[i] > b[i][0] + EPS or (t[i] == 0 and w[i] > EPS) for i in range(len(t))
    ]


def spread(goal: list[float], r: float, who: list[int], t: list[float], edge: list[float]) -> float:
    """Give ``r`` to ``who`` in proportion to target, each at most to its edge; what is left comes back."""
    free = list(who)
    while abs(r) > 1e-15 and free and sum(t[i] for i in free) > 0:
        total = sum(t[i] for i in free)
        share = {i: r * t[i] / total for i in free}
        full = [i for i in free if abs(share[i]) >= abs(edge[i] - goal[i]) or (edge[i] - goal[i]) * r <= 0]
        if not full:
            for i in free:
                goal[i] += share[i]
            return 0.0
        for i in full:
            room = edge[i] - goal[i] if (edge[i] - goal[i]) * r > 0 else 0.0
            goal[i] += room
            r -= room
        free = [i for i in free if i not in full]
    return r


def breached_only(w: list[float], t: list[float], b: list[tuple[float, float]], d: float) -> list[float]:
    out = in_breach(w, t, b)
    m = range(len(t))
    goal = [(t[i] + d * b[i][1] if w[i] > t[i] else t[i] - d * b[i][0]) if out[i] else w[i] for i in m]
    r = 1 - sum(goal)
    others = [i for i in m if not out[i]] or list(m)
    side = [i for i in others if (t[i] - goal[i]) * r > 0]
    gap = sum(abs(t[i] - goal[i]) for i in side)
    if gap > 0:
        part = min(1.0, abs(r) / gap)
        for i in side:
            goal[i] += part * (t[i] - goal[i])
        r = 1 - sum(goal)
    edge = [t[i] + b[i][1] if r > 0 else t[i] - b[i][0] for i in m]
    r = spread(goal, r, others, t, edge)
    spread(goal, r, list(m), t, edge)
    return goal


def settle(values: list[float], goal: list[float], c: float) -> float:
    """V′ with V′ + c Σ|goal·V′ − V_i| = V, by bisection."""
    total = sum(values)
    low, high = 0.0, total
    pairs = list(zip(goal, values, strict=True))
    for _ in range(70):
        middle = (low + high) / 2
        if middle + c * sum([abs(g * middle - v) for g, v in pairs]) > total:
            high = middle
        else:
            low = middle
    return (low + high) / 2


def simulate(
    dates: list[date],
    rows: list[list[float]],
    targets: list[float],
    policy: dict[str, Any],
    lag: int,
    cost_bps: float,
    parts: list[tuple[int, float]] | None = None,
) -> Outcome:
    """``rows`` have a price per instrument; ``parts`` gives each its leaf and its share of it (one each without)."""
    parts = parts or [(i, 1.0) for i in range(len(targets))]
    n, c = len(dates), cost_bps / 1e4
    trigger, d = policy["trigger"], policy.get("destination", 0.0)
    whole = policy.get("scope", "whole_book" if d == 0 else "breached_only") == "whole_book" or trigger == "calendar"
    b = widths(policy["band"], targets) if trigger == "band" else []
    acts = looks(dates, policy.get("look", "daily"), policy.get("offset", 0)) if trigger != "never" else set()
    out = Outcome()
    values, waiting = [targets[leaf] * share for leaf, share in parts], None
    cooldown = timedelta(days=policy.get("cooldown_days", 0))
    of_leaf = [[k for k, (at, _) in enumerate(parts) if at == i] for i in range(len(targets))]

    def by_leaf(values: list[float]) -> list[float]:
        total = sum(values)
        return [sum([values[k] for k in own]) / total for own in of_leaf]

    def fill(s: int, decided: int, values: list[float]) -> list[float]:
        total = sum(values)
        w, leaves = [v / total for v in values], by_leaf(values)
        if whole:
            goal = [targets[leaf] * share for leaf, share in parts]
        elif not any(in_breach(leaves, targets, b)):
            return values
        else:
            aim = breached_only(leaves, targets, b, d)
            moved = [abs(x - y) > 1e-12 for x, y in zip(aim, leaves, strict=True)]
            goal = [aim[at] * share if moved[at] else w[i] for i, (at, share) in enumerate(parts)]
        turnover = 0.5 * sum(abs(g - x) for g, x in zip(goal, w, strict=True))
        if turnover <= 1e-12:
            return values
        after = settle(values, goal, c)
        trades = {i: (w[i], goal[i]) for i in range(len(w))}
        event = {"date": dates[s], "decided": dates[decided], "turnover": turnover, "cost": 1 - after / total}
        out.events.append({**event, "trades": trades})
        return [g * after for g in goal]

    for s in range(n):
        if s:
            values = [v * rows[s][i] / rows[s - 1][i] for i, v in enumerate(values)]
        out.weights.append(by_leaf(values))
        if waiting is not None and s == waiting + lag:
            values, waiting = fill(s, waiting, values), None
        rested = not out.events or dates[s] >= out.events[-1]["date"] + cooldown
        if s in acts and waiting is None and rested:
            due = trigger == "calendar" or any(in_breach(by_leaf(values), targets, b))
            if due:
                if s + lag >= n - 1:
                    out.pending = {"decided": dates[s], "fills": dates[s + lag] if s + lag < n else None}
                    waiting = n + 1
                elif lag == 0:
                    values = fill(s, s, values)
                else:
                    waiting = s
        out.wealth.append(sum(values))
    return out


def metrics(dates: list[date], wealth: list[float], p: int, events: list[dict[str, Any]]) -> dict[str, Any]:
    r = [b / a - 1 for a, b in pairwise(wealth)]
    n, mean = len(r), sum(r) / len(r)
    std = math.sqrt(sum((x - mean) ** 2 for x in r) / (n - 1))
    falls, deepest, longest = drawdowns(dates, wealth)
    cagr = growth(dates, wealth)
    worst = sorted(r)[: math.ceil(n / 20)]
    years = calendar_years(dates, wealth)
    complete = [year["return"] for year in years if not year["partial"]]
    return {
        "total_return": wealth[-1] / wealth[0] - 1,
        "cagr": cagr,
        "volatility": std * math.sqrt(p),
        "sharpe": mean / std * math.sqrt(p),
        "sortino": mean / math.sqrt(sum(min(x, 0) ** 2 for x in r) / n) * math.sqrt(p),
        "max_drawdown": min(falls),
        **deepest,
        "calmar": cagr / -min(falls),
        "ulcer": math.sqrt(sum(f * f for f in falls) / len(falls)),
        "cvar_95": sum(worst) / len(worst),
        "calendar_years": years,
        "best_year": max(complete, default=None),
        "worst_year": min(complete, default=None),
        "longest_under_water_days": longest,
        "turnover_per_year": sum(e["turnover"] for e in events) / elapsed(dates),
        "rebalances": len(events),
    }


def compared(dates: list[date], rows: list[list[float]], targets: list[float], run: Outcome, free: Outcome) -> Any:
    """The figures that need the targets' own path, the same policy without costs, and the weights."""
    star = [1.0]
    for a, b in pairwise(rows):
        star.append(star[-1] * (1 + sum(t * (y / x - 1) for t, x, y in zip(targets, a, b, strict=True))))
    ahead = [b / a - d / c for (a, b), (c, d) in zip(pairwise(run.wealth), pairwise(star), strict=True)]
    mean = sum(ahead) / len(ahead)
    drifts = [0.5 * sum(abs(w - t) for w, t in zip(row, targets, strict=True)) for row in run.weights]
    return {
        "cost_drag": growth(dates, free.wealth) - growth(dates, run.wealth),
        "tracking_error": math.sqrt(sum((x - mean) ** 2 for x in ahead) / (len(ahead) - 1)) * math.sqrt(252),
        "tracking_difference": growth(dates, run.wealth) - growth(dates, star),
        "mean_total_drift": sum(drifts) / len(drifts),
        "max_total_drift": max(drifts),
    }


def elapsed(dates: list[date]) -> float:
    return (dates[-1] - dates[0]).days / 365.25


def growth(dates: list[date], wealth: list[float]) -> float:
    return float((wealth[-1] / wealth[0]) ** (1 / elapsed(dates)) - 1)


def drawdowns(dates: list[date], wealth: list[float]) -> tuple[list[float], dict[str, Any], int]:
    """The fall at each session, the dates of the deepest, and the most calendar days under water."""
    falls, peaks = [], []
    top = 0
    for s, v in enumerate(wealth):
        top = s if v >= wealth[top] else top
        falls.append(v / wealth[top] - 1)
        peaks.append(top)
    trough = falls.index(min(falls))
    back = next((s for s in range(trough, len(wealth)) if wealth[s] >= wealth[peaks[trough]]), None)
    longest = 0
    for s in range(len(wealth)):
        if s == len(wealth) - 1 or peaks[s + 1] == s + 1:  # the next session is a new peak, or the end
            until = s + 1 if s + 1 < len(wealth) else s
            if falls[s] < 0:
                longest = max(longest, (dates[until] - dates[peaks[s]]).days)
    deepest = {
        "max_drawdown_peak": str(dates[peaks[trough]]),
        "max_drawdown_trough": str(dates[trough]),
        "max_drawdown_recovered": None if back is None else str(dates[back]),
    }
    return falls, deepest, longest


def calendar_years(dates: list[date], wealth: list[float]) -> list[dict[str, Any]]:
    """The return of each calendar year; partial unless both its ends are ends of years."""
    following = [*dates[1:], next_weekday(dates[-1])]
    ends = {d.year: s for s, d in enumerate(dates) if following[s].year != d.year}
    out = []
    for year in sorted({d.year for d in dates}):
        first = ends.get(year - 1, 0)
        last = max(s for s, d in enumerate(dates) if d.year == year)
        partial = year - 1 not in ends or year not in ends
        out.append({"year": year, "return": wealth[last] / wealth[first] - 1, "partial": partial})
    return out
