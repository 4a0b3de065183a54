"""How long REST takes on a real server, and what 200 owners at once come to: nothing lost, nothing of another seen."""

from __future__ import annotations

import asyncio
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import httpx

from keel.domain.access.token import Scope
from keel.services.access import tokens
from keel.store.connection import Database

ROOT = Path(__file__).parents[1]
ASKED = 200  # requests of each kind, one after another
CLIENTS = 200
SECONDS = float(os.environ.get("KEEL_BENCH_SECONDS", "60"))
AIMS = {"read a framework": 5, "validate it": 10, "map it to the embedded universe": 100}
PATIENCE = 120.0
THEIRS = re.compile(
    r"\b(?:fw|pf|run|job|tok)_[0-9a-f]{12,}\b|\bOwner \d+\b"
)  # ids of what is somebody's, and names that say whose


def main() -> None:
    """Print two markdown tables."""
    with tempfile.TemporaryDirectory(prefix="keel-bench-") as folder:
        port, database = free_port(), Path(folder) / "keel.duckdb"
        secrets = made_tokens(database)
        env = {**os.environ, "KEEL_DB": str(database), "PORT": str(port)}
        with subprocess.Popen([sys.executable, "app.py"], cwd=ROOT, env=env, stdout=subprocess.DEVNULL) as server:
            try:
                base = f"http://localhost:{port}/api/v1"
                await_server(base)
                print(latency(base, secrets.pop()))
                before = resident(server.pid)
                print(asyncio.run(crowd(base, secrets)))
                print(f"The server had {before:.0f} MB in memory before them, {resident(server.pid):.0f} MB after.\n")
            finally:
                server.terminate()


def made_tokens(database: Path) -> list[str]:
    """A token for each of so many owners, and one more."""
    db = Database.open(database)
    try:
        return [tokens.create(db.of(f"owner {n}"), "bench", Scope.write).secret for n in range(CLIENTS + 1)]
    finally:
        db.close()


def bearer(secret: str) -> dict[str, str]:
    """The header that shows a token."""
    return {"Authorization": f"Bearer {secret}"}


def resident(pid: int) -> float:
    """The memory of a process, MB."""
    said = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, text=True, check=True)
    return int(said.stdout) / 1000


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


def latency(base: str, secret: str) -> str:
    """A table of milliseconds, one client that keeps its connection and shows a token."""
    lines = ["### REST: one client with a token on a real server, 200 requests of each kind, ms\n"]
    lines += ["| request | median | slowest of 100 | aim |", "|---|---:|---:|---:|"]
    with httpx.Client(timeout=PATIENCE, headers=bearer(secret)) as client:
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


async def crowd(base: str, secrets: list[str]) -> str:
    """What so many owners came to who read, edit, map and backtest at once, each with a token of their own."""
    took: dict[str, list[float]] = defaultdict(list)
    limits = httpx.Limits(max_connections=CLIENTS, max_keepalive_connections=0)  # no race with a server that lets go
    async with httpx.AsyncClient(base_url=base, timeout=PATIENCE, limits=limits) as client:
        end = time.monotonic() + SECONDS
        owners = [Owner(client, n, secret, took, end) for n, secret in enumerate(secrets)]
        await asyncio.gather(*(owner.work() for owner in owners))
    answers = Counter[str]()
    for owner in owners:
        answers.update(owner.answers)
    stale = answers["412"]
    failed = sum(n for status, n in answers.items() if status not in ("200", "201", "412"))
    others = seen_of_others(owners)
    every = [seconds for kind in took.values() for seconds in kind]
    lines = [f"\n### REST: {CLIENTS} owners with a token each, who read, edit, map and backtest for {SECONDS:.0f} s\n"]
    lines += ["| answers | refused as stale | failed | updates | lost | seen of another | median, ms | slowest, s |"]
    lines += ["|" + 8 * "---:|"]
    lines += [
        f"| {answers.total():,} | {stale:,} | {failed} | {sum(owner.saved for owner in owners):,} |"
        f" {sum(owner.lost for owner in owners)} | {others} | {1e3 * median(every):.0f} | {max(every):.1f} |"
    ]
    lines += ["\n| request | answers | median, ms |", "|---|---:|---:|"]
    lines += [f"| {kind} | {len(seconds):,} | {1e3 * median(seconds):.0f} |" for kind, seconds in took.items()]
    return "\n".join(lines) + "\n"


def seen_of_others(owners: list[Owner]) -> int:
    """How many ids and names were in the answers to more than one of them, or bear the name of another."""
    seen = Counter(word for owner in owners for word in owner.seen)
    return sum(n - 1 for n in seen.values())


class Owner:
    """One client: what it has, and what it has been shown."""

    def __init__(
        self, client: httpx.AsyncClient, number: int, secret: str, took: dict[str, list[float]], end: float
    ) -> None:
        self._client, self._number, self._took, self._end = client, number, took, end
        self._headers = bearer(secret)
        self.answers, self.seen = Counter[str](), set[str]()
        self.saved = self.lost = 0

    async def work(self) -> None:
        """Reads, edits, maps and backtests until the end: ``saved`` edits were acknowledged, ``lost`` are not there."""
        name = f"Owner {self._number}"
        own = (await self._ask("make", "POST", f"/allocation-frameworks?template=balanced&name={name}")).json()
        at, turn, newest = f"/allocation-frameworks/{own['id']}", 0, 1
        while time.monotonic() < self._end:
            turn += 1
            read = await self._ask("read", "GET", at)
            body = read.json() | {"name": f"{name} {turn}"}
            match = read.headers["etag"] if (turn + self._number) % 3 else '"1"'  # one in three comes late
            edit = await self._ask("edit", "PUT", at, body, {"If-Match": match})
            self.saved += edit.status_code == 200
            newest = edit.json()["version"] if edit.status_code == 200 else newest
            await self._ask("validate", "POST", "/analytics/validate-framework", body)
            await self._ask("list", "GET", ("/allocation-frameworks", "/portfolios", "/runs", "/tokens")[turn % 4])
            if (turn + self._number) % 4 == 0:
                await self._ask("map", "POST", f"{at}/map-products")
                await self._ask("backtest", "POST", "/backtest", {"framework_id": own["id"]})
        last = (await self._ask("read", "GET", at)).json()["version"]
        self.lost = max(self.saved - (last - 1), newest - last)

    async def _ask(self, kind: str, method: str, address: str, body: Any = None, headers: Any = None) -> httpx.Response:
        sent = self._headers | (headers or {})
        began = time.perf_counter()
        answer = await self._client.request(method, address, json=body, headers=sent)
        self._took[kind].append(time.perf_counter() - began)
        self.answers[str(answer.status_code)] += 1
        self.seen.update(THEIRS.findall(answer.text))
        return answer


if __name__ == "__main__":
    main()
