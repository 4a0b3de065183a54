"""A browser without a screen: it keeps cookies, follows links, and opens pages by the WebSocket that they live on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets import Subprotocol
from websockets.sync.client import ClientConnection, connect

XSRF = "_streamlit_xsrf"
PATIENCE = 30.0  # s


class Browser(httpx.Client):
    """One person's browser."""

    def __init__(self, server: str) -> None:
        super().__init__(base_url=server, follow_redirects=True, timeout=PATIENCE)
        self.server = server
        self.get("/_stcore/health")  # as a page does first; it is told what its WebSocket has to show

    @contextmanager
    def tab(self, **changed: str) -> Iterator[Tab]:
        """An open tab; its handshake is a browser's own but for what is ``changed``."""
        shown = {
            "origin": self.server,
            "xsrf": self.cookies.get(XSRF) or "",
            "host": self.server.split("//")[1],
        } | changed
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        with connect(
            self.server.replace("http", "ws") + "/_stcore/stream",
            origin=shown["origin"],  # type: ignore[arg-type]
            subprotocols=[Subprotocol("streamlit"), *([Subprotocol(shown["xsrf"])] if shown["xsrf"] else [])],
            additional_headers={"Cookie": cookies},
            max_size=None,
        ) as socket:
            yield Tab(socket)


class Tab:
    """A page that is open: ``shown`` is all that the server has sent for the last run, ``elements`` by their kind."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self.shown = ""
        self.session = ""
        self.elements: list[tuple[str, Any]] = []
        self.leads_to = ""

    def open(self, page: str, query: str = "", *widgets: dict[str, Any]) -> Tab:
        """The tab when the page has been drawn, its widgets in the given states."""
        asked = BackMsg()
        asked.rerun_script.page_name, asked.rerun_script.query_string = page, query
        for state in widgets:
            asked.rerun_script.widget_states.widgets.add(**state)
        self._socket.send(asked.SerializeToString())
        self.shown, self.elements = "", []
        while True:
            answer = ForwardMsg.FromString(self._socket.recv(PATIENCE))  # type: ignore[arg-type]
            self.shown += str(answer)
            kind = answer.WhichOneof("type")
            if kind == "new_session":
                self.session = answer.new_session.initialize.session_id or self.session
            if kind == "auth_redirect":
                self.leads_to = answer.auth_redirect.url
            if kind == "delta" and answer.delta.WhichOneof("type") == "new_element":
                element = answer.delta.new_element
                name = element.WhichOneof("type")
                self.elements.append((name, getattr(element, name)))
            if kind == "script_finished" and answer.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
                return self

    def of(self, kind: str) -> list[Any]:
        """The elements of a kind, in order."""
        return [element for name, element in self.elements if name == kind]

    def id_of(self, label: str) -> str:
        """The id of the widget with that label."""
        labels = (label, f":violet[{label}]")
        return str(next(e.id for _, e in self.elements if getattr(e, "label", None) in labels))
