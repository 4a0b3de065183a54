"""An account: where part of a portfolio lies, and how it is taxed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


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
