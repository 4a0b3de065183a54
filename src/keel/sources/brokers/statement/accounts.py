"""Accounts by what files call them: a short name."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"[\s_-]*(?:\.{3}|…|X{2,})[.X…-]*(\w{2,5})$")


def account_name(name: str) -> str:
    """The name of an account, of its number the last digits.

    >>> account_name("Individual ...123"), account_name("Brokerage XXXX-1234"), account_name("Roth_IRA")
    ('Individual …123', 'Brokerage …1234', 'Roth IRA')
    """
    return _NUMBER.sub(r" …\1", " ".join(name.replace("_", " ").split())).strip()


def numbered(name: str, number: str) -> str:
    """An account's name with the last digits of its number.

    >>> numbered("Interactive Brokers", "U1234567"), numbered("Vanguard", "")
    ('Interactive Brokers …4567', 'Vanguard')
    """
    return f"{name} …{number.strip()[-4:]}".strip() if number.strip() else name
