"""``keel workflow``: a run begun, looked at, gone on with and given up."""

from __future__ import annotations

import json

from tests.commands.conftest import Keel, refused
from tests.domain.profile.answered import answered

BALANCED = json.dumps({"framework": {"template": "balanced"}})


def test_a_portfolio_is_created_in_two_commands(keel: Keel) -> None:
    begun = keel("workflow", "run", "portfolio_creation", "--skip", "profile", "--given", BALANCED, "--json").data
    assert (begun["status"], begun["next"], begun["needs"]) == ("open", "portfolio", [["name"], ["portfolio_id"]])
    said = keel("workflow", "show", begun["id"]).out
    assert "– Profile" in " ".join(said.split())
    assert "It needs name or portfolio_id." in said
    done = keel("workflow", "resume", begun["id"], "--given", '{"portfolio": {"name": "Mine"}}', "--json").data
    assert (done["status"], done["next"]) == ("done", None)
    again = keel("workflow", "repeat", begun["id"], "framework", "--given", BALANCED.replace("balanced", "growth"))
    assert "before: portfolio_id" in " ".join(again.out.split())
    named = '{"portfolio": {"name": "Mine too"}}'
    done = keel("workflow", "resume", begun["id"], "--given", named, "--json").data
    listed = keel("workflow", "list", "--json").data
    assert listed["runs"] == [done]
    assert [one["id"] for one in listed["workflows"]] == ["portfolio_creation", "yearly_review"]
    assert "portfolio_creation: Profile → Framework" in keel("workflow", "list").out


def test_the_questions_are_put_and_what_is_suggested_is_taken(keel: Keel) -> None:
    ann = json.dumps({"profile": {"name": "Ann", "answers": answered(2)}})
    begun = keel("workflow", "run", "portfolio_creation", "--given", ann)
    run = begun.out.partition(":")[0]
    suggested = "template, put by rules: Medium risk: Balanced or Core and satellite? Suggested: balanced."
    assert suggested in begun.out
    assert suggested in keel("workflow", "ask", run).out
    asked = keel("workflow", "ask", run, "--json").data
    assert (asked["fallback"], asked["questions"][0]["answer"]) == ("", "balanced")
    refused(keel("workflow", "ask", run, "--by", "model"), "No model is set up")
    done = keel("workflow", "resume", run, "--take", "--json").data
    assert (done["status"], done["steps"][1]["by"]) == ("done", {"template": "rules"})
    refused(keel("workflow", "ask", run), "No step of this run waits")


def test_what_cannot_be_done_is_said_with_the_way_on(keel: Keel) -> None:
    wrong = keel(
        "workflow", "run", "portfolio_creation", "--from", "framework", "--given", BALANCED.replace("bal", "x")
    )
    refused(wrong, "Framework", "keel workflow resume wr_")
    run = wrong.err.rpartition("resume ")[2].strip(" .\n")
    assert keel("workflow", "cancel", run, "--json").data["status"] == "cancelled"
    refused(keel("workflow", "run", "yoga"), "yoga", "portfolio_creation")
    refused(keel("workflow", "run", "portfolio_creation", "--given", "[]"), "--given")
    refused(keel("workflow", "resume", "wr_nothing"), "wr_nothing")
    refused(keel("workflow", "repeat", run, "framework"), "cancelled")
