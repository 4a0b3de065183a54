"""What a server logs of a request has no secret of a link."""

from __future__ import annotations

import logging

import pytest

from keel.services.access import logs

LINE = '%s - "%s %s HTTP/%s" %d'  # as uvicorn has it


def test_the_address_of_a_link_is_logged_without_its_secret(caplog: pytest.LogCaptureFixture) -> None:
    logs.keep_secrets_out()
    logs.keep_secrets_out()
    caplog.set_level(logging.INFO, "uvicorn.access")
    for path in ("/?share=abc-_1", "/drift?framework=fw_1&share=abc-_1", "/api/v1/shared/abc-_1", "/data"):
        logging.getLogger("uvicorn.access").info(LINE, "127.0.0.1:1", "GET", path, "1.1", 200)
    said = [record.getMessage() for record in caplog.records]
    assert said[0] == '127.0.0.1:1 - "GET /?share=… HTTP/1.1" 200'
    assert not [line for line in said if "abc" in line]
    assert "framework=fw_1" in said[1]
    assert said[3] == '127.0.0.1:1 - "GET /data HTTP/1.1" 200'
