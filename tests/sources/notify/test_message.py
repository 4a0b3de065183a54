"""Messages by webhook and mail, to endpoints on this machine that speak HTTP and SMTP."""

from __future__ import annotations

import json
import logging
import socketserver
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from keel.errors import NotSentError
from keel.sources.notify.message import send


@contextmanager
def serving(server: socketserver.BaseServer) -> Iterator[int]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield int(server.server_address[1])
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def webhook(status: int = 200) -> Iterator[tuple[int, list[Any]]]:
    """A webhook on a port, and what it was sent."""
    sent: list[Any] = []

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            sent.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with serving(HTTPServer(("127.0.0.1", 0), Hook)) as port:
        yield port, sent


@contextmanager
def mailbox() -> Iterator[tuple[int, list[str]]]:
    """A mail server on a port, and the messages it took."""
    mails: list[str] = []

    class Smtp(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"220 here\r\n")
            for line in self.rfile:
                word = line[:4].upper().strip()
                if word == b"DATA":
                    self.wfile.write(b"354 go on\r\n")
                    mails.append(b"".join(iter(self.rfile.readline, b".\r\n")).decode())
                self.wfile.write(b"250 fine\r\n" if word != b"QUIT" else b"221 bye\r\n")
                if word == b"QUIT":
                    return

    with serving(socketserver.TCPServer(("127.0.0.1", 0), Smtp)) as port:
        yield port, mails


def test_a_webhook_and_a_mailbox_are_told() -> None:
    with webhook() as (hook, sent), mailbox() as (smtp, mails):
        mail = f"mailto://127.0.0.1:{smtp}?from=keel@example.org&to=ann@example.org&mode=insecure"
        send([f"json://127.0.0.1:{hook}/alerts", mail], "Keel: 1 alert", "Sixty: Gold is over its band.")
    assert (sent[0]["title"], sent[0]["message"]) == ("Keel: 1 alert", "Sixty: Gold is over its band.")
    assert "Subject: Keel: 1 alert" in mails[0]
    assert "Gold is over its band." in mails[0]


def test_what_cannot_be_told_is_one_sentence_without_the_address(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    with webhook(500) as (port, _):
        for address, words in (
            (f"json://ann:SECRET@127.0.0.1:{port}/x", "could not be told"),
            ("nothing://SECRET", "cannot be understood"),
        ):
            with pytest.raises(NotSentError, match=words) as refused:
                send([address], "Title", "Text")
            assert "SECRET" not in refused.value.message + refused.value.hint
    ours = "".join(record.getMessage() for record in caplog.records if not record.name.startswith("urllib3"))
    assert "SECRET" not in ours + "".join(capfd.readouterr())


def test_without_the_library_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "apprise", None)
    with pytest.raises(NotSentError) as refused:
        send(["json://localhost"], "Title", "Text")
    assert "keel[notify]" in refused.value.hint
