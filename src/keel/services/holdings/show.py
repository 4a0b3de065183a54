"""What a portfolio holds and what it is worth."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from keel.domain.issue import Finding, rows
from keel.domain.portfolio.account import Account
from keel.domain.portfolio.position import Role
from keel.domain.reading.place import Place
from keel.domain.reading.values import read_text
from keel.errors import InputError
from keel.services.shared.held.worth import Holding, old, priced, said
from keel.store import frameworks, portfolios
from keel.store.connection import Database
from keel.store.holdings import accounts, positions


@dataclass(frozen=True, slots=True)
class Shown:
    """Accounts and their holdings on a day; ``value`` is that of what is neither excluded nor without a price."""

    currency: str
    when: date
    accounts: tuple[tuple[Account, tuple[Holding, ...]], ...]
    notes: tuple[str, ...]
    findings: tuple[Finding, ...] = ()

    @property
    def holdings(self) -> tuple[Holding, ...]:
        """Those of all accounts."""
        return tuple(holding for _, own in self.accounts for holding in own)

    @property
    def value(self) -> float:
        """The denominator of weights."""
        return sum(h.value or 0.0 for h in self.holdings if h.stored.position.role is not Role.excluded)

    @property
    def excluded(self) -> float:
        """What lies outside because a person said so."""
        return sum(h.value or 0.0 for h in self.holdings if h.stored.position.role is Role.excluded)

    @property
    def unpriced(self) -> tuple[str, ...]:
        """The symbols without a price that count."""
        return tuple(dict.fromkeys(h.stored.position.symbol for h in self.holdings if h.price is None))


def show(db: Database, portfolio_id: str, today: date, as_of: date | None = None) -> Shown:
    """What a portfolio holds at the closes of a day, in its framework's currency. Raises PortfolioNotFoundError."""
    portfolio = portfolios.get(db, portfolio_id)
    framework = frameworks.get(db, portfolio.framework_id, portfolio.framework_version)
    when, holdings = priced(db, positions.list_for(db, portfolio_id), framework.base_ccy, as_of, today)
    own = {
        account: tuple(h for h in holdings if h.stored.position.account == account.name)
        for account in accounts.list_for(db, portfolio_id)
    }
    filled = tuple((account, many) for account, many in own.items() if many)
    return Shown(framework.base_ccy, when, filled, said(holdings), old(holdings, as_of or today))


def document(shown: Shown) -> dict[str, object]:
    """Holdings as the command line prints them and REST answers them."""
    return {
        "as_of": shown.when.isoformat(),
        "currency": shown.currency,
        "accounts": [
            {
                "name": account.name,
                "kind": account.kind.value,
                "currency": account.currency,
                "positions": [_position(holding) for holding in own],
            }
            for account, own in shown.accounts
        ],
        "value": shown.value,
        "excluded": shown.excluded,
        "unpriced": list(shown.unpriced),
        "notes": list(shown.notes),
        "findings": rows(shown.findings),
    }


def _position(holding: Holding) -> dict[str, object]:
    position = holding.stored.position
    return {
        "symbol": position.symbol,
        "quantity": position.quantity,
        "currency": position.currency,
        "lots": [
            {
                "quantity": lot.quantity,
                "cost": lot.cost,
                "acquired": lot.acquired.isoformat() if lot.acquired else None,
                "currency": lot.currency,
            }
            for lot in position.lots
        ],
        "price": holding.price,
        "priced_on": holding.priced_on.isoformat() if holding.priced_on else None,
        "value": holding.value,
        "role": position.role.value,
        "no_buy": position.no_buy,
        "no_sell": position.no_sell,
        "bucket": position.bucket,
    }


def _step(db: Database, told: Mapping[str, Any], today: date) -> Callable[[], Mapping[str, Any]]:
    """The step of a workflow: what a portfolio holds on the day. Raises InputError where nothing is held."""
    portfolio_id = read_text(told["portfolio_id"], Place("holdings").field("portfolio_id"))
    shown = show(db, portfolio_id, today)
    if not shown.holdings:
        message = f"The portfolio {portfolios.get(db, portfolio_id).name} holds nothing yet."
        raise InputError(message, hint="Enter or import what it holds.", subject=portfolio_id)
    return lambda: {
        "portfolio_id": portfolio_id,
        "as_of": shown.when.isoformat(),
        "currency": shown.currency,
        "value": shown.value,
        "positions": len(shown.holdings),
        "unpriced": list(shown.unpriced),
    }


STEPS = {"holdings": _step}
