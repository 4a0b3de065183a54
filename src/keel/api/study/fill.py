"""Filling a bucket over REST: asked for, it is background work."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Response

from keel.api import jobs
from keel.api.answer import Route
from keel.api.request import BODY, Db, Raw, field, json_object, optional
from keel.domain.portfolio.split import read_bounds, read_method
from keel.domain.reading.place import Place
from keel.domain.reading.values import read_text
from keel.domain.study.question import parse_question
from keel.services import design, fill
from keel.services.fill import Asked

router = APIRouter(route_class=Route)
HERE = Place(BODY)


@router.post("/allocation-frameworks/{framework_id}/fill", status_code=202)
def begin_fill(db: Db, framework_id: str, body: Raw, response: Response) -> dict[str, Any]:
    """How a bucket of the newest version is split over products by a method, as a job; a draft, nothing is changed.

    ``{path, method, products, bounds: {symbol: [least, most]}, start, end, dataset}``; without ``products`` those that
    the bucket names. ``Location`` is where the job is watched; its result is what ``keel fill --json`` prints.
    """
    given = json_object(body)
    framework = design.get_framework(db, framework_id)
    path = field(given, "path", str)
    named = list(fill.named(framework, path))
    place = HERE.field("products")
    symbols = [read_text(symbol, place) for symbol in optional(given, "products", list, named)]
    window = {name: given[name] for name in ("start", "end", "dataset") if given.get(name) is not None}
    question = parse_question("", window)
    asked = Asked(
        method=read_method(given.get("method"), HERE.field("method")),
        symbols=tuple(symbols),
        bounds=read_bounds(optional(given, "bounds", dict, {}), HERE.field("bounds")),
        path=path,
        start=question.start,
        end=question.end,
        dataset=question.dataset,
    )
    return jobs.begun(db, fill.ask_fill(db, framework, asked), response)
