"""How long REST takes on a real server, and what 200 clients at once come to: no update lost, nothing not described."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import httpx

ROOT = Path(__file__).parents[1]
ASKED = 200  # requests of each kind, one after another
CLIENTS = 200
SECONDS = float(os.environ.get("KEEL_BENCH_SECONDS", "60"))
AIMS = {"read a framework": 5, "validate it": 10, "map it to the embedded universe": 100}
PATIENCE = 120.0


def main() -> None:
    """Print two markdown tables."""
    with tempfile.TemporaryDirectory(prefix="keel-bench-") as folder:
        port = free_port()
        env = {**os.environ, "KEEL_DB": str(Path(folder) / "keel.duckdb"), "PORT": str(port)}
        with subprocess.Popen([sys.executable, "app.py"], cwd=ROOT, env=env, stdout=subprocess.DEVNULL) as server:
            try:
                base = f"http://localhost:{port}/api/v1"
                await_server(base)
                print(latency(base))
                print(asyncio.run(crowd(base)))
            finally:
                server.terminate()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as any_port:
        any_port.bind(("localhost", 0))
        port: int = any_port.getsockname()[1]
        return port


def await_server(base: str) -> None:
    """Waits until the server answers, and for what it loads ahead."""
    for _ in range(600):
        try:
            httpx.get(f"{base}/health", timeout=5)
            break
        except httpx.TransportError:
            time.sleep(0.1)
    time.sleep(10)


def latency(base: str) -> str:
    """A table of milliseconds, one client that keeps its connection."""
    lines = ["### REST: one client on a real server, 200 requests of each kind, ms\n"]
    lines += ["| request | median | slowest of 100 | aim |", "|---|---:|---:|---:|"]
    with httpx.Client(timeout=PATIENCE) as client:
        made = client.post(f"{base}/allocation-frameworks", params={"template": "balanced"}).json()
        at = f"{base}/allocation-frameworks/{made['id']}"
        asks: dict[str, Callable[[], httpx.Response]] = {
            "read a framework": lambda: client.get(at),
            "validate it": lambda: client.post(f"{base}/analytics/validate-framework", json=made),
            "map it to the embedded universe": lambda: client.post(f"{at}/map-products"),
        }
        for name, ask in asks.items():
            ask()
            took = sorted(timed(ask) for _ in range(ASKED))
            lines.append(f"| {name} | {median(took):.1f} | {took[-1 - ASKED // 100]:.1f} | {AIMS[name]} |")
    return "\n".join(lines) + "\n"


def timed(ask: Callable[[], httpx.Response]) -> float:
    """Milliseconds until a good answer."""
    began = time.perf_counter()
    ask().raise_for_status()
    return 1e3 * (time.perf_counter() - began)


async def crowd(base: str) -> str:
    """What so many clients came to that read, edit and backtest at once."""
    seen: Counter[str] = Counter()
    took: list[float] = []
    limits = httpx.Limits(max_connections=CLIENTS, max_keepalive_connections=0)  # no race with a server that lets go
    async with httpx.AsyncClient(base_url=base, timeout=PATIENCE, limits=limits) as client:
        shared = (await client.post("/allocation-frameworks", params={"template": "balanced", "name": "Shared"})).json()
        end = time.monotonic() + SECONDS
        users = [User(client, n, shared["id"], seen, took, end) for n in range(CLIENTS)]
        await asyncio.gather(*(user.work() for user in users))
        saved = sum(user.saved for user in users)
        newest = (await client.get(f"/allocation-frameworks/{shared['id']}")).json()["version"]
    lost = saved - (newest - 1) + sum(user.lost for user in users)
    lines = [f"\n### REST: {CLIENTS} clients that read, edit and backtest for {SECONDS:.0f} s\n"]
    lines += ["| answers | refused as stale | failed | updates | lost | median, ms | slowest, s |", "|" + 7 * "---:|"]
    stale = seen["409"] + seen["412"]
    failed = sum(n for status, n in seen.items() if status not in ("200", "201", "409", "412"))
    lines.append(
        f"| {seen.total():,} | {stale:,} | {failed} | {saved + sum(user.mine for user in users):,} | {lost} |"
        f" {1e3 * median(took):.0f} | {max(took):.1f} |"
    )
    return "\n".join(lines) + "\n"


class User:
    """One client: a framework of its own that it edits, and one that all edit."""

    def __init__(
        self,
        client: httpx.AsyncClient,
        number: int,
        shared: str,
        seen: Counter[str],
        took: list[float],
        end: float,
    ) -> None:
        self._client, self._number, self._shared = client, number, shared
        self._seen, self._took, self._end = seen, took, end
        self.saved = self.mine = self.lost = 0

    async def work(self) -> None:
        """Edits and backtests until the end: ``saved`` edits of the shared framework and ``mine`` of the own one were
        acknowledged, and so many of the latter are ``lost``.
        """
        own = (await self._ask("POST", "/allocation-frameworks?template=balanced")).json()
        turn = 0
        while time.monotonic() < self._end:
            turn += 1
            self.mine += await self._edit(own["id"], f"Own {self._number} {turn}")
            self.saved += await self._edit(self._shared, f"Shared {self._number} {turn}")
            if turn % 4 == 1:
                await self._ask("POST", "/backtest", {"framework_id": own["id"]})
        newest = (await self._ask("GET", f"/allocation-frameworks/{own['id']}")).json()["version"]
        self.lost = self.mine - (newest - 1)

    async def _edit(self, id: str, name: str) -> int:
        read = await self._ask("GET", f"/allocation-frameworks/{id}")
        body = read.json() | {"name": name}
        answer = await self._ask("PUT", f"/allocation-frameworks/{id}", body, {"If-Match": read.headers["etag"]})
        return int(answer.status_code == 200)

    async def _ask(self, method: str, address: str, body: Any = None, headers: Any = None) -> httpx.Response:
        began = time.perf_counter()
        answer = await self._client.request(method, address, json=body, headers=headers)
        self._took.append(time.perf_counter() - began)
        self._seen[str(answer.status_code)] += 1
        return answer


if __name__ == "__main__":
    main()
