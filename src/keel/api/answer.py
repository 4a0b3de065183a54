"""What REST answers: JSON written where the answer was made, and in it no number that is not finite.

The framework would write it on the event loop, where a long answer holds up every other request, and would send null
for a NaN.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from fastapi import Request, Response
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute

from keel.api.once import HEADER, Handler, once
from keel.api.request import database_of


class NotFiniteError(ValueError):
    """An answer holds a number that is not finite: a mistake of ours, said as that and not sent as null."""


class Written(str):
    """An answer as JSON text."""

    __slots__ = ()


def written(content: object) -> Written:
    """The content as JSON text. Raises NotFiniteError.

    >>> written({"cagr": 0.1})
    '{"cagr":0.1}'
    """
    try:
        return Written(json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":")))
    except ValueError as error:
        raise NotFiniteError("The answer holds a number that is not finite.") from error


class Answer(JSONResponse):
    """A JSON answer, of content or of text that is written already."""

    def render(self, content: Any) -> bytes:
        """The bytes of the answer."""
        return (content if isinstance(content, Written) else written(content)).encode()


class Route(APIRoute):
    """An address whose answer is written by the thread that made it."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        @wraps(endpoint)
        def answered(*args: Any, **kwargs: Any) -> Written:
            return written(endpoint(*args, **kwargs))

        super().__init__(path, answered, **options | {"response_model": None, "response_class": Answer})

    def get_route_handler(self) -> Handler:
        """What answers a request: one that is sent with a key is done once."""
        handle = super().get_route_handler()

        async def handled(request: Request) -> Response:
            if request.method == "POST" and HEADER in request.headers:
                return await once(database_of(request), request, handle)
            return await handle(request)

        return handled
