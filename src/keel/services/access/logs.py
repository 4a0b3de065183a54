"""What a server logs of a request: its address, without the secret of a shared link.

Streamlit's server logs no requests until its settings change while it runs; uvicorn alone logs every one.
"""

from __future__ import annotations

import logging
import re

from keel.domain.access.link import PARAMETER

LOGGERS = ("uvicorn.access", "uvicorn.error")
SECRET = re.compile(rf"([?&]{PARAMETER}=|/shared/)[^\s&/?\"]+")


def keep_secrets_out() -> None:
    """Takes secrets out of what the server logs from now on; a second call changes nothing."""
    for name in LOGGERS:
        logging.getLogger(name).addFilter(_filter)


def without_secret(text: str) -> str:
    """A line of a log without what a link is followed by.

    >>> without_secret("GET /drift?a=1&share=abc&b=2"), without_secret("GET /api/v1/shared/abc")
    ('GET /drift?a=1&share=…&b=2', 'GET /api/v1/shared/…')
    """
    return SECRET.sub(r"\1…", text)


class _WithoutSecrets(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = without_secret(str(record.msg))
        if isinstance(record.args, tuple):
            record.args = tuple(without_secret(arg) if isinstance(arg, str) else arg for arg in record.args)
        return True


_filter = _WithoutSecrets()
