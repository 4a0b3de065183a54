"""An account: where part of a portfolio lies, and how it is taxed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

_DEFERRED = re.compile(
    r"\b(ira|401 ?\(?k\)?|403 ?\(?b\)?|457 ?\(?b?\)?|sep|rollover|pension|keogh|tsp|rrsp|rrif|lira|sipp|superannuation"
    r"|(säule|pillar|pilier) ?3a)(?!\w)",
    re.IGNORECASE,
)
_EXEMPT = re.compile(r"\b(roth|hsa|health savings|529|[lj]?isa|tfsa|pea)\b", re.IGNORECASE)


class AccountKind(StrEnum):
    """``taxable`` gains are taxed when made, ``deferred`` ones when taken out, ``exempt`` ones never."""

    taxable = "taxable"
    deferred = "deferred"
    exempt = "exempt"


@dataclass(frozen=True, slots=True)
class Account:
    """Part of a portfolio under a name of its own; what is paid for in it is paid in its ``currency``."""

    name: str
    kind: AccountKind = AccountKind.taxable
    currency: str = "USD"
    id: str = ""


def kind_of(name: str) -> AccountKind:
    """How an account is taxed as far as its name says, taxable where it says nothing.

    >>> [kind_of(name).value for name in ("ROTH IRA", "401(k)", "Stocks & Shares ISA", "Individual")]
    ['exempt', 'deferred', 'exempt', 'taxable']
    """
    if _EXEMPT.search(name):
        return AccountKind.exempt
    return AccountKind.deferred if _DEFERRED.search(name) else AccountKind.taxable


def account_of(name: str, currency: str = "USD") -> Account:
    """The account of a name of which nobody said how it is taxed."""
    return Account(name, kind_of(name), currency)
