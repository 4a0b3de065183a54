"""What many portfolios hold at its prices, read and priced in one go for each currency."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from keel.domain.framework.records import Framework
from keel.domain.portfolio.records import Portfolio
from keel.services.shared.held.worth import Holding, priced
from keel.store import frameworks
from keel.store.connection import Database
from keel.store.holdings import positions


@dataclass(frozen=True, slots=True)
class Together:
    """A portfolio with its framework and what it holds, on the day of the freshest close among all of its currency."""

    portfolio: Portfolio
    framework: Framework
    holdings: tuple[Holding, ...]
    when: date


def together(db: Database, mine: Sequence[Portfolio], today: date) -> Iterator[Together]:
    """Each of the portfolios, which hold something, by the currency of their frameworks."""
    held = positions.of_all(db)
    used = {(p.framework_id, p.framework_version) for p in mine}
    known = {key: frameworks.get(db, *key) for key in used}
    for currency in sorted({framework.base_ccy for framework in known.values()}):
        own = [p for p in mine if known[p.framework_id, p.framework_version].base_ccy == currency]
        when, worth = priced(db, [one for p in own for one in held[p.id]], currency, None, today)
        rest = iter(worth)
        for portfolio in own:
            part = tuple(next(rest) for _ in held[portfolio.id])
            yield Together(portfolio, known[portfolio.framework_id, portfolio.framework_version], part, when)
