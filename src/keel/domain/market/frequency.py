"""How often there is a session of prices: what one is called, and how many there are in a year."""

from __future__ import annotations

PERIODS = {
    "daily": 252.0,
    "half-weekly": 104.0,
    "weekly": 52.0,
    "two-weekly": 26.0,
    "monthly": 12.0,
    "two-monthly": 6.0,
    "quarterly": 4.0,
    "half-yearly": 2.0,
    "annual": 1.0,
}
SESSIONS = {"daily": "session", "weekly": "week", "monthly": "month", "quarterly": "quarter", "annual": "year"}


def session_noun(frequency: str) -> str:
    """What lies between one close and the next.

    >>> session_noun("monthly"), session_noun("half-weekly")
    ('month', 'session')
    """
    return SESSIONS.get(frequency, "session")


def periods_in_year(frequency: str) -> float:
    """The usual number of sessions a year; one that is not known counts as daily.

    >>> periods_in_year("monthly"), periods_in_year("")
    (12.0, 252.0)
    """
    return PERIODS.get(frequency, PERIODS["daily"])
