"""The templates are read once per folder."""

from __future__ import annotations

from keel import settings
from keel.services.shared.templates import templates


def test_the_templates_stand_in_their_order_and_are_read_once() -> None:
    first = templates(settings.load({}))
    assert [t.id for t in first][:3] == ["conservative", "balanced", "growth"]
    assert templates(settings.load({})) is first
