"""Two-level targets over REST: views onto a framework, whose next version every change writes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fastapi import APIRouter

from keel.api.answer import Route
from keel.api.models.values import Version
from keel.api.request import BODY, Db, Raw, field, json_object, optional
from keel.domain.framework.records import Framework
from keel.domain.framework.tree import ordered
from keel.domain.reading.place import Place
from keel.domain.reading.values import read_number, read_object, read_text
from keel.domain.text import plain
from keel.errors import InputError
from keel.services import design

router = APIRouter(route_class=Route)


@router.get("/asset-class-targets")
def class_targets(db: Db, framework_id: str, version: Version | None = None) -> dict[str, Any]:
    """The targets of every bucket of a framework, at its newest version without ``version``."""
    return _classes(design.get_framework(db, framework_id, version))


@router.post("/asset-class-targets")
def set_class_targets(db: Db, body: Raw) -> dict[str, Any]:
    """The next version, with these targets; what lies below a bucket that is not named follows in proportion."""
    given = json_object(body)
    asked: dict[str, float] = {}
    for path, row, place in _rows(given):
        if path in asked:
            raise InputError(f"{plain(path)} comes twice.", hint="Give it one target.", subject=path)
        asked[path] = _weight(row, place, "target_weight")
    return _classes(design.set_classes(db, field(given, "framework_id", str), asked, _began(given)))


@router.delete("/asset-class-targets")
def delete_class_target(
    db: Db, framework_id: str, path: str, expected_version: Version | None = None
) -> dict[str, Any]:
    """The next version, without that bucket, what lies below it and their products; its siblings share its weight."""
    return _classes(design.delete_class(db, framework_id, path, expected_version))


@router.get("/holding-targets")
def holding_targets(db: Db, framework_id: str, version: Version | None = None) -> dict[str, Any]:
    """The products that a framework names for its buckets, each with its share."""
    return _holdings(design.get_framework(db, framework_id, version))


@router.post("/holding-targets")
def set_holding_targets(db: Db, body: Raw) -> dict[str, Any]:
    """The next version, with all products of the buckets that are named; their shares sum to 1 a bucket."""
    given = json_object(body)
    asked: dict[str, dict[str, float]] = {}
    for path, row, place in _rows(given):
        symbol = read_text(row.get("symbol"), place.field("symbol"))
        if symbol in asked.setdefault(path, {}):
            raise InputError(f"{plain(symbol)} comes twice in {plain(path)}.", hint="Give it one share.", subject=path)
        asked[path][symbol] = _weight(row, place, "share")
    return _holdings(design.set_holdings(db, field(given, "framework_id", str), asked, _began(given)))


@router.delete("/holding-targets")
def delete_holding_target(
    db: Db, framework_id: str, path: str, symbol: str, expected_version: Version | None = None
) -> dict[str, Any]:
    """The next version, without that product of a bucket; the others share its part."""
    return _holdings(design.delete_holding(db, framework_id, path, symbol, expected_version))


def _began(given: dict[str, Any]) -> int | None:
    version: int | None = optional(given, "expected_version", int, None)
    return version


def _rows(given: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any], Place]]:
    """Each target of a body with its path and its place."""
    place = Place(BODY).field("targets")
    for n, item in enumerate(field(given, "targets", list)):
        row = dict(read_object(item, place.item(n)))
        yield read_text(row.get("path"), place.item(n).field("path")), row, place.item(n)


def _weight(row: dict[str, Any], place: Place, name: str) -> float:
    return read_number(row.get(name), place.field(name))


def _classes(framework: Framework) -> dict[str, Any]:
    rows = [{"path": b.path, "label": b.label, "target_weight": b.target_weight} for b in ordered(framework)]
    return _document(framework, rows)


def _holdings(framework: Framework) -> dict[str, Any]:
    rows = [
        {"path": b.path, "symbol": h.symbol, "share": h.share, "target_weight": b.target_weight * h.share}
        for b in ordered(framework)
        for h in b.holdings
    ]
    return _document(framework, rows)


def _document(framework: Framework, rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"framework_id": framework.id, "framework_version": framework.version, "targets": rows}
