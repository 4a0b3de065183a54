"""The policies that bear a name."""

from __future__ import annotations

import pytest

from keel.domain.policy.presets import PRESETS
from keel.domain.policy.records import (
    require_policy,
)


@pytest.mark.parametrize("name", PRESETS)
def test_presets_are_valid(name: str) -> None:
    require_policy(PRESETS[name])
