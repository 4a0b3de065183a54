"""Client packs over REST: a run as a file, and a bundle computed again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Response

from keel.api.answer import Route
from keel.api.request import BODY, Db, File
from keel.domain.brand import Paper
from keel.pack.bundle.contents import LARGEST
from keel.pack.bundle.replay import replay_json
from keel.services import pack, study
from keel.services.study import Study
from keel.sources.files.disk import read_bytes
from keel.store.connection import Database

FILES = {
    ".pdf": "application/pdf",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".keel.zip": "application/zip",
}
ENDINGS = {"pdf": ".pdf", "xlsx": ".xlsx", "bundle": ".keel.zip"}

files = APIRouter()  # answers that are no JSON
router = APIRouter(route_class=Route)


@dataclass(frozen=True, slots=True)
class Wanted:
    """The file of a pack that is wanted, for whom, and the date on it."""

    ending: str
    paper: Paper | None
    client: str
    made: date


def _wanted(
    format: Literal["pdf", "xlsx", "bundle"] = "pdf",
    paper: Annotated[
        Literal["a4", "letter"] | None, Query(description="The sheet; else Letter for dollars, A4 for others.")
    ] = None,
    client: Annotated[str, Query(max_length=80, description="Who it is for.")] = "",
    made: Annotated[date | None, Query(alias="date", description="The date on it; else today.")] = None,
) -> Wanted:
    return Wanted(ENDINGS[format], Paper(paper) if paper else None, client, made or datetime.now(UTC).date())


Asked = Annotated[Wanted, Depends(_wanted)]


@files.get("/runs/{run_id}/pack", response_class=Response)
def client_pack(db: Db, run_id: str, wanted: Asked) -> Response:
    """The client pack of a run: a paper, a workbook with live sums, or a bundle that computes again."""
    return _answer(db, study.get_run(db, run_id), wanted)


@files.get("/portfolios/{portfolio_id}/pack", response_class=Response)
def portfolio_pack(db: Db, portfolio_id: str, wanted: Asked) -> Response:
    """The client pack of a portfolio's newest run, else of a run of its framework's own policy."""
    return _answer(db, study.of_portfolio(db, portfolio_id), wanted)


def _answer(db: Database, shown: Study, wanted: Wanted) -> Response:
    material = pack.signed(pack.material(db, shown, wanted.made), client=wanted.client)
    data = pack.file(material, wanted.ending, wanted.paper)
    named = {"Content-Disposition": f'attachment; filename="keel-pack{wanted.ending}"'}
    return Response(data, media_type=FILES[wanted.ending], headers=named)


@router.post("/bundles/replay")
def replay(body: File) -> dict[str, Any]:
    """The bundle of the body computed again, and each number that differs."""
    return replay_json(pack.replay(read_bytes(body, LARGEST), BODY))
