"""An OpenID provider on this machine: it signs in whoever is said to sit at the keyboard, without a question."""

from __future__ import annotations

import base64
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwk, jwt

CLIENT, CLIENT_SECRET = "keel", "provider-knows-this-secret"
CONFIGURATION = "/.well-known/openid-configuration"


class Provider(ThreadingHTTPServer):
    """The provider; ``person`` is who signs in next."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Asked)
        self.issuer = f"http://127.0.0.1:{self.server_address[1]}"
        self.person = "ann"
        self.given: list[str] = []  # codes and tokens that nobody else may see
        self.key = jwk.RSAKey.generate_key(2048, {"kid": "1", "alg": "RS256", "use": "sig"})
        self._begun: dict[str, dict[str, str]] = {}

    def configuration(self) -> dict[str, Any]:
        """What the provider says of itself."""
        places = {"authorization": "auth", "token": "token"}
        return {
            "issuer": self.issuer,
            **{f"{name}_endpoint": f"{self.issuer}/{path}" for name, path in places.items()},
            "jwks_uri": f"{self.issuer}/jwks",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
        }

    def begin(self, asked: dict[str, str]) -> str:
        """Where the browser of one who has signed in is sent back to."""
        code = secrets.token_urlsafe(16)
        self.given.append(code)
        self._begun[code] = asked | {"person": self.person}
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, code: str) -> dict[str, Any]:
        """Who has signed in, said and signed once."""
        asked, now = self._begun.pop(code), int(time.time())
        person = asked["person"]
        claims = {"iss": self.issuer, "aud": CLIENT, "sub": person, "name": person.title(), "nonce": asked["nonce"]}
        signed = jwt.encode({"alg": "RS256", "kid": "1"}, claims | {"iat": now, "exp": now + 600}, self.key)
        access = secrets.token_urlsafe(16)
        self.given += [signed, access]
        return {"access_token": access, "token_type": "Bearer", "expires_in": 600, "id_token": signed}


class _Asked(BaseHTTPRequestHandler):
    server: Provider

    def do_GET(self) -> None:
        place = urlsplit(self.path)
        if place.path == "/auth":
            self.send_response(302)
            self.send_header("Location", self.server.begin({k: v[0] for k, v in parse_qs(place.query).items()}))
            self.end_headers()
            return
        known = {
            CONFIGURATION: self.server.configuration(),
            "/jwks": {"keys": [self.server.key.as_dict(private=False)]},
        }
        self._answer(200 if place.path in known else 404, known.get(place.path))

    def do_POST(self) -> None:
        body = parse_qs(self.rfile.read(int(self.headers["content-length"])).decode())
        shown = base64.b64decode(self.headers.get("authorization", "").removeprefix("Basic ")).decode()
        known = shown == f"{CLIENT}:{CLIENT_SECRET}"
        self._answer(200 if known else 401, self.server.token(body["code"][0]) if known else None)

    def _answer(self, status: int, content: object) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@contextmanager
def running() -> Iterator[Provider]:
    """The provider, answering."""
    with Provider() as provider:
        threading.Thread(target=provider.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        try:
            yield provider
        finally:
            provider.shutdown()
