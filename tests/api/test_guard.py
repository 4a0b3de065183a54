from __future__ import annotations

import socket
import tomllib
from pathlib import Path

import pytest
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from keel.api.guard import LOCAL, Asked, Guard, refusal

OWN = {"host": "localhost:8501"}
JSON = {"content-type": "application/json", "content-length": "2"}


@pytest.mark.parametrize(
    "host", ["localhost", "localhost:8501", "LOCALHOST:8501", "127.0.0.1:9", "[::1]:8501", "[::1]"]
)
def test_the_names_of_this_machine_are_answered(host: str) -> None:
    assert refusal(Asked("http", "GET", "/api/v1/health"), {"host": host}) is None


@pytest.mark.parametrize(
    "host",
    [
        *(
            "",
            "evil.example",
            "localhost.evil.example",
            "evil.example:8501",
            "127.0.0.1.nip.io",
            "0.0.0.0",
            "a@localhost",
        ),
        *("localhost:99999", "localhost:0", "localhost:x", "localhost/..", "localhost#", "localhost?"),
        *("[::1", "[::2]", "2130706433", "192.168.0.7", " localhost", "localhost\u0660"),
    ],
)
def test_any_other_name_is_refused_whatever_is_asked(host: str) -> None:
    for kind, method in (("http", "GET"), ("http", "PUT"), ("websocket", "")):
        found = refusal(Asked(kind, method, "/"), {"host": host})
        assert found is not None
        assert found[0] == 403


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://localhost:9999", "http://127.0.0.1:8501", "file://"]
)
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "websocket"])
def test_a_page_of_another_origin_changes_nothing(origin: str, method: str) -> None:
    kind = "websocket" if method == "websocket" else "http"
    found = refusal(Asked(kind, method, "/api/v1/portfolios"), OWN | JSON | {"origin": origin})
    assert found is not None
    assert found[0] == 403


def test_a_page_of_another_origin_has_nothing_computed_either_but_a_link_is_followed() -> None:
    asked = Asked("http", "GET", "/api/v1/runs/run_1/pack")
    for mode in ("cors", "no-cors", "same-origin", "websocket"):
        for site in ("cross-site", "same-site"):
            refused = refusal(asked, OWN | {"sec-fetch-mode": mode, "sec-fetch-site": site})
            assert refused == (403, "A page of another site may not ask anything here.")
    assert refusal(asked, OWN | {"sec-fetch-mode": "navigate", "sec-fetch-site": "cross-site"}) is None
    assert refusal(asked, OWN | {"sec-fetch-mode": "cors", "sec-fetch-site": "same-origin"}) is None
    assert refusal(asked, OWN | {"content-type": "text/plain"}) is None
    assert (
        refusal(Asked("http", "GET", "/"), OWN | {"sec-fetch-mode": "no-cors", "sec-fetch-site": "same-site"}) is None
    )


