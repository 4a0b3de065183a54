"""Products: those that are found, and what a file of them would bring."""

from __future__ import annotations

from pydantic import BaseModel, Field

from keel.api.models.values import Day
from keel.domain.market.instrument import InstrumentType


class Instrument(BaseModel):
    """A product and what is known of it; what is not is null or empty."""

    id: str
    symbol: str
    name: str
    type: InstrumentType
    asset_class: str
    region: str
    sector: str
    currency: str
    expense_ratio: float | None
    aum_usd: float | None
    adv_usd: float | None
    inception: Day | None
    tags: list[str]


class Instruments(BaseModel):
    """One page of products, and how many there are in all."""

    total: int
    instruments: list[Instrument]


class UniverseImport(BaseModel):
    """What a file said of products, as ``keel universe import --json`` prints it; ``new``: how many nobody knew."""

    id: str = Field(alias="import")
    file: str
    products: int
    new: int
    facts: int
    notes: list[str]


class Complaint(BaseModel):
    """A cell that cannot be read."""

    row: int | None
    column: str | None
    message: str
    fix: str


class UniversePreview(BaseModel):
    """What a file would become; ``same_as`` is the import that brought the same content before."""

    file: str
    products: int
    new: int
    facts: int
    columns: list[str]
    ignored: list[str]
    head: list[dict[str, str]]
    complaints: list[Complaint]
    notes: list[str]
    same_as: str | None


class FactCount(BaseModel):
    """Of how many products a fact is known."""

    fact: str
    known: int
    missing: int


class Universe(BaseModel):
    """How many products are known, by type, and of how many each fact; the imports that hold."""

    products: int
    types: dict[str, int]
    facts: list[FactCount]
    imports: list[UniverseImport]
