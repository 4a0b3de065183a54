"""Portfolios and products seen through what they hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from keel.domain.constraints.evaluation import Verdict, evaluate_all, judge
from keel.domain.constraints.exposures import Line
from keel.domain.constraints.types import Stage
from keel.domain.drift.lines import lines
from keel.domain.drift.report import Occasion, report
from keel.domain.framework.records import Framework, Holding
from keel.domain.framework.tree import leaves
from keel.domain.lookthrough.members import member
from keel.domain.lookthrough.overlap import Overlap
from keel.domain.lookthrough.overlap import overlap as shared
from keel.domain.lookthrough.xray import XRay, xray_of
from keel.domain.lookthrough.xray import xray as seen
from keel.domain.market.instrument import Instrument
from keel.domain.market.prices import CASH
from keel.domain.portfolio.book import book
from keel.domain.portfolio.position import Position
from keel.domain.portfolio.records import Picks, by_path
from keel.domain.text import plain
from keel.errors import InputError, InstrumentNotFoundError
from keel.services.shared.contents import understood
from keel.services.shared.exposed import compositions, exposed_lines, exposed_picks
from keel.store import frameworks, instruments, portfolios
from keel.store.connection import Database
from keel.store.market import exposures
from keel.store.market.exposures import PartsSource


@dataclass(frozen=True, slots=True)
class Seen:
    """A portfolio through its products, and how they meet the limits."""

    xray: XRay
    verdicts: tuple[Verdict, ...]


def xray(db: Database, portfolio_id: str, version: int | None = None) -> Seen:
    """A stored portfolio against the framework version it fills. Raises PortfolioNotFoundError."""
    portfolio = portfolios.get(db, portfolio_id, version)
    framework = frameworks.get(db, portfolio.framework_id, portfolio.framework_version)
    return xray_of_picks(db, framework, by_path(portfolio.picks))


def xray_of_picks(db: Database, framework: Framework, picks: Picks) -> Seen:
    """Picks that need not be stored against their framework."""
    held = exposed_picks(db, framework, picks)
    return Seen(seen(understood(framework), held), evaluate_all(framework, held, Stage.mapping))


def xray_of_framework(db: Database, framework: Framework) -> Seen:
    """The products that a framework names; a bucket that names none stays in cash."""
    held = [
        Line(leaf.path, leaf.label, h.symbol, leaf.target_weight * h.share)
        for leaf in leaves(framework)
        for h in leaf.holdings or (Holding(CASH, 1.0),)
    ]
    exposed = exposed_lines(db, held)
    return Seen(seen(understood(framework), exposed), evaluate_all(framework, exposed, Stage.mapping))


def xray_of_positions(
    db: Database, framework: Framework, positions: Sequence[Position], closes: Mapping[str, float]
) -> Seen:
    """Positions at ``closes``, each in the bucket that names its symbol; a position's own price wins.

    Raises InputError for one without a price, or when nothing is worth anything.
    """
    lacking = next((p.symbol for p in positions if p.price is None and p.symbol not in {CASH, *closes}), None)
    if lacking is not None:
        raise InputError(f"{plain(lacking)} has no price.", hint="Give each holding its price.", subject=lacking)
    named = book(framework, columns=[p.symbol for p in positions])
    found = report(framework, named, positions, closes, Occasion(date.min))
    exposed = exposed_lines(db, lines(found))
    verdicts = judge(framework, exposed, Stage.holdings, portfolio_value=found.value)
    return Seen(seen(understood(framework), exposed), verdicts)


@dataclass(frozen=True, slots=True)
class Made:
    """What one product is made of, and who says it of which dimension."""

    xray: XRay
    sources: tuple[PartsSource, ...]


def made_of(db: Database, symbol: str, framework: Framework | None = None) -> Made:
    """A product by what it is made of, and by the buckets of a framework. Raises InstrumentNotFoundError."""
    product = _product(db, symbol)
    (line,) = exposed_lines(db, [Line("", product.name, symbol, 1.0)])
    found = xray_of(line, None if framework is None else understood(framework))
    return Made(found, exposures.sources(db, product.id))


def overlap(db: Database, first: str, second: str) -> Overlap:
    """What two products have in common, by symbol. Raises InstrumentNotFoundError."""
    return shared(_companies(db, first), _companies(db, second))


def _companies(db: Database, symbol: str) -> dict[str, float]:
    """A product's holdings as far as they are known; a company is its own."""
    product = _product(db, symbol)
    if product.type == "Stock":
        return {member("company", symbol): 1.0}
    return dict(compositions(db).get(product.id, {}).get("company", {}))


def _product(db: Database, symbol: str) -> Instrument:
    product = instruments.find(db, symbol)
    if product is None:
        message = f"There is no instrument {plain(symbol)}."
        raise InstrumentNotFoundError(message, hint="Check the symbol.", subject=symbol)
    return product
