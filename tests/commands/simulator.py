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
    for _ in range(70):
        middle = (low + high) / 2
        if middle + c * sum(abs(g * middle - v) for g, v in zip(goal, values, strict=True)) > total:
            high = middle
        else:
            low = middle
    return (low + high) / 2


def simulate(
    dates: list[date], rows: list[list[float]], targets: list[float], policy: dict[str, Any], lag: int, cost_bps: float
) -> Outcome:
    n, c = len(dates), cost_bps / 1e4
    trigger, d = policy["trigger"], policy.get("destination", 0.0)
    whole = policy.get("scope", "whole_book" if d == 0 else "breached_only") == "whole_book" or trigger == "calendar"
    b = widths(policy["band"], targets) if trigger == "band" else []
    acts = looks(dates, policy.get("look", "daily"), policy.get("offset", 0)) if trigger != "never" else set()
    out = Outcome()
    values, waiting, blocked = list(targets), None, date.min

    def fill(s: int, decided: int, values: list[float]) -> list[float]:
        total = sum(values)
        w = [v / total for v in values]
        if whole:
            goal = list(targets)
        elif not any(in_breach(w, targets, b)):
            return values
        else:
            goal = breached_only(w, targets, b, d)
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
        total = sum(values)
        out.weights.append([v / total for v in values])
        if waiting is not None and s == waiting + lag:
            before = len(out.events)
            values, waiting = fill(s, waiting, values), None
            if len(out.events) > before:
                blocked = dates[s] + timedelta(days=policy.get("cooldown_days", 0))
        if s in acts and waiting is None and dates[s] >= blocked:
            w = [v / sum(values) for v in values]
            if trigger == "calendar" or any(in_breach(w, targets, b)):
                if s + lag >= n - 1:
                    out.pending = {"decided": dates[s], "fills": dates[s + lag] if s + lag < n else None}
                    waiting = n + 1
                elif lag == 0:
                    before = len(out.events)
                    values = fill(s, s, values)
                    if len(out.events) > before:
                        blocked = dates[s] + timedelta(days=policy.get("cooldown_days", 0))
                else:
                    waiting = s
        out.wealth.append(sum(values))
    return out


def metrics(dates: list[date], wealth: list[float], p: int, events: list[dict[str, Any]]) -> dict[str, float]:
    r = [b / a - 1 for a, b in pairwise(wealth)]
    n, mean = len(r), sum(r) / len(r)
    std = math.sqrt(sum((x - mean) ** 2 for x in r) / (n - 1))
    years = (dates[-1] - dates[0]).days / 365.25
    peak, falls = 0.0, []
    for v in wealth:
        peak = max(peak, v)
        falls.append(v / peak - 1)
    cagr = (wealth[-1] / wealth[0]) ** (1 / years) - 1
    worst = sorted(r)[: math.ceil(n / 20)]
    return {
        "total_return": wealth[-1] / wealth[0] - 1,
        "cagr": cagr,
        "volatility": std * math.sqrt(p),
        "sharpe": mean / std * math.sqrt(p),
        "sortino": mean / math.sqrt(sum(min(x, 0) ** 2 for x in r) / n) * math.sqrt(p),
        "max_drawdown": min(falls),
        "calmar": cagr / -min(falls),
        "ulcer": math.sqrt(sum(f * f for f in falls) / len(falls)),
        "cvar_95": sum(worst) / len(worst),
        "turnover_per_year": sum(e["turnover"] for e in events) / years,
        "rebalances": len(events),
    }
