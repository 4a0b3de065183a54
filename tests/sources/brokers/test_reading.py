"""What was read out of a file: records, and nothing to complain about unless it is said."""

from __future__ import annotations

from keel.sources.brokers.reading import Reading


def test_a_reading_has_no_complaints_unless_said() -> None:
    assert Reading("Keel holdings", ()).complaints == ()
