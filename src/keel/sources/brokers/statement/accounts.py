"""Accounts by what files call them: a short name, and how it is taxed as far as the name says."""

from __future__ import annotations

import re

from keel.domain.portfolio.account import AccountKind

_DEFERRED = re.compile(r"\b(ira|401 ?\(?k\)?|403 ?\(?b\)?|457|sep|simple|rollover|pension|keogh|tsp)\b", re.IGNORECASE)
_EXEMPT = re.compile(r"\b(roth|hsa|health savings|529|isa|tfsa)\b", re.IGNORECASE)
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


def account_kind(name: str) -> AccountKind:
    """How an account is taxed, as far as its name says.

    >>> account_kind("ROTH IRA").value, account_kind("Rollover IRA").value, account_kind("Individual").value
    ('exempt', 'deferred', 'taxable')
    """
    if _EXEMPT.search(name):
        return AccountKind.exempt
    return AccountKind.deferred if _DEFERRED.search(name) else AccountKind.taxable
