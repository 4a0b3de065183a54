"""Portfolios and backtests over REST."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Response

from keel.api.request import BODY, Db, Raw, field, json_object
from keel.backtest.result import to_json
from keel.domain.portfolio.records import Pick, Portfolio
from keel.domain.reading.place import Place
from keel.domain.study.question import parse_question
from keel.services import mapping, study

router = APIRouter()


def _document(portfolio: Portfolio) -> dict[str, Any]:
    return {
        "id": portfolio.id,
        "version": portfolio.version,
        "name": portfolio.name,
        "framework_id": portfolio.framework_id,
        "framework_version": portfolio.framework_version,
        "created_at": portfolio.created_at,
        "picks": [
            {"path": p.path, "instrument_id": p.instrument_id, "symbol": p.symbol, "share": p.share, "locked": p.locked}
            for p in portfolio.picks
        ],
    }


@router.post("/portfolios", status_code=201)
def create_portfolio(db: Db, body: Raw, response: Response) -> dict[str, Any]:
    """A portfolio: ``{framework_id, framework_version, name, picks: [{path, instrument_id, symbol, share}]}``.

    ``overrides`` may set weights of the whole by instrument id.
    """
    given = json_object(body)
    picks: dict[str, list[Pick]] = {}
    for row in field(given, "picks", list):
        pick = _pick(row)
        picks.setdefault(pick.path, []).append(pick)
    made = mapping.accept(
        db,
        field(given, "framework_id", str),
        field(given, "framework_version", int),
        picks,
        field(given, "name", str, ""),
        overrides=field(given, "overrides", dict, {}),
    )
    response.headers["Location"] = f"/api/v1/portfolios/{made.id}"
    return _document(made)


def _pick(row: object) -> Pick:
    if not isinstance(row, dict):
        raise Place(BODY).field("picks").error("each of them must be an object.")
    share = float(field(row, "share", (int, float), 1.0))
    id, symbol = field(row, "instrument_id", str), field(row, "symbol", str)
    return Pick(field(row, "path", str), id, symbol, share, locked=bool(row.get("locked", False)))


@router.get("/portfolios/{portfolio_id}")
def get_portfolio(db: Db, portfolio_id: str, version: int | None = None) -> dict[str, Any]:
    """A portfolio, at its newest version without ``version``."""
    return _document(mapping.get_portfolio(db, portfolio_id, version))


@router.post("/backtest")
def backtest(db: Db, body: Raw) -> dict[str, Any]:
    """Policies side by side, stored as a run:

    ``{portfolio_id, policies: {name: policy}, run: {…}, start, end, benchmark, dataset, proxies}``; the answer is
    that of ``keel backtest --json`` for several policies, with the run's id and notes.
    """
    given = json_object(body)
    asked = {"policies": field(given, "policies", dict), **given, "settings": field(given, "run", dict, {})}
    done = study.run_backtest(db, parse_question(field(given, "portfolio_id", str), asked))
    runs = [{"policy": result.name, **to_json(result)} for result in done.results]
    beside = None if done.benchmark is None else {"symbol": done.benchmark.name, **to_json(done.benchmark)}
    return {"run_id": done.run_id, "runs": runs, "benchmark": beside, "dataset": done.dataset, "notes": done.notes}
