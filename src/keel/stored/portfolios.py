"""Stored portfolios, from Python."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from keel.notebook import stored

if TYPE_CHECKING:
    import pandas as pd

    from keel.domain.portfolio.records import Picks, Portfolio


def list_portfolios(framework_id: str = "") -> tuple[Portfolio, ...]:
    """The portfolios, of one framework where it is named, last edited first."""
    from keel.services.work import shelf

    with stored() as db:
        return shelf.list_portfolios(db, framework_id or None)


def get_portfolio(id: str, version: int | None = None) -> Portfolio:
    """A portfolio at a version, the newest without one. Raises PortfolioNotFoundError."""
    from keel.services import mapping

    with stored() as db:
        return mapping.get_portfolio(db, id, version)


def create_portfolio(
    framework_id: str, picks: Picks | None = None, name: str = "", overrides: Mapping[str, float] | None = None
) -> Portfolio:
    """A stored portfolio of the picks by path, or of the best usable product of each bucket.

    ``overrides`` set weights of the whole by symbol. Raises FrameworkNotFoundError, InputError.
    """
    from keel.services import design, mapping

    with stored() as db:
        framework = design.get_framework(db, framework_id)
        chosen = mapping.best(db, framework) if picks is None else picks
        return mapping.accept(db, framework.id, framework.version, chosen, name, overrides=dict(overrides or {}))


def set_holdings(id: str, rows: pd.DataFrame | Sequence[Mapping[str, object]]) -> None:
    """Sets all that a portfolio holds; what is left out is held no longer.

    Each row has ``symbol`` and ``quantity``, and may have ``account``, ``price``, ``cost``, ``acquired`` and ``role``.
    Raises ImportFormatError, PortfolioNotFoundError.
    """
    from keel.domain.portfolio.held.as_json import read_position
    from keel.domain.reading.place import Place
    from keel.services.holdings import table

    given: list[Any] = list(rows) if isinstance(rows, Sequence) else _records(rows)
    place = Place("holdings")
    positions = [read_position(dict(row), place.item(n)) for n, row in enumerate(given)]
    with stored() as db:
        table.put(db, id, positions, _today(), [])


def drift_history(id: str) -> pd.DataFrame:
    """What a portfolio held on every day with a close: ``value``, the weight of each leaf, and ``outside`` of any.

    Without rows where there are fewer than two such days. Raises PortfolioNotFoundError.
    """
    import pandas as pd

    from keel.services.live import past

    with stored() as db:
        lived = past.history(db, id)
    if lived is None:
        return pd.DataFrame()
    seen = lived.past
    weights = {path: seen.weights[:, n] for n, path in enumerate(seen.book.paths)}
    return pd.DataFrame(
        {"value": seen.value, **weights, "outside": seen.outside}, index=pd.Index(seen.dates, name="date")
    )


def judge_values(id: str, values: Mapping[str, float], as_of: date | None = None) -> list[dict[str, object]]:
    """How values by symbol would meet the limits of a portfolio's framework, as ``keel drift --json`` lists them.

    Raises PortfolioNotFoundError.
    """
    from keel.domain.constraints.as_json import verdicts_json
    from keel.domain.portfolio.position import Position
    from keel.services import report

    with stored() as db:
        positions = [Position(symbol, value, 1.0) for symbol, value in values.items()]
        found = report.drift_of(db, id, positions, as_of=as_of or _today())
        return verdicts_json(report.limits(db, id, found))


def _records(frame: pd.DataFrame) -> list[Any]:
    """The rows of a frame; a cell without a value is None."""
    return list(frame.astype(object).where(frame.notna(), None).to_dict("records"))


def _today() -> date:
    return datetime.now(UTC).date()
