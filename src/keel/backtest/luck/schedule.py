"""After how many deposits a portfolio is in band: along prices that stay, and along resampled histories.

The returns of all products are drawn jointly in blocks, as for the chance of a breach.
"""

from __future__ import annotations

from datetime import date

import numpy as np

from keel.backtest.luck.pool import Pool, blocks, pool, usual_block
from keel.backtest.window import to_date
from keel.domain.arrays import Floats, Ints
from keel.domain.drift.measure import judged_against
from keel.domain.market.prices import PriceMatrix
from keel.domain.plan.deposits.products import spanning
from keel.domain.plan.deposits.prospect import HALF, HIGH, LOW, Drawn, Prospect, Spread, after, reached
from keel.domain.plan.deposits.schedule import (
    YEARS,
    Schedule,
    Start,
    enough,
    first_in_band,
    never_in_band,
    periods_of,
    start,
    still,
)
from keel.domain.plan.tradable import Tradable
from keel.domain.policy.records import Policy
from keel.domain.study.resampling import Resampling
from keel.domain.text import some
from keel.units import amount

DRAWS = Resampling(draws=1_000)  # a tenth of the histories is known to one percentage point


def prospect(
    lines: Tradable, policy: Policy, schedule: Schedule, prices: PriceMatrix, as_of: date, how: Resampling = DRAWS
) -> Prospect:
    """What a schedule comes to for what is held, from the closes up to a day.

    Raises InputError for an account that is not there.
    """
    begin = start(lines, policy, schedule.account)
    horizon = YEARS * schedule.per_year
    flat = int(first_in_band(begin, still(begin, horizon), schedule.amount, schedule.rule)[0])
    of = pool(begin.now.symbols, prices, as_of)
    in_band, reachable = flat == 0, flat <= horizon
    spread = None if in_band or of.window is None else _spread(begin, schedule, of, how)
    return Prospect(
        schedule=schedule,
        currency=lines.currency,
        in_band=in_band,
        flat=flat if reachable else None,
        flat_in_a_year=None if in_band else enough(begin, still(begin, schedule.per_year), schedule.rule),
        away=() if reachable else never_in_band(begin, horizon, schedule.amount, schedule.rule),
        spread=spread,
        notes=(*_beside(lines, policy, begin), *(() if in_band else _told(of, spread, schedule))),
    )


def _spread(begin: Start, schedule: Schedule, of: Pool, how: Resampling) -> Spread | None:
    """The spread as far as the history is long; None where it has no closes of so short a period."""
    ends = _ends(of, schedule)
    if of.window is None or not len(ends):
        return None
    block = how.block or usual_block(len(of.growth))
    rows = blocks(len(of.growth), block, (how.draws, int(ends[-1])), how.seed)
    growth = periods_of(of.growth, rows, ends)
    parts = reached(first_in_band(begin, growth, schedule.amount, schedule.rule), len(growth))
    year = growth[: schedule.per_year]
    return Spread(
        low=after(parts, LOW),
        median=after(parts, HALF),
        high=after(parts, HIGH),
        reached=parts,
        in_a_year=enough(begin, year, schedule.rule) if len(year) == schedule.per_year else None,
        drawn=Drawn(
            of.window.frequency,
            to_date(of.window.dates[0]),
            to_date(of.window.dates[-1]),
            len(of.growth),
            block,
            how.draws,
            how.seed,
        ),
    )


def _ends(of: Pool, schedule: Schedule) -> Ints:
    """How many closes (h,) have passed at the end of each period, of YEARS or of as many as there is history."""
    if of.window is None or of.window.periods_per_year < schedule.per_year * (1.0 - SLACK):
        return np.zeros(0, dtype=np.int64)
    each = of.window.periods_per_year / schedule.per_year
    ends: Floats = np.round(each * np.arange(1, YEARS * schedule.per_year + 1))
    return ends[ends <= len(of.growth)].astype(np.int64)


SLACK = 0.05  # of a period: a year has 52.18 weeks


def _beside(lines: Tradable, policy: Policy, begin: Start) -> tuple[str, ...]:
    """What a reader must know of what is held."""
    held, said = lines.held, []
    if judged_against(policy):
        said.append(f"The policy has no bands: judged against {judged_against(policy)}.")
    if held.idle > 0.0:
        said.append(f"Cash of {amount(held.idle, lines.currency)} that no bucket asks for stays as it is.")
    if held.strange > 0.0:
        said.append(f"{amount(held.strange, lines.currency)} outside the framework stays as it is, and is not judged.")
    across = spanning(lines)
    if across:
        lie, part = ("lies", "its part") if len(across) == 1 else ("lie", "their part")
        said.append(
            f"{some(across)} {lie} in several buckets: here {part} in each is filled by itself, a plan fills all of"
            " them together."
        )
    if not begin.wanted.any():
        said.append("Nothing with a target may be bought, so the money stays in cash.")
    return tuple(said)


def _told(of: Pool, spread: Spread | None, schedule: Schedule) -> tuple[str, ...]:
    """What a reader must know of the histories, or why there are none."""
    if of.window is None or spread is not None:
        return of.notes
    return (*of.notes, f"The history is too short or too coarse to say how {schedule.cadence} deposits would spread.")
