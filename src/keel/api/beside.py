"""REST beside the pages: what lies under its address goes to it as it came, whatever characters an id holds.

A mount of the page server would not do: it takes no line breaks, and what stands before it answers dots in plain text.
"""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send

ADDRESS = "/api/v1"


class Beside:
    """The pages' app with REST beside it."""

    def __init__(self, app: ASGIApp, rest: ASGIApp) -> None:
        self._app = app
        self._rest = rest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hands a request to REST or to the pages."""
        path = scope.get("path", "")
        if scope["type"] == "http" and (path == ADDRESS or path.startswith(ADDRESS + "/")):
            await self._rest({**scope, "root_path": scope.get("root_path", "") + ADDRESS}, receive, send)
        else:
            await self._app(scope, receive, send)
