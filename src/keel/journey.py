"""The steps of Keel and what each needs: the menu, the locks and the words of a locked page come from here."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum


class Need(StrEnum):
    """What a step works on; its id rides in the URL under this name."""

    framework = "framework"
    portfolio = "portfolio"
    run = "run"


@dataclass(frozen=True, slots=True)
class Step:
    """One page: its file under ``pages/``, its caption in the menu, and what it needs before it can be opened."""

    id: str
    title: str
    section: str
    file: str
    icon: str
    needs: Need | None = None


START = "start"
SECTIONS = ("", "Design", "Test", "Run", "Reference")

STEPS = (
    Step(START, "Start", "", "0_start.py", "home"),
    Step("profile", "Profile", "Design", "1_profile.py", "person"),
    Step("template", "Template", "Design", "2_template.py", "dashboard"),
    Step("allocation", "Allocation", "Design", "3_allocation.py", "account_tree", Need.framework),
    Step("mapping", "Mapping", "Design", "4_mapping.py", "link", Need.framework),
    Step("backtest", "Backtest", "Test", "5_backtest.py", "show_chart", Need.portfolio),
    Step("policy_lab", "Policy lab", "Test", "6_policy_lab.py", "grid_on", Need.portfolio),
    Step("holdings", "Holdings", "Run", "7_holdings.py", "account_balance", Need.portfolio),
    Step("drift", "Drift", "Run", "8_drift.py", "straighten", Need.portfolio),
    Step("rebalance", "Rebalance", "Run", "9_rebalance.py", "swap_horiz", Need.portfolio),
    Step("data", "Data", "Reference", "data.py", "database"),
    Step("learn", "Learn", "Reference", "learn.py", "menu_book"),
)

_PROVIDER = {Need.framework: "template", Need.portfolio: "mapping", Need.run: "backtest"}
_REASON = {
    Need.framework: "Choose an allocation first",
    Need.portfolio: "Choose products first",
    Need.run: "Needs a backtest first",
}


def find(step_id: str) -> Step:
    """The step with that id.

    >>> find("drift").needs.value
    'portfolio'
    """
    return next(step for step in STEPS if step.id == step_id)


def section(caption: str) -> tuple[Step, ...]:
    """The steps under one caption of the menu, in order.

    >>> [step.id for step in section("Reference")]
    ['data', 'learn']
    """
    return tuple(step for step in STEPS if step.section == caption)


def lacks(step: Step, have: Collection[Need]) -> Need | None:
    """What the step still needs, or None when it can be opened.

    >>> lacks(find("backtest"), {Need.framework})
    <Need.portfolio: 'portfolio'>
    >>> lacks(find("learn"), set()) is None
    True
    """
    return step.needs if step.needs is not None and step.needs not in have else None


def reason(need: Need) -> str:
    """Why a step is locked, in words.

    >>> reason(Need.framework)
    'Choose an allocation first'
    """
    return _REASON[need]


def way_to(need: Need, have: Collection[Need] = ()) -> Step:
    """The step to open now to get what is needed; when that one is locked too, the one before it.

    >>> way_to(Need.run, {Need.framework}).id, way_to(Need.run).id
    ('mapping', 'template')
    """
    step = find(_PROVIDER[need])
    missing = lacks(step, have)
    return step if missing is None else way_to(missing, have)
