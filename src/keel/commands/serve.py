"""``keel serve``: pages and REST in one process."""

from __future__ import annotations

import errno
import json
import os
import runpy
import socket
import sys
from pathlib import Path

import click

from keel.commands import inputs
from keel.commands.output import busy, json_option
from keel.errors import InputError

SECRETS = Path(".streamlit") / "secrets.toml"  # the server looks whether a login stands in them


@click.command()
@click.option("--port", type=inputs.Whole(1, 65535), help="The port; else PORT of the environment, else 8501.")
@click.option("--host", metavar="ADDRESS", help="Where to listen; beyond this machine only where people log in.")
@json_option
def serve(port: int | None, host: str | None, as_json: bool) -> None:
    """Serve the pages and the REST interface on this machine."""
    from keel.commands.database import opened
    from keel.settings import host as usual_host
    from keel.settings import load, require_login
    from keel.settings import port as usual

    settings = load()
    chosen = port or usual()
    script = settings.app_path
    address = host or usual_host()
    require_script(script)
    require_login(address, any((folder / SECRETS).is_file() for folder in (script.parent, Path.home())))
    require_free(chosen)
    with busy("Building the database"), opened():
        pass  # a database in use is said in one line here; the server opens it again
    url = f"http://localhost:{chosen}"
    sys.stdout.write((json.dumps({"url": url}) if as_json else f"Keel serves {url}") + "\n")
    sys.stdout.flush()
    os.environ |= {
        "PORT": str(chosen),
        "KEEL_HOST": address,
        "KEEL_DB": str(settings.db_path.absolute()),
        "KEEL_DATA": str(settings.data_dir.absolute()),
    }
    os.chdir(script.parent)  # the server reads .streamlit/config.toml beside its script
    runpy.run_path(str(script), run_name="__main__", init_globals={"announced": True})


def require_free(port: int) -> None:
    """Raise when another program listens on the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("localhost", port))
        except OSError as error:
            reason = "is in use by another program" if error.errno == errno.EADDRINUSE else f"cannot be used: {error}"
            hint = "Stop it, or choose another port with --port."
            raise InputError(f"Port {port} {reason}.", hint=hint, subject="--port") from error


def require_script(script: Path) -> None:
    """Raise when the server's script is not where it belongs."""
    if not script.is_file():
        raise InputError(f"The server's script is missing: {script}.", hint="Install Keel again.")
