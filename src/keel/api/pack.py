"""Client packs over REST: a run as a file, a bundle computed again, and who hands over."""

from __future__ import annotations

from base64 import b64decode
from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Response

from keel.api.answer import Route
from keel.api.request import BODY, Db, File, Raw, json_object, optional
from keel.domain.brand import Brand
from keel.domain.reading.place import Place
from keel.pack.bundle.contents import LARGEST
from keel.pack.bundle.replay import replay_json
from keel.pack.paper.document import Paper
from keel.services import pack, study
from keel.services.pack import Change
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


@router.get("/brand")
def get_brand(db: Db) -> dict[str, Any]:
    """Who hands over client packs."""
    return document(pack.brand(db))


@router.put("/brand")
def put_brand(db: Db, body: Raw) -> dict[str, Any]:
    """The same with what the body says; ``logo`` is the file in base64, and empty takes it away."""
    given = json_object(body)
    firm, line, logo = (optional(given, name, str, None) for name in ("firm", "line", "logo"))
    return document(pack.save_brand(db, Change(firm, line, None if logo is None else _unpacked(logo))))


def _unpacked(logo: str) -> bytes:
    try:
        return b64decode(logo, validate=True)
    except ValueError:
        raise Place(BODY).field("logo").error("is not base64.") from None


def document(brand: Brand) -> dict[str, Any]:
    """The brand as REST tells of it."""
    return {"firm": brand.firm, "line": brand.line, "logo": brand.logo.kind if brand.logo else None}
