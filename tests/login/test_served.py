"""The server with a login, as people reach it: a provider, cookies, pages by their WebSocket, and REST by tokens."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from tests.conftest import ROOT
from tests.login import provider as openid
from tests.login.provider import Provider
from tests.login.tab import PATIENCE, Browser
from tests.server import await_answer, free_port
from websockets import InvalidStatus

from keel import journey
from keel.ui.frame.login import owner_id

SIGN_IN = "Sign in to see your portfolios"
FRAMEWORKS = "/api/v1/allocation-frameworks"
OWN = "Orchard fund"
NEW = {"template": "balanced", "name": OWN}
COOKIE_SECRET, MODEL_KEY, HOOK = "cookies-are-signed-with-this", "model-key-nobody-sees", "hook-nobody-sees"


@dataclass
class Served:
    """A running server, who signs people in, and what the server has logged."""

    address: str
    provider: Provider
    log: Path


@pytest.fixture(scope="module")
def served(sample_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder, port = tmp_path_factory.mktemp("login"), free_port()
    (folder / "keel.duckdb").write_bytes(sample_file.read_bytes())
    address, log = f"http://localhost:{port}", folder / "server.log"
    (folder / ".streamlit").mkdir()
    env = {
        **os.environ,
        "HOME": str(folder),
        "KEEL_DB": str(folder / "keel.duckdb"),
        "PORT": str(port),
        "PYTHONPATH": str(ROOT / "src"),
        "KEEL_WATCH": "0",
        "KEEL_MODEL": "openai:none",
        "KEEL_MODEL_URL": "http://127.0.0.1:9/v1",
        "KEEL_MODEL_KEY": MODEL_KEY,
        "KEEL_NOTIFY": f"json://ann:{HOOK}@127.0.0.1:9/{HOOK}",
    }
    with openid.running() as provider, log.open("wb") as said:
        (folder / ".streamlit" / "secrets.toml").write_text(
            f'[auth]\nredirect_uri = "{address}/oauth2callback"\ncookie_secret = "{COOKIE_SECRET}"\n'
            f'client_id = "{openid.CLIENT}"\nclient_secret = "{openid.CLIENT_SECRET}"\n'
            f'server_metadata_url = "{provider.issuer}{openid.CONFIGURATION}"\n'
        )
        process = subprocess.Popen([sys.executable, str(ROOT / "app.py")], cwd=ROOT, env=env, stdout=said, stderr=said)
        try:
            await_answer(f"{address}/_stcore/health", process, log)
            yield Served(address, provider, log)
        finally:
            process.terminate()
            process.wait(timeout=20)


@pytest.fixture(scope="module")
def nobody(served: Served) -> Iterator[Browser]:
    with closing(Browser(served.address)) as browser:
        yield browser


def signed_in(served: Served, person: str) -> Browser:
    """The browser of one who has clicked "Sign in"."""
    served.provider.person = person
    browser = Browser(served.address)
    with browser.tab() as tab:
        button = tab.open("start").id_of("Sign in")
        leads_to = tab.open("start", "", {"id": button, "trigger_value": True}).leads_to
    assert browser.get(leads_to).status_code == 200
    return browser


@pytest.fixture(scope="module")
def ann(served: Served) -> Iterator[Browser]:
    with closing(signed_in(served, "ann")) as browser:
        yield browser


@pytest.fixture(scope="module")
def bob(served: Served) -> Iterator[Browser]:
    with closing(signed_in(served, "bob")) as browser:
        yield browser


@pytest.fixture(scope="module")
def secrets(ann: Browser, bob: Browser) -> tuple[str, str]:
    """A token of each, made on the page Data."""
    return token_of(ann), token_of(bob)


@pytest.fixture(scope="module")
def framework(served: Served, secrets: tuple[str, str]) -> str:
    """The id of one that is Ann's."""
    asked = httpx.post(f"{served.address}{FRAMEWORKS}", params=NEW, headers=bearer(secrets[0]), timeout=PATIENCE)
    assert asked.status_code == 201
    return str(asked.json()["id"])


def token_of(browser: Browser) -> str:
    with browser.tab() as tab:
        tab.open("data")
        typed = {"Where it is used": "Laptop", "It may": "Read and change", "It ends after": "30 days"}
        states = [{"id": tab.id_of(label), "string_value": text} for label, text in typed.items()]
        tab.open("data", "", *states, {"id": tab.id_of("Make a token"), "trigger_value": True})
        return str(tab.of("code")[0].code_text)


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def test_behind_a_server_on_this_machine_each_address_has_limits_of_its_own(served: Served) -> None:
    with httpx.Client(base_url=served.address, timeout=PATIENCE) as client:

        def asked_from(address: str) -> int:
            headers = bearer("keel_of_nobody") | {"X-Forwarded-For": address}
            return client.get(FRAMEWORKS, headers=headers).status_code

        assert [asked_from("192.0.2.1") for _ in range(31)][-2:] == [401, 429]
        assert asked_from("192.0.2.2") == 401


