"""What a request carries: the open database, and a body that is read with a limit."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from fastapi import Depends, Query, Request

from keel.api.access.caller import Caller
from keel.domain.portfolio.score_weights import ScoreWeights, read_weights
from keel.domain.reading.load_json import load_json
from keel.domain.reading.place import Place
from keel.domain.reading.text import decode
from keel.domain.reading.values import read_object
from keel.errors import NotFoundError
from keel.store.connection import Database

BODY = "the body"
CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LARGEST = 2**53  # a whole number that JSON readers agree on


def _caller(request: Request) -> Caller:
    caller: Caller = request.state.caller
    return caller


def database_of(request: Request) -> Database:
    """The open database, as the one who asks sees it."""
    return _caller(request).db


async def _body(request: Request) -> bytes:
    """The body; the gate has seen to its size."""
    data = bytearray()
    async for chunk in request.stream():
        data += chunk
    return bytes(data)


async def _file(request: Request) -> AsyncIterator[Path]:
    """The body as a file, gone when it is answered; the gate has seen to its size."""
    with tempfile.TemporaryDirectory(prefix="keel-") as folder:
        path = Path(folder) / "body"
        with path.open("wb") as file:
            async for chunk in request.stream():
                file.write(chunk)
        yield path


Kinds = type | tuple[type, ...]
Db = Annotated[Database, Depends(database_of)]
Asking = Annotated[Caller, Depends(_caller)]
Raw = Annotated[bytes, Depends(_body)]
File = Annotated[Path, Depends(_file)]


@dataclass(frozen=True, slots=True)
class Sent:
    """A framework in a body: an edit, or a file; ``is_tree`` says that a file holds the tree alone."""

    data: bytes
    is_file: bool
    is_tree: bool


def _sent(
    request: Request,
    data: Raw,
    is_import: Annotated[bool, Query(alias="import", description="Read the body as a file.")] = False,
) -> Sent:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    return Sent(data, is_import or kind in (CSV, XLSX), kind == CSV)


Body = Annotated[Sent, Depends(_sent)]


def json_object(data: bytes) -> dict[str, Any]:
    """The JSON object of a body; an empty body is an empty object."""
    if not data.strip():
        return {}
    place = Place(BODY)
    return dict(read_object(load_json(decode(data, place), place), place))


def field(body: Mapping[str, Any], name: str, kind: Kinds, default: Any = None) -> Any:
    """A field of the body of the given type, 3.0 being a whole number; without a default it must be there."""
    if name not in body and default is not None:
        return default
    value = body.get(name)
    if kind is int and isinstance(value, float) and value.is_integer():
        value = int(value)
    wrong = not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool)
    if wrong or (isinstance(value, int) and abs(value) > LARGEST):
        raise Place(BODY).field(name).error("is missing or of the wrong type.")
    return value


def optional(body: Mapping[str, Any], name: str, kind: Kinds, default: Any) -> Any:
    """A field of the body of the given type, or the default where it is missing or null."""
    return default if body.get(name) is None else field(body, name, kind)


def given_weights(given: Mapping[str, Any]) -> ScoreWeights | None:
    """The weights of the score that a body asks for, None where it names none."""
    weights = given.get("weights")
    return None if weights is None else read_weights(weights, Place(BODY).field("weights"))


def require_own(db: Database, user_id: str) -> None:
    """Raises NotFoundError for the id of another user, who does not exist here."""
    if user_id not in ("", db.owner):
        raise NotFoundError(f"There is no user {user_id}.", hint="Leave user_id out, or ask /me.", subject=user_id)
