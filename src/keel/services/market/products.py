"""A universe of one's own: a file of products looked at, stored beside the sample's, and taken out again."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from keel.domain.market.instrument import Instrument
from keel.domain.text import plain, some
from keel.errors import ImportFormatError
from keel.services.shared import jobs
from keel.services.shared.files import keep, kept
from keel.services.shared.job import Job, Kind, Passed, Request, unwatched
from keel.services.shared.universe import columns
from keel.sources.catalogue.finance_database import NAME, fetch_etfs
from keel.sources.files.disk import content_sha256
from keel.sources.files.universe import Product, UniverseFile, implied_tags, read_universe_file
from keel.store import instruments
from keel.store.connection import Database
from keel.store.market import products
from keel.store.market.products import Arrival, Fact, UniverseImport
from keel.store.values import now

SOURCE = "your file"  # where a fact comes from that the file names no source of
COUNTED = ("asset_class", "region", "sector", "expense_ratio", "aum_usd", "adv_usd", "inception", "proxy")
BORN_WITH = ("type", "currency")  # what a new product has even where its row does not say it
AT_ONCE = 1_000_000  # bytes that are imported while one waits: about a second
SAID_EVERY = 500  # products


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file would become: how it was read, the products known before by symbol, and how many facts it states.

    ``same`` is the import that brought the same content before, None mostly.
    """

    name: str
    file: UniverseFile
    known: Mapping[str, Instrument]
    facts: int
    notes: tuple[str, ...]
    same: UniverseImport | None

    @property
    def new(self) -> tuple[str, ...]:
        """The symbols that nobody knew before."""
        return tuple(p.instrument.symbol for p in self.file.products if p.instrument.symbol not in self.known)


def preview(db: Database, path: Path, name: str) -> Preview:
    """What the file at ``path``, called ``name``, would become. Raises ImportFormatError."""
    file = read_universe_file(path, name)
    known = _known(db, file)
    facts = sum(1 for _ in _facts(file, known, SOURCE))
    same = products.find_same(db, content_sha256(path))
    return Preview(name, file, known, facts, tuple(_said(file, known, "will be")), same)


def commit(db: Database, path: Path, name: str, passed: Passed = unwatched) -> UniverseImport:
    """The import of a file, all or nothing. The same content a second time changes nothing, and says so.

    Ids and facts of the sample stay; what the file states stands before them. ``passed`` is told how many products are
    ready to be stored, and of how many. Raises ImportFormatError with row and column for the first cell that cannot be
    read.
    """
    sha = content_sha256(path)
    same = _same(db, sha)
    if same is not None:
        return same
    file = read_universe_file(path, name)
    if file.complaints:
        raise file.complaints[0]
    return _store(db, file, Origin(name, sha, SOURCE), passed)


def fetch(db: Database, passed: Passed = unwatched) -> UniverseImport:
    """The import of the ETFs that FinanceDatabase lists: what is missing is filled, only what it said before replaced.

    Raises InputError, SourceUnavailableError.
    """
    listed = fetch_etfs()
    sha = hashlib.sha256(repr(listed).encode()).hexdigest()
    same = _same(db, sha)
    if same is not None:
        return same
    file = UniverseFile(listed, (), (), (), (), "package")
    known = _known(db, file)
    filling = tuple(_filling(product, known.get(product.instrument.symbol)) for product in listed)
    return _store(db, replace(file, products=filling), Origin(NAME, sha, NAME), passed)


def ask_import(db: Database, name: str, content: bytes | Path) -> Job[UniverseImport]:
    """The import of a file of products, its name and content, as background work; stopped, nothing of it is stored."""
    return jobs.begin(db, PRODUCTS, keep([(name, content)]))


def ask_fetch(db: Database) -> Job[UniverseImport]:
    """The ETFs that FinanceDatabase lists as background work: under way, or begun."""
    return jobs.anew(db, PRODUCTS, {"source": NAME})


def last_work(db: Database) -> Job[UniverseImport] | None:
    """The background import or fetch of products that was asked for last."""
    return jobs.find_last(db, PRODUCTS)


def _run(db: Database, request: Request, job: Job[UniverseImport]) -> UniverseImport:
    """The import of a request's file, else of what is fetched."""
    if "source" in request:
        return fetch(db, job.passed)
    with kept(request) as ((name, path),):
        return commit(db, path, name, job.passed)


PRODUCTS: Kind[UniverseImport] = Kind(
    "universe", "products", _run, lambda made: document(made), alone=True, lasting=True, opening="Reading the products"
)

JOBS: Mapping[str, Kind[Any]] = {PRODUCTS.name: PRODUCTS}


def _filling(product: Product, known: Instrument | None) -> Product:
    """The product with only those of its facts that nobody else states."""
    if known is None:
        return product
    own = {fact for fact, source, _ in known.sources if source == NAME}
    return replace(product, stated=frozenset(f for f in product.stated if f in own or not getattr(known, f)))


def _same(db: Database, sha: str) -> UniverseImport | None:
    same = products.find_same(db, sha)
    if same is None:
        return None
    return replace(same, notes=(f"The same content was imported before, as {same.id}; nothing changed.",))


@dataclass(frozen=True, slots=True)
class Origin:
    """Where products come from: what that is called, the sha256 of its content, and who says its facts."""

    name: str
    sha: str
    source: str


