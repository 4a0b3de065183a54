"""The guard before pages and REST: only this machine's names, and no writes for pages of other origins.

A browser lets any web page send requests to localhost, and a name that is pointed at 127.0.0.1 makes them look like its
own. So a request must name this machine in ``Host``, and what changes something must come from our own pages or from no
page at all. A WebSocket of a foreign origin is closed before Streamlit sees it, which would look up an outside address.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from ipaddress import ip_address
from typing import NamedTuple
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
HOST = re.compile(r"(?P<name>[A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\])(:(?P<port>\d{1,5}))?", re.ASCII)
READS = frozenset({"GET", "HEAD", "OPTIONS"})
OWN_SITE = ("", "same-origin", "none")  # "none": typed by a person; absent: no browser
REST = "/api/"
SIGN_OUT = "/auth/logout"  # Streamlit's: a link that does something
BODIES = (  # what no form can send
    "application/json",
    "text/csv",
    "application/vnd.apache.parquet",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/zip",
    "application/xml",
    "text/xml",
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Content-Security-Policy": "frame-ancestors 'self'",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",  # no picture of ours in a page of others
}
POLICY_VIOLATION = 1008  # RFC 6455


class Guard:
    """The app behind the guard: refuses foreign hosts, foreign origins and bodies that a form could send."""

    def __init__(self, app: ASGIApp, names: frozenset[str] = frozenset()) -> None:
        self._app = app
        self._names = names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hands a request on, or answers it with a problem document; closes a WebSocket that is not ours."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        client = scope.get("client")
        asked = Asked(scope["type"], scope.get("method", ""), scope["path"], str(client[0]) if client else "")
        refused = refusal(asked, Headers(scope=scope), self._names)
        if refused is None:
            await self._app(scope, receive, _with_headers(send))
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": POLICY_VIOLATION, "reason": refused[1]})
        else:
            await _problem(*refused)(scope, receive, send)


class Asked(NamedTuple):
    """What is asked, and from where: ``http`` or ``websocket``, method, path, and the address of who asks."""

    kind: str
    method: str
    path: str
    client: str = ""


def refusal(asked: Asked, headers: Mapping[str, str], names: frozenset[str] = frozenset()) -> tuple[int, str] | None:
    """The status and the sentence a request is refused with, or None.

    ``names`` are those that lead here from outside, where people log in.

    >>> refusal(Asked("http", "GET", "/"), {"host": "localhost:8501"}) is None
    True
    >>> origin = {"host": "localhost:8501", "origin": "https://evil.example"}
    >>> refusal(Asked("http", "POST", "/api/v1/backtest"), origin)[0]
    403
    """
    kind, method, path, client = asked
    if not names and _is_elsewhere(client):
        return 403, "This server answers to its own machine only; set up a login to let others in (docs/access.md)."
    host = headers.get("host", "")
    if _name(host) not in LOCAL | names:
        return 403, f"This server answers to localhost only, not to {host[:100] or 'a request without a host'}."
    changes = kind == "websocket" or method not in READS or path == SIGN_OUT
    # What a page asks for itself it could not read, but have computed as often as it likes; a link may be followed.
    is_for_a_page = path.startswith(REST) and headers.get("sec-fetch-mode", "navigate") != "navigate"
    may = f"may not {'change' if changes else 'ask'} anything here."
    if (changes or is_for_a_page) and not _is_own(headers.get("origin"), host):
        return 403, f"A page of another origin {may}"
    if (changes or is_for_a_page) and headers.get("sec-fetch-site", "") not in OWN_SITE:
        return 403, f"A page of another site {may}"
    if kind == "http" and changes and path.startswith(REST) and _has_foreign_body(headers):
        return 415, f"The body must be {' or '.join(BODIES[:2])}; say so in Content-Type."
    return None


def _is_elsewhere(client: str) -> bool:
    """Whether the address of who asks is that of another machine."""
    try:
        return not ip_address(client).is_loopback
    except ValueError:
        return False  # no address: a socket of this machine


def _name(host: str) -> str:
    """The name in a ``Host`` header without its port; empty when it is none."""
    match = HOST.fullmatch(host)
    if match is None or int(match["port"] or 1) not in range(1, 65536):
        return ""
    return match["name"].strip("[]").rstrip(".").lower()


def _is_own(origin: str | None, host: str) -> bool:
    """Whether a request comes from our own pages, or from no page."""
    if origin is None:
        return True
    parts = urlsplit(origin)
    return parts.scheme in ("http", "https") and parts.netloc.lower() == host.lower()


def _has_foreign_body(headers: Mapping[str, str]) -> bool:
    """Whether a body is sent, or a type named, that is neither JSON nor a table."""
    named = headers.get("content-type", "").partition(";")[0].strip().lower()
    sent = headers.get("content-length", "0").strip() not in ("", "0") or "transfer-encoding" in headers
    return named not in BODIES if named or sent else False


def _problem(status: int, sentence: str) -> JSONResponse:
    body = {"type": "urn:keel:problem:Refused", "title": "The request is refused", "status": status, "detail": sentence}
    return JSONResponse(body, status, media_type="application/problem+json", headers={**HEADERS, "Connection": "close"})


def _with_headers(send: Send) -> Send:
    """``send`` that adds the headers which keep other pages from framing ours."""

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return sent