def test_who_is_not_signed_in_sees_the_way_in_and_nothing_else(served: Served, nobody: Browser, framework: str) -> None:
    with nobody.tab() as tab:
        for step in journey.STEPS:
            tab.open(step.id, f"framework={framework}")
            assert [heading.body for heading in tab.of("heading")] == [SIGN_IN], step.id
            assert [button.label for button in tab.of("button")] == [":violet[Sign in]"]
            assert {kind for kind, _ in tab.elements} <= {"empty", "heading", "markdown", "button"}
            assert OWN not in tab.shown
        upload = nobody.put(f"/_stcore/upload_file/{tab.session}/file", files={"file": b"path,target_weight"})
        assert upload.status_code >= 400  # without what a page of ours shows
    for path in (FRAMEWORKS, f"{FRAMEWORKS}/{framework}", "/api/v1/looks.ics", "/api/v1/openapi.json"):
        assert nobody.get(path).status_code == 401
    assert nobody.get("/api/v1/shared/nothing").status_code == 404


def test_each_sees_what_is_theirs_in_pages_and_over_rest(
    served: Served, ann: Browser, bob: Browser, secrets: tuple[str, str], framework: str
) -> None:
    anns, bobs = (httpx.Client(base_url=served.address, headers=bearer(secret), timeout=PATIENCE) for secret in secrets)
    who = [client.get("/api/v1/me").json()["user_id"] for client in (anns, bobs)]
    assert who == [owner_id(served.provider.issuer, person) for person in ("ann", "bob")]
    assert [client.get(f"{FRAMEWORKS}/{framework}").status_code for client in (anns, bobs)] == [200, 404]
    assert bobs.get(FRAMEWORKS).json() == []
    with ann.tab() as mine, bob.tab() as theirs:
        assert OWN in mine.open("allocation", f"framework={framework}").shown
        assert OWN in mine.open("start").shown
        assert "There is no framework" in theirs.open("allocation", f"framework={framework}").shown
        for page in ("allocation", "start"):
            assert OWN not in theirs.open(page, f"framework={framework}").shown
        assert "Bob" in theirs.shown
        assert "Ann" not in theirs.shown


def test_a_page_of_another_origin_can_do_nothing(served: Served, ann: Browser, framework: str) -> None:
    """Whatever cookies it makes her browser send along."""
    for foreign in ("https://evil.example", "http://localhost:9999", "null"):
        with pytest.raises(InvalidStatus, match="403"), ann.tab(origin=foreign):
            pass
    with ann.tab(xsrf="") as tab:
        assert [heading.body for heading in tab.open("start").of("heading")] == [SIGN_IN]
    with ann.tab() as tab:
        session = tab.open("start").session
        from_elsewhere = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
        asks = [
            ("PUT", f"/_stcore/upload_file/{session}/file"),
            ("DELETE", f"/_stcore/upload_file/{session}/file"),
            ("POST", f"{FRAMEWORKS}?template=balanced"),
            ("GET", "/auth/logout"),
        ]
        for method, path in asks:
            answer = ann.request(method, path, headers=from_elsewhere)
            assert answer.status_code == 403, path
    for path in (f"{FRAMEWORKS}/{framework}", "/api/v1/looks.ics", "/_stcore/health", "/", "/component/x/index.html"):
        answer = ann.get(path, headers=from_elsewhere)
        assert answer.headers.get("access-control-allow-origin") is None, path
        assert answer.headers["x-frame-options"] == "SAMEORIGIN"
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"
        assert OWN not in answer.text
    with ann.tab() as tab:  # she is signed in as she was
        assert OWN in tab.open("start").shown


def test_who_signs_out_is_out(served: Served) -> None:
    with closing(signed_in(served, "cid")) as cid:
        with cid.tab() as tab:
            button = tab.open("start").id_of("Sign out")
            leads_to = tab.open("start", "", {"id": button, "trigger_value": True}).leads_to
        assert cid.get(leads_to).status_code == 200
        with cid.tab() as tab:
            assert [heading.body for heading in tab.open("start").of("heading")] == [SIGN_IN]


def test_nothing_secret_is_logged(served: Served, ann: Browser, secrets: tuple[str, str], framework: str) -> None:
    """What fails is logged: a hook that does not answer, a code that is none. (A model has its own tests.)"""
    client = httpx.Client(base_url=f"{served.address}/api/v1", headers=bearer(secrets[0]), timeout=30)
    portfolio = client.post("/portfolios", json={"framework_id": framework}).json()
    at = f"/portfolios/{portfolio['id']}"
    rows = [{"symbol": pick["symbol"], "quantity": 10**n, "price": 100} for n, pick in enumerate(portfolio["picks"])]
    assert client.put(f"{at}/positions", json={"positions": rows}).status_code == 200
    link = client.post(f"{at}/shares", json={}).json()["secret"]
    said = client.post("/alerts/look").json()
    assert said["trouble"]
    hidden = [
        *secrets,
        link,
        COOKIE_SECRET,
        MODEL_KEY,
        HOOK,
        openid.CLIENT_SECRET,
        *served.provider.given,
        *ann.cookies.values(),
    ]
    hidden.append("code-that-is-none")
    ann.get("/oauth2callback", params={"code": hidden[-1], "state": "none"})
    with closing(Browser(served.address)) as other, other.tab() as tab:
        other.get(f"/api/v1/shared/{link}")
        other.get("/api/v1/me", headers=bearer(secrets[0] + "x"))
        tab.open("start", f"share={link}")
        other.get("/", params={"share": link})
    log = served.log.read_text(errors="replace")
    assert not [secret for secret in hidden if secret in log or secret[:24] in log]
    answers = json.dumps([said, client.get("/tokens").json(), client.get(f"{at}/shares").json()])
    assert not [secret for secret in hidden if secret in answers]
