"""A server that a test starts: a port of its own, and the wait until it answers."""

from __future__ import annotations

import socket
import subprocess
import time
import urllib.request
from pathlib import Path
from typing import Any


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def await_answer(url: str, process: subprocess.Popen[Any], log: Path | None = None) -> None:
    """Waits until the process answers at ``url``; fails when it ends or a minute has passed, with what it logged."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.1)  # the process is starting; there is nothing else to wait on
    said = log.read_text(errors="replace") if log else ""
    raise AssertionError(f"the server did not start\n{said}")
