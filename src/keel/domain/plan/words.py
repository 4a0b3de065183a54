"""A plan in sentences: its finding, what cut its orders down, and what was traded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from keel import units
from keel.domain.text import some

FEW = 2  # orders that a sentence names
FACTORS: Mapping[str, str] = {
    "held": "Sales cut to {part}: no more is held",
    "no_sell": "Sales cut to {part}: some holdings may not be sold",
    "no_buy": "Purchases cut to {part}: some products may not be bought",
    "turnover": "Trades cut to {part}: the turnover limit",
    "gain_budget": "Sales cut to {part}: the gain limit",
    "funding": "Purchases cut to {part}: cash runs out",
    "whole_shares": "Purchases cut to {part}: whole shares only",
    "min_trade": "Orders cut to {part}: some are too small",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One order as a sentence needs it; a sale's value is negative."""

    symbol: str
    value: float


def finding(orders: Sequence[Line], drift: tuple[float, float], currency: str, needed: bool = False) -> str:
    """What to do in one sentence; ``drift`` is total drift before and after, fractions.

    ``needed`` says that the policy would trade, so that a plan without orders is not taken for a portfolio in band.

    >>> finding([Line("VTI", -3200.0), Line("BND", 2900.0)], (0.06, 0.0), "USD")
    'Sell $3,200 of VTI, buy $2,900 of BND'
    >>> finding([], (0.0, 0.0), "USD"), finding([], (0.02, 0.02), "USD")
    ('On target: nothing to trade', 'In band: nothing to trade')
    >>> finding([Line("A", -1.0), Line("B", 1.0), Line("C", 1.0)], (0.062, 0.003), "USD")
    '3 orders bring total drift from 6.2% to 0.3%'
    """
    if not orders:
        return _idle(drift, needed)
    if len(orders) > FEW:
        return f"{len(orders)} orders bring total drift from {units.pct(drift[0])} to {units.pct(drift[1])}"
    said = [f"{'sell' if o.value < 0 else 'buy'} {units.money(abs(o.value), currency)} of {o.symbol}" for o in orders]
    sentence = ", ".join(said)
    return sentence[0].upper() + sentence[1:]


def _idle(drift: tuple[float, float], needed: bool) -> str:
    before, after = map(units.pct, drift)
    if needed:
        return f"Nothing to trade: total drift {f'stays {before}' if before == after else f'from {before} to {after}'}"
    return "On target: nothing to trade" if drift[0] < 0.0005 else "In band: nothing to trade"


def factor_words(factors: Mapping[str, float]) -> tuple[str, ...]:
    """What each limit let through, in words; nothing of those that let all through.

    >>> factor_words({"held": 1.0, "funding": 0.94})
    ('Purchases cut to 94.0%: cash runs out',)
    """
    return tuple(
        FACTORS.get(name, f"{name}: {{part}}").format(part=units.pct(factor))
        for name, factor in factors.items()
        if factor < 1.0 - units.WEIGHT_TOLERANCE
    )


def held_words(idle: float, currency: str, *, held: bool) -> str:
    """Why a deposit counts as cash that is ``held`` already, or what to do where it is.

    >>> held_words(4243.0, "USD", held=True)
    'It counts as part of the $4,243 in cash already held, so that nothing is counted twice. Still to come? Choose New.'
    """
    cash = units.money(idle, currency)
    if held:
        counted = f"It counts as part of the {cash} in cash already held, so that nothing is counted twice."
        return f"{counted} Still to come? Choose New."
    return f"It comes on top of the {cash} in cash already held. Arrived already? Choose Held as cash."


def said_of(status: str, symbols: Sequence[str], day: str) -> str:
    """A kept plan in a line; without its ``status`` where that is said beside it.

    >>> said_of("executed", ["VTI", "BND"], "3 Mar 2026")
    '3 Mar 2026 · executed · VTI, BND'
    """
    return " · ".join(part for part in (day, status, some(symbols) if symbols else "no orders") if part)