def _store(db: Database, file: UniverseFile, origin: Origin, passed: Passed) -> UniverseImport:
    known = _known(db, file)
    arrivals = [Arrival(p.instrument.symbol, p.instrument.type, p.isin) for p in file.products]
    made = UniverseImport(
        name=plain(origin.name),
        format=file.format,
        content_sha256=origin.sha,
        products=len(arrivals),
        notes=tuple(_said(file, known, "was", COMES if origin.source == SOURCE else FILLS)),
    )
    stored = products.add(db, arrivals, _facts(file, known, origin.source, passed), made)
    columns(db)  # now, while one waits for an import, and not with the next question
    return stored


def undo(db: Database, id: str) -> UniverseImport:
    """The import, undone: what it replaced stands again. Raises ImportNotFoundError, InputError."""
    return products.undo(db, id)


def history(db: Database) -> tuple[UniverseImport, ...]:
    """The imports that hold, the newest first."""
    return products.active(db)


def status(db: Database) -> dict[str, Any]:
    """How many products are known, by type, and of how many each fact; the imports that hold. JSON values."""
    every = instruments.universe(db)
    known = {fact: sum(getattr(i, fact) not in (None, "", ()) for i in every) for fact in COUNTED}
    return {
        "products": len(every),
        "types": dict(sorted(Counter(i.type.value for i in every).items())),
        "facts": [{"fact": fact, "known": n, "missing": len(every) - n} for fact, n in known.items()],
        "imports": [document(made) for made in history(db)],
    }


def document(made: UniverseImport) -> dict[str, Any]:
    """An import as the command line prints it and REST answers it."""
    return {
        "import": made.id,
        "file": made.name,
        "products": made.products,
        "new": made.created,
        "facts": made.facts,
        "notes": list(made.notes),
    }


def preview_document(seen: Preview) -> dict[str, Any]:
    """A preview as REST answers it."""
    return {
        "file": seen.name,
        "products": len(seen.file.products),
        "new": len(seen.new),
        "facts": seen.facts,
        "columns": list(seen.file.columns),
        "ignored": list(seen.file.ignored),
        "head": [dict(row) for row in seen.file.head],
        "complaints": [_complaint(error) for error in seen.file.complaints],
        "notes": list(seen.notes),
        "same_as": seen.same.id if seen.same else None,
    }


def _complaint(error: ImportFormatError) -> dict[str, Any]:
    return {"row": error.row, "column": error.column, "message": error.message, "fix": error.hint}


def _known(db: Database, file: UniverseFile) -> dict[str, Instrument]:
    shown = (row.get("symbol", "") for row in file.head)  # also those of rows that cannot be read
    found = instruments.find_many(db, [*(product.instrument.symbol for product in file.products), *shown])
    return {i.symbol: i for i in reversed(found)}  # of several the lowest id


def _facts(
    file: UniverseFile, known: Mapping[str, Instrument], source: str, passed: Passed = unwatched
) -> Iterator[Fact]:
    today = now().date()
    for n, product in enumerate(file.products):
        if n % SAID_EVERY == 0:
            passed(n, len(file.products))
        yield from _facts_of(product, known.get(product.instrument.symbol), today, source)


def _facts_of(product: Product, known: Instrument | None, today: date, usual: str) -> Iterator[Fact]:
    """What a row states, and of a new product what it is at least; ``usual`` is the source where it names none."""
    stated = product.stated if known is not None else product.stated | set(BORN_WITH)
    told = {fact: getattr(product.instrument, fact) for fact in sorted(stated)}
    tags = _tags(product, known)
    if tags != (known.tags if known is not None else ()):
        told["tags"] = tags
    sources = {fact: (source, as_of) for fact, source, as_of in product.instrument.sources}
    for fact, value in told.items():
        source, as_of = sources.get(fact, ("", None))
        yield Fact(product.instrument.symbol, fact, _json(value), source or usual, as_of or today)


_ENCODER = json.JSONEncoder(ensure_ascii=False)


@lru_cache(4_096, typed=True)
def _json(value: object) -> str:
    """A fact as JSON; many products share their values."""
    if isinstance(value, float):
        return repr(value)  # what JSON has, without an encoder for each number
    return _ENCODER.encode(value.isoformat() if isinstance(value, date) else value)


def _tags(product: Product, known: Instrument | None) -> tuple[str, ...]:
    """The tags of a product once the row's facts hold: those that its old facts implied go with them."""
    if known is None:
        return product.instrument.tags
    after = replace(known, **{fact: getattr(product.instrument, fact) for fact in product.stated})
    kept = set(known.tags) - set(implied_tags(known, ""))
    if product.group:
        kept = {tag for tag in kept if not tag.startswith("sector:")}
    return tuple(sorted({*kept, *implied_tags(after, product.group), *product.tags}))


COMES = "what the file says of them comes first"
FILLS = "what was missing is filled"


def _said(file: UniverseFile, known: Mapping[str, Instrument], word: str, then: str = COMES) -> Iterator[str]:
    yield from file.notes
    new = [p.instrument.symbol for p in file.products if p.instrument.symbol not in known]
    if new:
        yield f"Not known before, {word} added: {some(new)}."
    old = [p.instrument.symbol for p in file.products if p.instrument.symbol in known]
    if old:
        yield f"Known before, {then}: {some(old)}."
    if file.ignored:
        yield f"Columns that mean nothing here and were not read: {some(list(file.ignored))}."
