"""What was imported, from Python: listed and taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from keel.notebook import stored

if TYPE_CHECKING:
    from keel.store.connection import Database

Noun = Literal["prices", "universe", "exposures"]


def list_imports(of: Noun | str) -> list[dict[str, object]]:
    """The imports that hold, the newest first, of ``prices``, ``universe``, ``exposures``, or a portfolio by its id."""
    with stored() as db:
        return _listed(db, of)


def undo_import(of: Noun | str, id: str) -> dict[str, object]:
    """The import, undone: what it replaced stands again. Raises ImportNotFoundError."""
    with stored() as db:
        return _undone(db, of, id)


def _listed(db: Database, of: Noun | str) -> list[dict[str, object]]:
    from keel.services.holdings import intake
    from keel.services.lookthrough import imports as exposures
    from keel.services.market import imports as prices
    from keel.services.market import products

    match of:
        case "prices":
            return [prices.document(made) for made in prices.history(db)]
        case "universe":
            return [products.document(made) for made in products.history(db)]
        case "exposures":
            return [exposures.document(made) for made in exposures.history(db)]
        case portfolio_id:
            return [intake.import_json(made) for made in intake.history(db, portfolio_id)]


def _undone(db: Database, of: Noun | str, id: str) -> dict[str, object]:
    from keel.services.holdings import intake
    from keel.services.lookthrough import imports as exposures
    from keel.services.market import imports as prices
    from keel.services.market import products

    match of:
        case "prices":
            return prices.document(prices.undo(db, id))
        case "universe":
            return products.document(products.undo(db, id))
        case "exposures":
            return exposures.document(exposures.undo(db, id))
        case portfolio_id:
            return intake.import_json(intake.undo(db, id, portfolio_id))