def test_only_our_own_pages_sign_somebody_out() -> None:
    asked = Asked("http", "GET", "/auth/logout")
    for foreign in ({"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}, {"origin": "null"}):
        assert refusal(asked, OWN | foreign) is not None
    assert refusal(asked, OWN | {"sec-fetch-site": "same-origin"}) is None
    # the provider sends its own pages' visitors back
    assert refusal(Asked("http", "GET", "/oauth2callback"), OWN | {"sec-fetch-site": "cross-site"}) is None


def test_a_browser_that_names_another_site_is_refused_even_without_an_origin() -> None:
    for site in ("cross-site", "same-site"):
        assert refusal(Asked("http", "POST", "/api/v1/portfolios"), OWN | JSON | {"sec-fetch-site": site}) is not None
    for site in ("same-origin", "none"):
        assert refusal(Asked("http", "POST", "/api/v1/portfolios"), OWN | JSON | {"sec-fetch-site": site}) is None


def test_our_own_pages_and_programs_may_write() -> None:
    assert refusal(Asked("http", "POST", "/api/v1/backtest"), OWN | JSON) is None
    assert refusal(Asked("http", "POST", "/api/v1/backtest"), OWN | JSON | {"origin": "http://localhost:8501"}) is None
    assert refusal(Asked("http", "DELETE", "/api/v1/jobs/j"), OWN) is None
    assert refusal(Asked("websocket", "", "/_stcore/stream"), OWN | {"origin": "http://localhost:8501"}) is None
    assert (
        refusal(Asked("http", "PUT", "/_stcore/upload_file/x"), OWN | {"content-type": "multipart/form-data"}) is None
    )


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_a_body_that_a_form_could_send_is_refused(kind: str) -> None:
    found = refusal(
        Asked("http", "POST", "/api/v1/allocation-frameworks"), OWN | {"content-type": kind, "content-length": "9"}
    )
    assert found is not None
    assert found[0] == 415


def test_json_and_csv_are_bodies_and_no_body_needs_no_type() -> None:
    for kind in ("application/json", "application/json; charset=utf-8", "Text/CSV"):
        assert refusal(Asked("http", "PUT", "/api/v1/x"), OWN | {"content-type": kind, "content-length": "9"}) is None
    assert refusal(Asked("http", "POST", "/api/v1/x"), OWN) is None
    assert refusal(Asked("http", "POST", "/api/v1/x"), OWN | {"content-length": "9"}) is not None
    assert refusal(Asked("http", "POST", "/api/v1/x"), OWN | {"transfer-encoding": "chunked"}) is not None


def test_a_refusal_is_a_problem_document_and_reaches_nothing_behind() -> None:
    reached = []

    async def behind(scope: object, receive: object, send: object) -> None:
        reached.append(scope)
        await PlainTextResponse("fine")(scope, receive, send)  # type: ignore[arg-type]

    client = TestClient(Guard(behind), base_url="http://localhost:8501")
    answer = client.post("/api/v1/portfolios", json={}, headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"] == "A page of another origin may not change anything here."
    assert not reached
    assert client.get("/").headers["X-Frame-Options"] == "SAMEORIGIN"
    assert client.get("/", headers={"Host": "evil.example"}).status_code == 403


def test_a_foreign_websocket_is_closed_before_the_app_sees_it() -> None:
    reached = []

    async def behind(scope: object, receive: object, send: object) -> None:
        reached.append(scope)

    client = TestClient(Guard(behind), base_url="http://localhost:8501")
    foreign = client.websocket_connect("ws://localhost:8501/_stcore/stream", headers={"Origin": "https://evil.example"})
    with pytest.raises(WebSocketDisconnect), foreign:
        pass
    assert not reached


def test_streamlits_own_door_has_the_same_names() -> None:
    config = tomllib.loads((Path(__file__).parents[2] / ".streamlit" / "config.toml").read_text())
    assert set(config["server"]["allowedHosts"]) == LOCAL


def test_the_local_names_are_those_that_lead_here() -> None:
    for name in LOCAL:
        addresses = {row[4][0] for row in socket.getaddrinfo(name, 80)}
        assert addresses <= {"127.0.0.1", "::1"}


def test_another_machine_is_answered_only_where_people_log_in() -> None:
    public = frozenset({"keel.example.org"})
    for client in ("192.168.1.5", "10.0.0.1", "2001:db8::1"):
        refused = refusal(Asked("http", "GET", "/", client), OWN)
        assert refused is not None
        assert "set up a login" in refused[1]
        assert refusal(Asked("http", "GET", "/", client), {"host": "keel.example.org"}, public) is None
    assert refusal(Asked("http", "GET", "/", "192.168.1.5"), {"host": "evil.example"}, public) is not None
    for client in ("127.0.0.1", "::1", "", "testclient"):
        assert refusal(Asked("http", "GET", "/", client), OWN) is None
    origin = {"host": "keel.example.org", "origin": "https://evil.example"}
    assert refusal(Asked("http", "POST", "/api/v1/backtest", "192.168.1.5"), origin | JSON, public) is not None


def test_no_other_site_is_told_the_address_that_somebody_comes_from() -> None:
    answer = TestClient(Guard(PlainTextResponse("a page")), base_url="http://localhost").get("/?share=secret")
    assert answer.headers["referrer-policy"] == "same-origin"
