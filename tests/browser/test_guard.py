"""The server as people start it keeps other sites out: over HTTP and over the pages' own WebSocket."""

from __future__ import annotations

import http.client
import json
from urllib.parse import urlsplit

HANDSHAKE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Protocol": "streamlit",
}
WRITE = "/api/v1/allocation-frameworks?template=balanced&name=x"


def ask(server: str, method: str, path: str, headers: dict[str, str]) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("localhost", urlsplit(server).port, timeout=20)
    connection.putrequest(method, path, skip_host="Host" in headers)
    for name, value in headers.items():
        connection.putheader(name, value)
    connection.endheaders()
    answer = connection.getresponse()
    body = b"" if answer.status == 101 else answer.read()
    connection.close()
    return answer.status, body


def names(server: str) -> list[str]:
    status, body = ask(server, "GET", "/api/v1/allocation-frameworks", {})
    assert status == 200
    return [row["name"] for row in json.loads(body)]


def test_a_foreign_page_writes_nothing(server: str) -> None:
    before = names(server)
    assert ask(server, "POST", WRITE, {"Origin": "https://evil.example"})[0] == 403
    assert ask(server, "POST", WRITE, {"Sec-Fetch-Site": "cross-site"})[0] == 403
    assert ask(server, "POST", WRITE, {"Content-Type": "text/plain", "Content-Length": "0"})[0] == 415
    assert names(server) == before


def test_a_name_that_was_pointed_at_this_machine_reads_nothing(server: str) -> None:
    for path in ("/", "/api/v1/allocation-frameworks", "/_stcore/health"):
        assert ask(server, "GET", path, {"Host": "evil.example"})[0] == 403


def test_only_our_own_pages_open_the_websocket(server: str) -> None:
    assert ask(server, "GET", "/_stcore/stream", HANDSHAKE | {"Origin": server})[0] == 101
    for origin in ("https://evil.example", "http://localhost:9999", "null"):
        assert ask(server, "GET", "/_stcore/stream", HANDSHAKE | {"Origin": origin})[0] == 403
    rebound = HANDSHAKE | {"Origin": "http://evil.example", "Host": "evil.example"}
    assert ask(server, "GET", "/_stcore/stream", rebound)[0] == 403
