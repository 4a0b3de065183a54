"""How long a test waits for what will come: no longer than it takes, and not too short where the machine is busy."""

from __future__ import annotations

PATIENCE = 300.0  # s; the first run after a change of the engine waits for the compiler
