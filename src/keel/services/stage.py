"""The stage of a study: what stays the same while its policies vary, as the policy lab shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from keel.domain.framework.records import Framework
from keel.domain.policy.records import Policy, RunSettings
from keel.domain.study.question import parse_request
from keel.store import portfolios, runs
from keel.store.connection import Database
from keel.store.material import material

if TYPE_CHECKING:
    from keel.backtest.window import Window


@dataclass(frozen=True, eq=False, slots=True)
class Stage:
    """A portfolio on its prices: the window it is studied in, and the ``lag`` that is usual on such data.

    ``settings``, ``policies``, ``start``, ``end``, ``dataset`` and ``proxies`` are those of the run, if there is one.
    ``proxied``: the number of products that a series stands in for.
    """

    framework: Framework
    window: Window
    lag: int
    price_kind: str
    proxied: int
    notes: tuple[str, ...]
    portfolio_id: str
    settings: RunSettings = field(default_factory=RunSettings)
    policies: Mapping[str, Policy] = field(default_factory=dict)
    start: date | None = None
    end: date | None = None
    dataset: str = ""
    proxies: bool = True


def stage(db: Database, portfolio_id: str, run_id: str = "") -> Stage:
    """The portfolio over all its history, or over that of a stored run. Raises MarketDataError, NotFoundError."""
    from keel.backtest.run import default_lag
    from keel.backtest.window import align

    asked = parse_request(portfolio_id, runs.get(db, run_id).request) if run_id else None
    dataset, proxies = (asked.dataset, asked.proxies) if asked else ("", True)
    start, end = (asked.start, asked.end) if asked else (None, None)
    found = material(db, portfolios.get(db, portfolio_id), dataset, proxies=proxies)
    window = align(found.prices, found.book.symbols, start, end)
    kinds = {kind for kind in found.prices.kinds if kind}
    return Stage(
        framework=found.framework,
        window=window,
        lag=default_lag(window.frequency),
        price_kind=kinds.pop() if len(kinds) == 1 else "mixed" if kinds else "",
        proxied=len(found.prices.proxied),
        notes=tuple(dict.fromkeys((*found.notes, *window.notes))),
        portfolio_id=portfolio_id,
        settings=asked.settings if asked else RunSettings(),
        policies=asked.policies if asked else {},
        start=start,
        end=end,
        dataset=dataset,
        proxies=proxies,
    )
