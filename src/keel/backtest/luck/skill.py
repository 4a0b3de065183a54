"""Multiple comparison: whether the best of many policies beats a reference by more than the best of many would by luck.

Hansen's test of superior predictive ability (2005) and the model confidence set (Hansen, Lunde and Nason, 2011), both
on growth: the loss of a policy in a period is minus its log return, so the least mean loss is the highest return.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from keel.backtest.looks import period_ends
from keel.backtest.luck.bootstrap import CONSTANT, FEWEST_RETURNS, block_length
from keel.backtest.luck.confidence_set import drop_out_levels
from keel.backtest.metrics.years import elapsed_years
from keel.domain.arrays import Days, Floats, Ints
from keel.domain.policy.records import Cadence
from keel.errors import HistoryTooShortError, InputError

MOST = 200  # policies that are compared; of more, the best half of that and an even sample of all
LEAST_MONTHS = 60
SAME = 1e-10  # log wealth: paths that differ less are one policy by two names


@dataclass(frozen=True, slots=True)
class Skill:
    """What is left of the best of many policies.

    ``names`` the distinct policies tested (k); ``lead`` (k,) their yearly return less the reference's; ``best`` the
    highest. ``p_value``: how often the best of policies no better than the reference would lead by as much
    (``consistent``), between ``p_lower`` and ``p_upper``. ``p_any``: the same of any lead over its own spread, which
    sees a small steady lead among noisy ones; ``better`` are those whose lead passes it at ``level``.
    ``undistinguished``: the model confidence set, those that cannot be told from the best, the reference among those
    tested; ``set_p_values`` the smallest level at which each drops out. ``same`` names what follows the very path of a
    tested policy or of the reference. ``of`` policies were chosen from; ``periods`` returns of one ``step`` (month or
    session) were compared in blocks of ``block`` of them.
    """

    reference: str
    names: tuple[str, ...]
    lead: Floats
    best: str
    p_value: float
    p_lower: float
    p_upper: float
    p_any: float
    better: tuple[str, ...]
    undistinguished: tuple[str, ...]
    set_p_values: Mapping[str, float]
    same: Mapping[str, tuple[str, ...]]
    of: int
    step: str
    periods: int
    block: int
    draws: int
    seed: int
    level: float


def representatives(scores: Floats, most: int = MOST) -> Ints:
    """The rows to compare, ascending: all when there are at most ``most``, else the best half and an even sample.

    ``scores`` (k,), higher is better, NaN worst. The sample is evenly spaced over the other rows, so that every corner
    of a grid is seen and not only its winners.

    >>> representatives(np.array([0.0, 1.0, 5.0, 2.0, 3.0, 4.0]), 4).tolist()
    [0, 2, 4, 5]
    """
    if len(scores) <= most:
        return np.arange(len(scores), dtype=np.int64)
    order = np.argsort(-np.nan_to_num(scores, nan=-np.inf), kind="stable")
    best, others = order[: most // 2], np.sort(order[most // 2 :])
    even = others[np.linspace(0, len(others) - 1, most - len(best)).astype(np.int64)]
    return np.sort(np.concatenate([best, even])).astype(np.int64)


def skill(
    dates: Days,
    wealth: Mapping[str, Floats],
    reference: str,
    *,
    of: int | None = None,
    draws: int = 1000,
    seed: int = 0,
    level: float = 0.1,
    block: int | None = None,
) -> Skill:
    """The verdict on wealth paths (n,) by name, ``reference`` among them.

    Monthly returns are compared when the window holds five years of them, else every session's. Raises
    HistoryTooShortError below 24 returns, InputError without anything to compare.
    """
    if reference not in wealth:
        raise InputError(f"The reference {reference} is not among the policies.", subject="reference")
    if len(wealth) < 2:
        raise InputError("Name at least one policy to compare with the reference.", subject="policies")
    rows, step = _steps(dates)
    paths = {name: np.diff(np.log(path[rows])) for name, path in wealth.items()}
    same = _groups(paths, reference)
    names = tuple(name for name in same if name != reference)
    years = elapsed_years(dates)
    table = np.array([paths[name] for name in names]).reshape(len(names), len(rows) - 1).T
    apart = table - paths[reference][:, None]
    length = block or _common_block(apart, paths[reference])
    base = float(paths[reference].sum())
    lead = np.exp((base + apart.sum(axis=0)) / years) - np.exp(base / years)
    # As they are, the leads of the widest spread decide how far the best of many gets by luck; over its own spread
    # each counts alike. The first prices the highest lead, the second sees a small steady one.
    chance = _superior(apart, length, draws, seed, level)
    steady = _superior(apart / np.maximum(apart.std(axis=0), CONSTANT), length, draws, seed, level)
    drop_out = drop_out_levels(-np.column_stack([paths[reference], table]), length, draws, seed).tolist()
    levels = dict(zip((reference, *names), drop_out, strict=True))
    return Skill(
        reference=reference,
        names=names,
        lead=lead,
        best=names[int(np.argmax(lead))] if names else reference,
        p_value=chance.consistent,
        p_lower=chance.lower,
        p_upper=chance.upper,
        p_any=steady.consistent,
        better=tuple(names[i] for i in steady.better),
        undistinguished=tuple(name for name, p in levels.items() if p > level),
        set_p_values=levels,
        same={name: others for name, others in same.items() if others},
        of=of or len(wealth) - 1,
        step=step,
        periods=len(rows) - 1,
        block=length,
        draws=draws,
        seed=seed,
        level=level,
    )


@dataclass(frozen=True, slots=True)
class _Superior:
    lower: float
    consistent: float
    upper: float
    better: tuple[int, ...]


def _superior(apart: Floats, block: int, draws: int, seed: int, level: float) -> _Superior:
    """The test on the leads (t, k) as they are: ``arch`` does not studentise, whatever its option is called."""
    from arch.bootstrap import SPA

    if not apart.shape[1]:
        return _Superior(1.0, 1.0, 1.0, ())
    test = SPA(np.zeros(len(apart)), -apart, block_size=block, reps=draws, seed=np.random.default_rng(seed))
    test.compute()
    lower, consistent, upper = (float(test.pvalues[kind]) for kind in ("lower", "consistent", "upper"))
    return _Superior(lower, consistent, upper, tuple(int(i) for i in test.better_models(level)))


def _steps(dates: Days) -> tuple[Ints, str]:
    """The sessions between which returns are compared: month ends, with the window's own ends, or every one.

    Growth adds up, so nothing of it is lost in a month; the cost of the tests falls with the square of the sessions.
    """
    ends = np.flatnonzero(period_ends(dates, Cadence.monthly))
    if LEAST_MONTHS <= len(ends) < len(dates) - 1:
        return np.unique(np.concatenate([[0], ends, [len(dates) - 1]])).astype(np.int64), "month"
    if len(dates) - 1 < FEWEST_RETURNS:
        raise HistoryTooShortError(
            f"The comparison needs at least {FEWEST_RETURNS} returns; the window has {len(dates) - 1}.",
            hint="Choose a longer window or finer prices.",
        )
    return np.arange(len(dates), dtype=np.int64), "session"


def _groups(paths: Mapping[str, Floats], reference: str) -> dict[str, tuple[str, ...]]:
    """The distinct paths, the reference first, each with the names of the others that follow it."""
    kept: dict[str, list[str]] = {reference: []}
    totals: dict[str, Floats] = {reference: np.cumsum(paths[reference])}
    for name, path in paths.items():
        if name == reference:
            continue
        total = np.cumsum(path)
        twin = next((n for n, t in totals.items() if float(np.abs(t - total).max()) <= SAME), None)
        if twin is None:
            kept[name], totals[name] = [], total
        else:
            kept[twin].append(name)
    return {name: tuple(others) for name, others in kept.items()}


def _common_block(apart: Floats, own: Floats) -> int:
    """The median, over the leads (t, k), of the block length that suits each."""
    if not apart.shape[1]:
        return 1
    return int(np.median([block_length(column, own)[0] for column in apart.T if column.std() > CONSTANT] or [1]))
