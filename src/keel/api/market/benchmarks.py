"""Named benchmarks over REST."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Response

from keel.api.answer import Route
from keel.api.pages import Paged
from keel.api.request import BODY, Db, Raw, json_object
from keel.domain.reading.place import Place
from keel.domain.study.blend import parse_blend
from keel.services.market import benchmarks

router = APIRouter(route_class=Route)


@router.get("/benchmarks")
def list_benchmarks(db: Db, page: Paged) -> list[dict[str, Any]]:
    """Every blend, by name."""
    return [benchmarks.document(named) for named in page.of(benchmarks.listed(db))]


@router.post("/benchmarks", status_code=201)
def save_benchmark(db: Db, body: Raw, response: Response) -> dict[str, Any]:
    """A blend under its name: ``{name, parts: {symbol: share}, look}``, in place of the one of that name."""
    named = benchmarks.save(db, parse_blend(json_object(body), Place(BODY)))
    response.headers["Location"] = f"/api/v1/benchmarks/{named.id}"
    return benchmarks.document(named)


@router.get("/benchmarks/{benchmark_id}")
def get_benchmark(db: Db, benchmark_id: str) -> dict[str, Any]:
    """A blend."""
    return benchmarks.document(benchmarks.get(db, benchmark_id))


@router.put("/benchmarks/{benchmark_id}")
def replace_benchmark(db: Db, benchmark_id: str, body: Raw) -> dict[str, Any]:
    """The blend with what the body says."""
    return benchmarks.document(benchmarks.save(db, parse_blend(json_object(body), Place(BODY)), benchmark_id))


@router.delete("/benchmarks/{benchmark_id}", status_code=204)
def delete_benchmark(db: Db, benchmark_id: str) -> None:
    """The blend is gone; runs keep what they were compared with."""
    benchmarks.delete(db, benchmark_id)
