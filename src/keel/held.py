"""What portfolios hold, from Python: files in, data frames and reports out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from keel.domain.access.terms import LINK_DAYS
from keel.notebook import stored

if TYPE_CHECKING:
    import pandas as pd

    from keel.services.shared.held.reading import File

Said = Mapping[str, str] | None


def import_holdings(
    file: str | Path,
    portfolio_id: str,
    choices: Said = None,
    columns: Said = None,
    *,
    again: bool = False,
    preview: bool = False,
) -> dict[str, object]:
    """What taking a file of holdings into a portfolio came to, as ``keel holdings import --json`` says it.

    With ``preview`` what it would come to, and nothing is stored.
    ``choices`` say which symbol a name in the file means, ``columns`` which column of any other table is what, as in
    ``{"symbol": "Ticker"}``; with ``again`` trades count too that an executed plan counts already. The database belongs
    to one process: not while the server runs. Raises ImportFormatError, PortfolioNotFoundError.
    """
    from keel.services.holdings import intake

    given = replace(_file(file, choices, columns), again=again)
    with stored() as db:
        if preview:
            return intake.preview_json(intake.read(db, portfolio_id, given))
        return intake.document(intake.record(db, portfolio_id, given))


def begin_portfolio(
    file: str | Path, name: str = "My portfolio", currency: str = "USD", choices: Said = None, columns: Said = None
) -> dict[str, object]:
    """A new portfolio that holds what a file says, with a framework of its asset classes and regions.

    It is as ``keel holdings import --json`` says it without a portfolio. Raises ImportFormatError, InputError.
    """
    from keel.services.holdings import begin

    given = _file(file, choices, columns)
    with stored() as db:
        return begin.document(begin.begin(db, given, name, currency.upper()))


def brand(
    firm: str | None = None, line: str | None = None, logo: str | Path | None = None, paper: str | None = None
) -> dict[str, object]:
    """Who hands over client packs, changed by what is given: the firm's name, a line for the cover, a logo's file.

    ``paper`` is ``a4`` or ``letter``. An empty text takes away what there was. Raises InputError.
    """
    from keel.services import pack
    from keel.sources.files.disk import read_bytes

    picture = None if logo is None else read_bytes(Path(logo)) if str(logo) else b""
    with stored() as db:
        return pack.brand_json(pack.save_brand(db, pack.Change(firm, line, picture, paper)))


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


def watch() -> dict[str, object]:
    """A look at every portfolio that holds something, as ``keel watch --once --json`` prints it, told outside too."""
    from keel.services.live import watch as service
    from keel.settings import notify

    with stored() as db:
        return service.document(service.look(db, datetime.now(UTC), notify()))


def alerts(portfolio_id: str = "", *, holding: bool = False) -> list[dict[str, object]]:
    """The alerts of a portfolio, or of all, newest first; ``holding``: those that hold now."""
    from keel.domain.watch.alert import alert_json
    from keel.services.live import watch as service

    with stored() as db:
        return [alert_json(alert) for alert in service.listed(db, portfolio_id, holding=holding)]


def read_alert(id: str) -> dict[str, object]:
    """The alert, known to a person from now on. Raises AlertNotFoundError."""
    from keel.domain.watch.alert import alert_json
    from keel.services.live import watch as service

    with stored() as db:
        return alert_json(service.read(db, id, datetime.now(UTC)))


def next_looks() -> bytes:
    """The next looks of all policies as a calendar, the content of an ``.ics`` file."""
    from keel.services.live import watch as service

    with stored() as db:
        return service.calendar_of_looks(db, datetime.now(UTC))


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


def share_portfolio(portfolio_id: str, name: str = "", days: int = LINK_DAYS) -> dict[str, object]:
    """A new link that shows a portfolio, as ``keel share create --json`` prints it: its secret is told this once.

    ``name`` says for whom it is. Raises PortfolioNotFoundError, InputError.
    """
    from keel.services.access import links

    with stored() as db:
        return links.issued_document(links.create(db, portfolio_id, name, days))


def shared_links(portfolio_id: str = "") -> list[dict[str, object]]:
    """The links to a portfolio, or to all, as ``keel share list --json`` prints them."""
    from keel.services.access import links

    with stored() as db:
        return [links.document(link) for link in links.listed(db, portfolio_id)]


def revoke_link(link_id: str) -> dict[str, object]:
    """The link, which leads nowhere any more. Raises LinkNotFoundError."""
    from keel.services.access import links

    with stored() as db:
        return links.document(links.revoke(db, link_id))


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


def _file(file: str | Path, choices: Said, columns: Said) -> File:
    """A file on the disk with what is said beside it."""
    from keel.domain.reading.place import Place
    from keel.services.shared.held.columns import read_columns
    from keel.services.shared.held.reading import File
    from keel.sources.files.disk import STATEMENT_LIMIT, read_bytes

    path = Path(file)
    said = None if columns is None else read_columns(columns, Place("columns"))
    return File(read_bytes(path, STATEMENT_LIMIT), path.name, _today(), choices or {}, said)


def _today() -> date:
    return datetime.now(UTC).date()
