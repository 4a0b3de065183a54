"""The auditor as a process: tapes go in, values at each close come out, and whatever fails is one sentence."""

from __future__ import annotations

import atexit
import os
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from keel.domain.arrays import Floats
from keel.errors import AuditError

if TYPE_CHECKING:
    from keel.audit.orders import Tape

NAME = "vectorbt"
INSTALL = "Install it with pip install 'keel[audit]'."
SCRIPT = Path(__file__).with_name("replay.py")
TIMEOUT = 300.0  # seconds; on a slow machine vectorbt loads in 20 and compiles, the first time only, in 40

SMALL = 20_000  # closes: as they are written vectorbt's lines take 2 s for so many, to compile them first takes 20 s

LISTENS = 0.2  # s after which it is looked whether the audit is still wanted

_alive: set[subprocess.Popen[str]] = set()


@dataclass(frozen=True, slots=True)
class Replay:
    """The auditor's version and the value (n,) of each tape at each close, in the tape's money."""

    version: str
    values: tuple[Floats, ...]


def available() -> bool:
    """Whether the auditor is installed."""
    return find_spec(NAME) is not None


def replay(
    tapes: Sequence[Tape],
    *,
    script: Path | None = None,
    timeout: float = TIMEOUT,
    cancel: Callable[[], bool] | None = None,
) -> Replay:
    """The tapes replayed in a process of their own.

    Raises AuditError: not installed, failed, too slow, or stopped because ``cancel`` said yes.
    """
    if not available():
        raise AuditError(f"The auditor, {NAME}, is not installed.", hint=INSTALL, subject=NAME)
    with tempfile.TemporaryDirectory(prefix="keel-audit-") as folder:
        source, target = Path(folder, "tapes.npz"), Path(folder, "values.npz")
        _write(source, tapes)
        # -P: the script's own folder does not come before the installed packages.
        command = [sys.executable, "-P", str(script or SCRIPT), str(source), str(target)]
        _run(command, _environment(tapes), timeout, cancel)
        return _read(target, tapes)


def _write(path: Path, tapes: Sequence[Tape]) -> None:
    parts = {"count": np.array(len(tapes))}
    for i, tape in enumerate(tapes):
        names = ("closes", "cash", "flows", "orders", "advisory")
        parts |= {f"{i}.{name}": np.asarray(getattr(tape, name)) for name in names}
    np.savez(path, allow_pickle=False, **parts)


def _environment(tapes: Sequence[Tape]) -> dict[str, str]:
    """The environment of the process, where numba compiles only what is worth it."""
    closes = sum(tape.closes.size * len(tape.cash) for tape in tapes)
    return {**os.environ, "NUMBA_DISABLE_JIT": "1"} if closes <= SMALL else dict(os.environ)


def _run(command: list[str], environment: dict[str, str], timeout: float, cancel: Callable[[], bool] | None) -> None:
    process = subprocess.Popen(  # noqa: S603 - our own script, by this interpreter
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
    )
    _alive.add(process)
    with process:
        try:
            said = _await(process, timeout, cancel)
        finally:
            process.kill()  # does nothing to one that has ended
            _alive.discard(process)
    if process.returncode < 0:
        raise AuditError(
            f"The auditor was stopped by signal {-process.returncode}.", hint="It needs about 400 MB of memory."
        )
    if process.returncode:
        last = next((line.strip() for line in reversed(said.splitlines()) if line.strip()), "it does not say why")
        raise AuditError(f"{NAME} could not replay the run: {last[:200]}", hint="See whether it is installed whole.")


def _await(process: subprocess.Popen[str], timeout: float, cancel: Callable[[], bool] | None) -> str:
    """What the process said until its end. Raises AuditError when it takes too long or is no longer wanted."""
    deadline = time.monotonic() + timeout
    while True:
        try:
            return process.communicate(timeout=min(LISTENS, timeout))[1]
        except subprocess.TimeoutExpired as error:
            if cancel is not None and cancel():
                raise AuditError("The audit was stopped.", hint="It can be asked for again.") from error
            if time.monotonic() > deadline:
                raise AuditError(
                    f"The audit was stopped after {timeout:g} seconds.", hint="Try again when the machine is less busy."
                ) from error


def _read(path: Path, tapes: Sequence[Tape]) -> Replay:
    try:
        with np.load(path, allow_pickle=False) as found:
            values = tuple(np.asarray(found[str(i)], dtype=np.float64) for i in range(len(tapes)))
            version = str(found["version"])
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise AuditError(f"{NAME} ended without an answer.", hint="Try again.") from error
    if any(v.shape != (len(t.closes),) or not np.isfinite(v).all() for v, t in zip(values, tapes, strict=True)):
        raise AuditError(f"The answer of {NAME} is not one value for each close.", hint="Try again.")
    return Replay(version, values)


@atexit.register
def _stop() -> None:
    """Ends an auditor at work, so that it does not outlive the server."""
    for process in list(_alive):
        process.kill()
