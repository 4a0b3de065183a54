"""What goes into a compiled simulation keeps its kind, so that one machine code serves every policy."""

from __future__ import annotations

import numpy as np
from tests.backtest.kernel.test_simulate import window_of
from tests.oracles import book_of

from keel.backtest.kernel.records import Trigger
from keel.backtest.path import simulate
from keel.domain.policy.presets import PRESETS
from keel.domain.policy.records import Contributions, RunSettings


def test_every_policy_runs_the_same_machine_code() -> None:
    from keel.backtest.kernel.simulate import simulate as kernel

    window, book = window_of(np.full((40, 2), [1.0, 2.0])), book_of({"s0": 0.5, "s1": 0.5})
    for policy in PRESETS.values():
        for settings in (
            RunSettings(),
            RunSettings(contributions=Contributions(10.0), cost_bps=3, charge_initial=True),
        ):
            simulate(window, book, policy, settings, 1)
    assert len(kernel.signatures) == 1  # type: ignore[attr-defined]


def test_every_trigger_has_its_own_number() -> None:
    assert {trigger.name: int(trigger) for trigger in Trigger} == {"never": 0, "calendar": 1, "band": 2, "tracking": 3}
