"""``keel plan --schedule``: of files by hand, and what does not go with it."""

# ruff: noqa: F811 (a fixture of another file)

from __future__ import annotations

from tests.commands.conftest import refused
from tests.commands.plan.test_command import Desk, desk, held, named  # noqa: F401

HALVES = named([0.5, 0.5])
OUT = held([70, 30])
BAND = ("--policy", '{"trigger": "band", "band": {"kind": "absolute", "width_bps": 1000}}')


def test_deposits_that_come_again_say_when_they_are_enough(desk: Desk) -> None:
    told = desk.plan(HALVES, OUT, "--schedule", "quarterly:5", *BAND)
    assert told.data["finding"] == "$5 a quarter: in band again in 4 quarters"
    assert (told.data["flat"]["deposits"], told.data["spread"]) == (4, None)
    assert told.data["schedule"] == {"amount": 5, "cadence": "quarterly", "rule": "relative_waterfill", "account": ""}
    slower = desk.plan(HALVES, OUT, "--schedule", "weekly:10", "--rule", "target_proportional", *BAND)
    assert slower.data["flat"]["deposits"] == 10
    files = ("--framework", "--holdings", "--prices")
    paths = [part for option, file in zip(files, "fhp", strict=True) for part in (option, _file(desk, file))]
    text = desk.keel("plan", *paths, "--schedule", "monthly:5", *BAND).out
    assert text.startswith("$5 a month: in band again in 4 months\nIf prices stayed")


def _file(desk: Desk, letter: str) -> str:
    return str(next(desk.folder.glob(f"{letter}.*")))


def test_what_does_not_go_with_a_schedule_is_refused(desk: Desk) -> None:
    for more in (("--deposit", 5), ("--whole-shares",), ("--tax", "{}")):
        refused(desk.plan(HALVES, OUT, "--schedule", "monthly:5", *more), f"{more[0]} does not go with --schedule")
    refused(desk.plan(HALVES, OUT, "--schedule", "daily:5"), "--schedule")
    refused(desk.plan(HALVES, OUT, "--schedule", "monthly:0"), "must be above 0")
    refused(desk.plan(HALVES, OUT, "--schedule", "monthly:5", "--account", "IRA"), "There is no account IRA")
