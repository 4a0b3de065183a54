"""What one session of prices is called, by how often there is one."""

from __future__ import annotations

SESSIONS = {"daily": "session", "weekly": "week", "monthly": "month", "quarterly": "quarter", "annual": "year"}


def session_noun(frequency: str) -> str:
    """What lies between one close and the next.

    >>> session_noun("monthly"), session_noun("half-weekly")
    ('month', 'session')
    """
    return SESSIONS.get(frequency, "session")
