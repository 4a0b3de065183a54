"""One of everything that is somebody's, under a name that nothing else has, to be looked for where it must not be."""

from __future__ import annotations

from typing import Any

from tests.domain.profile.answered import answered

from keel.domain.policy.presets import PRESETS
from keel.domain.policy.records import RunSettings
from keel.domain.profile.record import assessed
from keel.domain.study.question import Question
from keel.store import runs
from keel.store.connection import Database
from keel.store.guided import profiles
from keel.store.work import jobs
from keel.store.work.jobs import JobRow, Status

MARK = "ANNABEL"  # in every name, and the symbol of a product
PRICES = f"date,{MARK}\n2025-01-02,10\n2025-01-03,11\n"
MADE_OF = f"symbol,holding,weight\nSPY,{MARK},100%\n"
PRODUCTS = f"symbol,name,region\n{MARK},{MARK} fund,US\n"
POLICY = {"name": f"{MARK} policy", "policy": {"trigger": "never"}}
BLEND = {"name": f"{MARK} blend", "parts": {"SPY": 1.0}}


class User:
    """One who asks REST with a token."""

    def __init__(self, client: Any, secret: str) -> None:
        self.client = client
        self._headers = {"Authorization": f"Bearer {secret}"}

    def ask(self, method: str, path: str, **sent: Any) -> Any:
        return self.client.request(method, path, **sent | {"headers": self._headers | sent.pop("headers", {})})

    def file(self, path: str, text: str) -> Any:
        return self.ask("POST", path, content=text, headers={"content-type": "text/csv"})


def belongings(ann: User, theirs: Database) -> dict[str, str]:
    """The ids of what Ann has by their names in an address, after its beginning where that tells."""
    named = {"template": "balanced", "name": f"{MARK} framework"}
    framework = ann.ask("POST", "/allocation-frameworks", params=named).json()["id"]
    body = {"framework_id": framework, "name": f"{MARK} portfolio"}
    portfolio = ann.ask("POST", "/portfolios", json=body, headers={"Idempotency-Key": MARK}).json()
    at = f"/portfolios/{portfolio['id']}"
    rows = [{"symbol": portfolio["picks"][0]["symbol"], "quantity": 10, "price": 100, "account": f"{MARK} account"}]
    assert ann.ask("PUT", f"{at}/positions", json={"positions": rows}).status_code == 200
    assert ann.ask("PUT", "/brand", json={"firm": f"{MARK} firm"}).status_code == 200
    question = Question(portfolio["id"], {"Never": PRESETS["never"]}, RunSettings(), portfolio_version=1)
    job = JobRow("sweep", {}, Status.done, message=f"{MARK} job")
    jobs.add(theirs, job)
    alert = f"al_{MARK}"
    with theirs.write() as cursor:
        cursor.execute(
            "insert into alerts (id, owner, portfolio_id, kind, subject, message, began_at)"
            " values ($id, $owner, $portfolio, 'breach', 'A/b', $message, '2025-01-02')",
            {"id": alert, "owner": theirs.owner, "portfolio": portfolio["id"], "message": f"{MARK} is out of band"},
        )
    return {
        "alert_id": alert,
        "framework_id": framework,
        "portfolio_id": portfolio["id"],
        "plan_id": ann.ask("POST", f"{at}/plan", json={"deposit": 500, "policy": "annual"}).json()["id"],
        "run_id": runs.save(theirs, runs.Run(question, framework, 1, "abc", {}, name=f"{MARK} run")).id,
        "job_id": job.id,
        "profile_id": profiles.save(theirs, assessed(f"{MARK} profile", answered(2))).id,
        "policy_id": ann.ask("POST", "/rebalancing-strategies", json=POLICY).json()["id"],
        "benchmark_id": ann.ask("POST", "/benchmarks", json=BLEND).json()["id"],
        "token_id": ann.ask("POST", "/tokens", json={"name": f"{MARK} token"}).json()["id"],
        "link_id": ann.ask("POST", f"{at}/shares", json={"name": f"{MARK} link"}).json()["id"],
        "/workflow-runs run_id": ann.ask("POST", "/workflows/portfolio_creation/runs", json={}).json()["id"],
        "/portfolios import_id": ann.ask("GET", f"{at}/imports").json()[0]["import"],
        "/prices import_id": ann.file(f"/prices/imports?dataset={MARK.lower()}", PRICES).json()["import"],
        "/exposures import_id": ann.file("/exposures/imports", MADE_OF).json()["import"],
        "/universe import_id": ann.file("/universe/imports", PRODUCTS).json()["import"],
    }
