"""Client packs over REST: a run as a file, and a bundle computed again."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Response

from keel.api.answer import Route
from keel.api.request import BODY, Db, File
from keel.pack.bundle.contents import LARGEST
from keel.pack.bundle.replay import replay_json
from keel.pack.paper.document import Paper
from keel.services import pack, study
from keel.sources.files.disk import read_bytes

FILES = {
    ".pdf": "application/pdf",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".keel.zip": "application/zip",
}
ENDINGS = {"pdf": ".pdf", "xlsx": ".xlsx", "bundle": ".keel.zip"}

files = APIRouter()  # answers that are no JSON
router = APIRouter(route_class=Route)


@files.get("/runs/{run_id}/pack", response_class=Response)
def client_pack(
    db: Db,
    run_id: str,
    format: Literal["pdf", "xlsx", "bundle"] = "pdf",
    paper: Literal["a4", "letter"] = "a4",
    client: Annotated[str, Query(max_length=80, description="Who it is for.")] = "",
    made: Annotated[date | None, Query(alias="date", description="The date on it; else today.")] = None,
) -> Response:
    """The client pack of a run: a paper, a workbook with live sums, or a bundle that computes again."""
    material = pack.material(db, study.get_run(db, run_id), made or datetime.now(UTC).date())
    ending = ENDINGS[format]
    data = pack.file(pack.signed(material, client=client), ending, Paper(paper))
    named = {"Content-Disposition": f'attachment; filename="keel-pack{ending}"'}
    return Response(data, media_type=FILES[ending], headers=named)


@router.post("/bundles/replay")
def replay(body: File) -> dict[str, Any]:
    """The bundle of the body computed again, and each number that differs."""
    return replay_json(pack.replay(read_bytes(body, LARGEST), BODY))
