"""The policies that bear a name."""

from __future__ import annotations

from collections.abc import Mapping

from keel.domain.policy.kinds import Absolute, FiveTwentyFive, Relative, Trigger
from keel.domain.policy.records import Cadence, EverySessions, Policy, Scope

PRESETS: Mapping[str, Policy] = {
    "never": Policy(Trigger.never),
    "annual": Policy(Trigger.calendar, Cadence.annual),
    "quarterly": Policy(Trigger.calendar, Cadence.quarterly),
    "monthly": Policy(Trigger.calendar, Cadence.monthly),
    "five_twenty_five": Policy(Trigger.band, band=FiveTwentyFive()),
    "abs_5pp": Policy(Trigger.band, band=Absolute(500)),
    "edge_5pp": Policy(Trigger.band, band=Absolute(500), destination=1.0, scope=Scope.breached_only),
    "opportunistic": Policy(
        Trigger.band, EverySessions(10), band=Relative(2000), destination=0.5, scope=Scope.breached_only
    ),
    "vanguard_200_175": Policy(Trigger.band, band=Absolute(200), destination=0.875, scope=Scope.breached_only),
}
