"""A request that names a key is done once: sent again, it gets the answer that it got."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.types import Message, Receive

from keel.errors import InputError, UnderWayError
from keel.store.connection import Database
from keel.store.work import request_keys
from keel.store.work.request_keys import Kept

HEADER = "Idempotency-Key"
KEY = re.compile(r"[\x21-\x7e]{1,200}")
LARGEST = 4_000_000  # bytes of an answer that is kept; a larger one changes nothing, and is computed again
UNKEPT = "no-store"  # what an answer says in Cache-Control that is told once and kept nowhere
TOLD = ("content-type", "location", "etag")

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


async def once(db: Database, request: Request, handle: Handler) -> Response:
    """The answer of ``handle``, or the one that the same request with the same key got in the last day.

    Raises InputError for what is no key or names another request, UnderWayError where the end of the first one is not
    known. One that is refused takes no key.
    """
    key = request.headers[HEADER]
    if not KEY.fullmatch(key):
        message = f"{HEADER} must have 1 to 200 characters of ASCII without blanks."
        raise InputError(message, hint="A random UUID is usual.", subject=HEADER)
    asked = f"{request.method} {request.url.path}?{request.url.query}"
    body = _Body(request.receive)
    known = await run_in_threadpool(request_keys.begin, db, key, asked)
    if known is not None:
        return _again(known, asked, await body.sha256())
    try:
        answer = await handle(Request(request.scope, body.receive))
        kept = Kept(asked, await body.sha256(), answer.status_code, _told(answer), bytes(answer.body))
        is_secret = answer.headers.get("cache-control") == UNKEPT
        if answer.status_code < 300 and len(kept.answer) <= LARGEST and not is_secret:
            await run_in_threadpool(request_keys.keep, db, key, kept)
            return answer
    except BaseException:
        await run_in_threadpool(request_keys.release, db, key)
        raise
    await run_in_threadpool(request_keys.release, db, key)
    return answer


def _again(known: Kept, asked: str, sha256: str) -> Response:
    if known.request != asked or (known.status is not None and known.body_sha256 != sha256):
        message = f"This {HEADER} was sent with another request: {known.request}."
        raise InputError(message, hint="Give each request a key of its own.", subject=HEADER)
    if known.status is None:
        message = "A request with this key has begun, and its end is not known."
        raise UnderWayError(message, hint="Look whether what it makes is there before you send it under a new key.")
    return Response(known.answer, known.status, {**known.headers, "Idempotent-Replayed": "true"})


def _told(answer: Response) -> dict[str, str]:
    return {name: answer.headers[name] for name in TOLD if name in answer.headers}


class _Body:
    """The body of a request as it comes, and what it is known by."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._sha = hashlib.sha256()
        self._ended = False

    async def receive(self) -> Message:
        """The next part."""
        message = await self._receive()
        self._sha.update(message.get("body", b""))
        self._ended = self._ended or not message.get("more_body", False)
        return message

    async def sha256(self) -> str:
        """The sha256 of all of it; what nobody has read yet is read."""
        while not self._ended:
            await self.receive()
        return self._sha.hexdigest()
