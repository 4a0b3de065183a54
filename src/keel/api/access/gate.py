"""The gate before REST: whose a request is, by the token that it shows.

Where nobody logs in a request without a token is that of the one user of this machine; a token that is shown is judged
either way. No cookie is looked at: a page of another site has nothing to send along. A link that is shared is followed
without a token, as one who has nothing here.
"""

from __future__ import annotations

import re
from functools import partial

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from keel.api.access import sizes
from keel.api.access.caller import Caller
from keel.api.problem import from_error
from keel.errors import AccessError, NotSignedInError
from keel.services.access import tokens
from keel.services.access.rate import failing, sending, usual, visiting
from keel.store.connection import Database
from keel.vocabulary import NOBODY

READS = frozenset({"GET", "HEAD", "OPTIONS"})
SHARED = re.compile(r"/shared/[^/]+")
HINT = "Send a token in the header Authorization: Bearer …; the page Data makes one."


class Gate:
    """REST behind the gate; with ``required`` nothing is answered without a token."""

    def __init__(self, app: ASGIApp, db: Database, required: bool) -> None:
        self._app = app
        self._db = db
        self._required = required
        self._usual, self._failing, self._sending, self._visiting = usual(), failing(), sending(), visiting()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hands a request on with its caller, or answers why not."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        shown = headers.get("authorization")
        limit = sizes.limit_of(_path(scope))
        try:
            caller = await self._caller(scope, shown)
            sizes.require(_announced(headers), limit)
        except AccessError as error:
            await from_error(error)(scope, receive, send)
            return
        scope.setdefault("state", {})["caller"] = caller
        await self._app(scope, sizes.bounded(receive, limit, partial(self._count, caller)), send)

    async def _caller(self, scope: Scope, shown: str | None) -> Caller:
        if shown is None and _follows_a_link(scope):
            return self._visitor(_address(scope))
        return Caller(self._db, None) if shown is None and not self._required else await self._admit(scope, shown)

    def _visitor(self, address: str) -> Caller:
        self._visiting.require(address)
        return Caller(self._db.of(NOBODY), None)

    async def _admit(self, scope: Scope, shown: str | None) -> Caller:
        address = _address(scope)
        if self._failing.exceeded(address):
            raise self._failing.error(address)
        try:
            caller = await run_in_threadpool(self._known, shown, scope["method"] not in READS)
        except NotSignedInError:
            self._failing.allows(address)
            raise
        if caller.token is not None:
            self._usual.require(caller.token.id)
        return caller

    def _count(self, caller: Caller, size: int) -> None:
        """Raises TooManyRequestsError where one who is known by a token sends more than there may be in a minute."""
        if caller.token is not None and size:
            self._sending.require(caller.db.owner, size)

    def _known(self, shown: str | None, writes: bool) -> Caller:
        kind, _, secret = (shown or "").partition(" ")
        if kind.lower() != "bearer" or not secret.strip():
            raise NotSignedInError("Nobody is signed in.", hint=HINT)
        return Caller(*tokens.admit(self._db, secret.strip(), writes=writes))


def _announced(headers: Headers) -> int:
    """How many bytes a request says that it sends, 0 where it does not say."""
    said = headers.get("content-length", "")
    return int(said[:20]) if said.isascii() and said.isdigit() else 0


def _address(scope: Scope) -> str:
    client = scope.get("client")
    return str(client[0]) if client else ""


def _follows_a_link(scope: Scope) -> bool:
    return scope["method"] in READS and SHARED.fullmatch(_path(scope)) is not None


def _path(scope: Scope) -> str:
    path: str = scope["path"]
    return path.removeprefix(scope.get("root_path", ""))
