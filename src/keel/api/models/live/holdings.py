"""What a portfolio holds, the files it came from, and what one would bring."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from keel.api.models.finding import Finding
from keel.api.models.values import Day, Moment, Name, Text

Units = Annotated[float, Field(ge=0, le=1e15)]
Price = Annotated[float, Field(gt=0, le=1e15)]
Currency = Annotated[str, Field(pattern="^[A-Za-z]{3}$")]
Kind = Literal["taxable", "deferred", "exempt"]
Role = Literal["tradable", "frozen", "excluded"]


class Lot(BaseModel):
    """Units bought together; ``cost`` is a unit's, fees included, in ``currency``: without one the account's."""

    quantity: Annotated[float, Field(gt=0, le=1e15)]
    cost: Units
    acquired: Day | None = None
    currency: Currency | None = None


class HoldingBody(BaseModel):
    """What is held of a symbol in an account; a ``price`` given here wins over stored closes."""

    symbol: Name
    quantity: Units
    account: Text | None = None
    price: Price | None = None
    currency: Currency | None = None
    lots: list[Lot] | None = None
    role: Role | None = None
    no_buy: bool | None = None
    no_sell: bool | None = None
    bucket: Text | None = None


class AccountBody(BaseModel):
    """An account; taxed as its name says (`Roth IRA`) and in the framework's currency unless it says otherwise."""

    name: Name
    kind: Kind | None = None
    currency: Currency | None = None


class HoldingsBody(BaseModel):
    """All that a portfolio holds."""

    positions: Annotated[list[HoldingBody], Field(max_length=10_000)]
    accounts: Annotated[list[AccountBody], Field(max_length=1_000)] | None = None


class Holding(BaseModel):
    """A position at its price in the framework's currency; null where there is none."""

    symbol: str
    quantity: float
    currency: str
    lots: list[Lot]
    price: float | None
    priced_on: Day | None
    value: float | None
    role: Role
    no_buy: bool
    no_sell: bool
    bucket: str


class Account(BaseModel):
    """An account and what it holds."""

    name: str
    kind: Kind
    currency: str
    positions: list[Holding]


class Holdings(BaseModel):
    """What a portfolio holds, as ``keel holdings show --json`` prints it; ``value`` is without what lies outside."""

    as_of: Day
    currency: str
    accounts: list[Account]
    value: float
    excluded: float
    unpriced: list[str]
    notes: list[str]
    findings: list[Finding]


class SetHoldings(Holdings):
    """What is held after a change, and the change's id; null where nothing changed."""

    id: str | None = Field(alias="import")


class Product(BaseModel):
    """What a file calls a product."""

    symbol: str
    isin: str
    name: str


class TakenImport(BaseModel):
    """What a file came to, as ``keel holdings import --json`` prints it; ``positions`` and ``changed`` are counts.

    ``planned`` are the symbols of trades that an executed plan counts already.
    """

    id: str = Field(alias="import")
    format: str
    matched: int
    unknown: list[Product]
    positions: int
    changed: int
    planned: list[str]
    complaints: list[Finding]


class HeldChange(BaseModel):
    """A line that a file changes: quantities before and after."""

    account: str
    symbol: str
    before: float
    after: float


class ImportPreview(BaseModel):
    """What a file would come to; ``same`` is the import that brought its content before."""

    format: str
    records: int
    matched: int
    unknown: list[Product]
    positions: int
    changes: list[HeldChange]
    planned: list[str]
    complaints: list[Finding]
    same: str | None


class HoldingsImport(BaseModel):
    """A file that was taken in, or a table that was typed; it has no name then."""

    id: str = Field(alias="import")
    portfolio: str
    format: str
    file: str
    records: int
    created_at: Moment
    undone: bool


class BegunPick(BaseModel):
    """A product that a file brought, in the bucket of its class and region."""

    path: str
    symbol: str
    share: float


class BegunPortfolio(BaseModel):
    """A portfolio that began with a file, as ``keel holdings import --json`` prints it without a portfolio."""

    id: str = Field(alias="import")
    format: str
    portfolio: str
    framework_id: str
    picks: list[BegunPick]
