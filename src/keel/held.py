"""What portfolios hold, from Python: files in, data frames and reports out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from keel.notebook import stored

if TYPE_CHECKING:
    import pandas as pd


def import_holdings(file: str | Path, portfolio_id: str, choices: Mapping[str, str] | None = None) -> dict[str, object]:
    """What taking a file of holdings into a portfolio came to, as ``keel holdings import --json`` says it.

    ``choices`` say which symbol a name in the file means. The database belongs to one process: not while the server
    runs. Raises ImportFormatError, PortfolioNotFoundError.
    """
    from keel.services.holdings import intake
    from keel.services.shared.held.reading import File
    from keel.sources.files.disk import read_bytes

    path = Path(file)
    data, today = read_bytes(path), _today()
    with stored() as db:
        return intake.document(intake.record(db, portfolio_id, File(data, path.name, today, choices or {})))


def holdings(portfolio_id: str, as_of: date | None = None) -> pd.DataFrame:
    """What a portfolio holds, a row a position: account, symbol, quantity, role, price and value in its currency."""
    import pandas as pd

    from keel.services.holdings.show import show

    with stored() as db:
        shown = show(db, portfolio_id, _today(), as_of)
    rows = [
        (p.account, p.symbol, p.quantity, p.role.value, holding.price, holding.value)
        for holding in shown.holdings
        for p in [holding.stored.position]
    ]
    columns = ["account", "symbol", "quantity", "role", "price", "value"]
    return pd.DataFrame(rows, columns=columns).astype({"price": float, "value": float})


def drift(portfolio_id: str, as_of: date | None = None) -> dict[str, object]:
    """Where what a portfolio holds stands against its targets, as ``keel drift --json`` prints it."""
    from keel.services import report

    with stored() as db:
        asked = report.Asked(_today(), as_of=as_of)
        return report.document(report.judged(db, portfolio_id, asked))


def morning() -> list[dict[str, object]]:
    """Every portfolio that holds something, those that would trade first, as ``keel morning --json`` lists them."""
    from keel.services.live import morning as service

    with stored() as db:
        return [service.row(line) for line in service.morning(db, _today())]


def move_portfolio(portfolio_id: str, version: int | None = None, *, accept: bool = False) -> dict[str, object]:
    """What going to a version of its framework means for a portfolio, as ``keel move --json`` says it.

    Without a version the newest is meant; with ``accept`` it is done. Raises NotFoundError, InputError.
    """
    from keel.services.live import move

    with stored() as db:
        seen = move.preview(db, portfolio_id, version, today=_today())
        now = seen.portfolio
        if accept:
            now = move.accept(db, portfolio_id, seen.framework.version, expected_version=now.version)
        return move.document(seen) | {"portfolio_version": now.version, "accepted": accept}


def plan_trades(
    portfolio_id: str, policy: str | Mapping[str, object] | None = None, as_of: date | None = None, **asked: object
) -> dict[str, object]:
    """What to trade in a portfolio, or how to place money, as ``keel plan --json`` prints it; nothing is stored.

    ``asked`` are the fields of the ask: ``deposit``, ``withdraw``, ``rule``, ``account``, ``whole_shares`` and so on.
    Raises PortfolioNotFoundError, InputError.
    """
    from keel.domain.plan.ask import parse_ask
    from keel.domain.policy.as_json import parse_policy
    from keel.domain.reading.place import Place
    from keel.services.live import plan

    beside = plan.Asked(_today(), None if policy is None else parse_policy(policy), as_of)
    with stored() as db:
        return dict(plan.preview(db, portfolio_id, parse_ask(asked, Place("plan")), beside).said)


def plan_schedule(
    portfolio_id: str,
    amount: float,
    cadence: str = "monthly",
    *,
    rule: str = "relative_waterfill",
    account: str = "",
    policy: str | Mapping[str, object] | None = None,
    as_of: date | None = None,
) -> dict[str, object]:
    """After how many deposits a portfolio is in band, as ``keel plan --schedule --json`` prints it.

    Raises PortfolioNotFoundError, InputError.
    """
    from keel.domain.plan.deposits.prospect import prospect_json
    from keel.domain.plan.deposits.schedule import parse_schedule
    from keel.domain.policy.as_json import parse_policy
    from keel.domain.reading.place import Place
    from keel.services.live.schedule import regular

    given = {"amount": amount, "cadence": cadence, "rule": rule, "account": account}
    judged = None if policy is None else parse_policy(policy)
    with stored() as db:
        return prospect_json(regular(db, portfolio_id, parse_schedule(given, Place("plan")), _today(), judged, as_of))


def _today() -> date:
    return datetime.now(UTC).date()
